"""Refuses passwords that are long but obvious: runs, repetitions, and common words strung together."""

import re

# The words that lists of leaked passwords are full of, gathered by hand. What people put in front of or behind them
# to reach a length (digits, signs, once more the same) makes them no better. Longer ones come first.
_WORDS = """
    administrator|passphrase|chocolate|password|passwort|baseball|computer|football|iloveyou|michael|princess|starwars
    |sunshine|superman|trustnoone|whatever|amazing|bitcoin|default|dragon|freedom|letmein|monkey|mustang|nothing|qwerty
    |shadow|soccer|summer|welcome|winter|access|batman|cheese|google|hunter|internet|killer|lovely|master|secret|angel
    |admin|hello|login|ninja|super|trustno|love|pass|root|temp|test|user|the|this|abc|you|my|me
"""
_RUNS = ("abcdefghijklmnopqrstuvwxyz", "01234567890", "qwertyuiopasdfghjklzxcvbnm", "qwertzuiopasdfghjklyxcvbnm")
_FEWEST_CHARACTERS = 5
_LONGEST_UNIT = 6
_LEET = str.maketrans("013457@$!", "oleastasi")


def is_common(password: str, *context: str) -> bool:
    """Whether somebody who knows the usual habits, and the words in `context`, would try this password early."""
    text = password.lower()
    if len(set(text)) < _FEWEST_CHARACTERS or _repeats(text):
        return True
    own = re.findall("[a-z]{3,}", " ".join(context).lower())
    words = re.compile("|".join([*own, _WORDS]), re.VERBOSE)
    return any(_is_strung(_without_runs(spelling), words) for spelling in (text, text.translate(_LEET)))


def _repeats(text: str) -> bool:
    """Whether a short unit, over and over, is all of it: `abcabcabc`."""
    return any(text == (text[:size] * len(text))[: len(text)] for size in range(1, _LONGEST_UNIT + 1))


def _without_runs(text: str) -> str:
    """The text without pieces of four or more characters that stand side by side in the alphabet or on a keyboard."""
    for run in _RUNS:
        for line in (run, run[::-1]):
            for size in range(len(line), 3, -1):
                for start in range(len(line) - size + 1):
                    text = text.replace(line[start : start + size], "")
    return text


def _is_strung(text: str, words: re.Pattern[str]) -> bool:
    """Whether hardly a letter is left once the words are taken out."""
    return len(re.sub(r"[^a-z]", "", words.sub("", text))) <= 2 and text.isascii()  # noqa: PLR2004
