"""Refuses passwords that are long but obvious: runs, repetitions, and a few common words strung together.

Lists of leaked passwords have little to say about 15 characters: of the 47,023 most frequent ones of a well-known count
(ten million leaked ones, in zxcvbn) 40 are that long. What people do to reach a length is known, though, so these are
rules: they cover what a list would have, and what it would have a year later.
"""

import re
from collections.abc import Collection

from app.project import NAME

# The words that such lists are full of, gathered by hand. What people put in front of or behind them to reach a length
# (digits, signs, once more the same) makes them no better.
_WORDS = """
    abc access account adidas admin administrator airborne alexander amanda america andrea andrew angel angela
    animal anthony apple arsenal arthur ashley asshole august austin badboy bailey banana barcelona barney
    baseball basketball batman beatles beaver benjamin bigdaddy bitcoin biteme blue booboo boomer boston brandon
    brandy brooklyn bubba buddy bulldog buster butterfly butthead camaro change charles charlie cheese chelsea
    chester chicago chicken chocolate chris christian coffee compaq computer cookie cooper corvette cowboy
    cowboys create created creative crystal dakota dallas daniel david december default demo destiny diablo
    diamond digital dolphin dragon eagles edward elephant eminem enter everything explorer falcon family
    february ferrari fishing florida flower football forever freddy freedom friday friends fuck fucker fucking
    fuckyou gandalf garfield gateway gemini george ginger golden golfer google guest guitar hammer hannah happy
    hardcore harley heather heaven hello helpme hockey home hunter iceman iloveyou india internet jackson jaguar
    january jasmine jasper jennifer jeremy jessica john johnny johnson jonathan jordan joseph joshua july june
    junior justin killer king kitten knight lakers lauren legend letmein lifehack liverpool login london love
    lovely loveme lover lucky madison maggie mail manager manchester march maria marina marine marlboro martin
    master matrix matthew maverick melissa mercedes merlin michael michelle mickey midnight miller monday money
    monica monkey monster morgan mother mountain muffin murphy mustang nascar natasha nathan newyork nicholas
    nicole nikita nintendo nirvana nothing november october office oliver online orange panther panties parker
    pass passphrase passport passwd password passwort patrick peanut pepper phantom phoenix player please
    pokemon police porsche princess private pumpkin purple qwerty rabbit rachel rainbow ranger rangers real
    rebecca redsox richard robert rocket root runner samantha samson samsung sandra saturday saturn scooby
    scooter scorpion secret secure security september server shadow shannon silver slayer slipknot smokey snoopy
    soccer sophie sparky spider spring standard stanley starwars steelers stella steven student stupid success
    summer sunday sunshine super superman support sydney system taylor temp tennis test thomas thunder tiffany
    tiger tigger toyota travis trustno trustnoone turtle united user vampire victor victoria viking voyager
    warrior welcome whatever william williams willow wilson winner winston winter wizard work world yamaha
    yankees yellow
    a all and are at big boy for girl good hi i im in is it me mr ms much my new no of one our so the this to two us
    very we you your
"""
_SMALL = 4  # words shorter than this count for nothing
_FEW_WORDS = 3
_RUNS = (
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890",
    "qwertyuiopasdfghjklzxcvbnm",
    "qwertzuiopasdfghjklyxcvbnm",
    "azertyuiopqsdfghjklmwxcvbn",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p",
    "qazwsxedcrfvtgbyhnujmikolp",
    "1q2w3e4r5t6y7u8i9o0p",
    "q1w2e3r4t5y6u7i8o9p0",
    "1qa2ws3ed4rf5tg6yh7uj8ik9ol0p",
    "11223344556677889900",
    "111222333444555666777888999000",
    "122333444455555666666",
)
# the most frequent of that count that no rule makes, of those that look like somebody's for ever
_LEAKED = frozenset(
    {"hd764nw5d7e1vb1", "hd764nw5d7e1vbv", "23176djivanfros", "zqjphsyf6ctifgu", "lhbjkjubz2957704", "bpgjldsgjldthnf"}
    | {"nemvxyheqdd5oqxyxyzi", "nick1234-rem936", "aksjdlasdakj89879", "lytdybrbdfvgbhf", "bhrh0h2oof6xbqjeh"}
    | {"polniypizdec0211", "polniypizdec110211", "polniypizdec1102", "ne_e_pod_chehyl", "passwordassword"}
    | {"420842084208555"}
)
_FEWEST_CHARACTERS = 5
_LONGEST_UNIT = 9
_LONGEST_REST = 9
_PADDING = re.compile(r"(?:19|20)\d\d|^[\W\d_]{1,6}|[\W\d_]{1,6}$")
_LETTERS_LEFT = 2
_LEET = str.maketrans("013457@$!", "oleastasi")


def is_common(password: str, *context: str) -> bool:
    """Whether somebody who knows the usual habits, and the words in `context`, would try this password early."""
    text = password.lower()
    if len(set(text)) < _FEWEST_CHARACTERS or _repeats(text) or text in _LEAKED:
        return True
    told = " ".join([*context, NAME]).lower()
    own = _pattern(re.findall(r"[^\W_]{3,}", told) + re.findall(r"[^\W\d_]{3,}", told))
    bare = [_without_runs(own.sub("", spelling)) for spelling in (text, text.translate(_LEET))]
    return _is_padded(bare[0]) or any(_is_strung(spelling) for spelling in bare)


def _repeats(text: str) -> bool:
    """Whether a unit, over and over, is all of it: `abcabcabc`."""
    longest = min(_LONGEST_UNIT, len(text) // 2)
    return any(text == (text[:size] * len(text))[: len(text)] for size in range(1, longest + 1))


def _without_runs(text: str) -> str:
    """The text without pieces of four or more characters that stand side by side in the alphabet or on a keyboard."""
    in_run = {at + i for at in range(len(text)) if text[at : at + _STEPS] in _PIECES for i in range(_STEPS)}
    return "".join(character for at, character in enumerate(text) if at not in in_run)


def _is_padded(text: str) -> bool:
    """Whether a short word, once or over and over, is all that years, digits and signs were put around."""
    rest = _PADDING.sub("", text)
    return not rest or (len(rest) <= _LONGEST_REST and bool(re.search("[^\\W\\d_]", rest))) or _repeats(rest)


def _is_strung(text: str) -> bool:
    """Whether hardly a letter is left once the words are taken out, and these are few: five are a passphrase."""
    told = {word for word in _COMMON.findall(text) if len(word) >= _SMALL}
    rest = re.sub(r"\s", "", _COMMON.sub("", text))
    letters = re.sub(r"[\W\d_]", "", rest)
    is_bare = len(letters) <= _LETTERS_LEFT and len(rest) <= _LONGEST_REST
    return is_bare and len(told) <= _FEW_WORDS


def _pattern(words: Collection[str]) -> re.Pattern[str]:
    """Any of the words, the longer of two first."""
    return re.compile("|".join(sorted(set(words), key=lambda word: (-len(word), word))))


_STEPS = 4
_PIECES = frozenset(
    line[at : at + _STEPS] for run in _RUNS for line in (run, run[::-1]) for at in range(len(line) - _STEPS + 1)
)
_COMMON = _pattern(_WORDS.split())
