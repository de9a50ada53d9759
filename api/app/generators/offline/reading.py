"""Reads a request as a person would skim it: what is it, what does it name, what kind of thing is that."""

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from typing import NamedTuple, TypeVar

from app.generators.offline.families import FAMILIES, GENERIC, Family

T = TypeVar("T")

_ASKS = re.compile(
    r"^(?:(?:hello|hi|hey|please|kindly|can you|could you|i want|i need|i'd like|i would like|we want|we need|help me|"
    r"let's|let us|you are|my idea is|to|me|us|build|create|make|design|write|develop|plan|outline|draft|propose|"
    r"a plan for|a project plan for|an idea for|an app idea)\b[\s,:]*)+(?=\S)",
    re.IGNORECASE,
)
_CLAUSE = re.compile(
    r"[.!?;:,()\n\u3001\u3002\uff01\uff0c\uff1f]+(?:\s|$|(?<=[\u3001\u3002\uff01\uff0c\uff1f]))"
    r"|\s(?:and|with|including|plus|so that|but|while|as well as)\s|\s[-\u2013\u2014]\s"
)
_LENGTH = re.compile(r"\b(\d{2,5})\s*(words?|tokens?)\b", re.IGNORECASE)
_HEAD = re.compile(r"\s(?:where|that|which|who|with|for|of|to|in|from|about|on|using)\s", re.IGNORECASE)
_FILLER = re.compile(
    r"^(?:(?:and|or|with|also|then|the|a|an|it|they|we|users?|people|there|should|must|can|will|needs?|has|have|"
    r"be able|to|is|are|support|include|allow|some|optional(?:ly)?|maybe)\b\s*)+(?=\S)",
    re.IGNORECASE,
)


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_FUNCTION_WORDS = _words(
    "the and for with that where which from into their your our this have has should can must will are is of in on to "
    "by an it its as at or be so not who what when how all any each about between without using them they we i me my "
    "you a"
)
_FOREIGN_WORDS = _words(
    "de la el un una der die das und für le les des pour et con para il di ein eine mit que los las du nicht ich wir"
)
_ACTS = _words("help track find manage sell compare monitor learn teach share organise organize automate")
_DETERMINERS = _words("a an the my our your their people all any every how what which where users")
_NOT_PLURAL = _words("helps lets shows makes finds tracks allows needs wants sells buys uses")
_LONGEST_PHRASE = 72
_LONGEST_QUOTE = 180
_LONGEST_TERM = 24
_MOST_PARTS = 8
_MOST_TERMS = 12
_READ_FOR_KIND = 2_000
_FEW_WORDS = 4
_FIRST_ASTRAL = 0x10000


class Request(NamedTuple):
    """What the planner knows of a prompt. Its texts are single lines without control characters, not yet escaped."""

    subject: str
    core: str
    audience: str
    parts: tuple[str, ...]
    terms: tuple[str, ...]
    quote: str
    astral: str
    is_english: bool
    family: Family
    second: Family
    asked: int | None


def read(prompt: str) -> Request:
    """Finds subject, parts and kind of a request, whatever was typed."""
    text = _tidy(prompt)
    flat = " ".join(text.split())
    clauses = [clause for part in _CLAUSE.split(_ASKS.sub("", text)) if (clause := " ".join(part.split()))]
    subject = shorten(clauses[0], _LONGEST_PHRASE) if clauses else ""
    first, second = _kinds(flat[:_READ_FOR_KIND])
    terms = _terms(flat)
    return Request(
        subject=subject,
        core=re.sub(r"^(?:an?|the)\s+", "", _HEAD.split(subject)[0], flags=re.IGNORECASE),
        audience=_audience(subject),
        parts=_parts(subject, clauses[1:]),
        terms=terms,
        quote=shorten(flat, _LONGEST_QUOTE),
        astral="".join(dict.fromkeys(char for char in flat if ord(char) >= _FIRST_ASTRAL))[:3],
        is_english=_is_english(flat),
        family=first,
        second=second,
        asked=_asked(flat),
    )


def article(phrase: str) -> str:
    """The phrase as it stands after `is`: with an article, or as it is where it has one or needs none."""
    words = phrase.split()
    if not words or words[0].lower() in _DETERMINERS or is_plural(phrase):
        return lowered(phrase)
    return f"{'an' if words[0][0].lower() in 'aeio' else 'a'} {lowered(phrase)}"


def is_plural(phrase: str) -> bool:
    """Whether the phrase's head is many things."""
    head = _HEAD.split(phrase)[0].split()
    return bool(head) and re.search(r"[^sui]s$", head[-1]) is not None and head[-1] not in _NOT_PLURAL


def is_act(phrase: str) -> bool:
    """Whether the phrase starts with what somebody does."""
    words = phrase.lower().split()
    return bool(words) and (words[0] in _ACTS) and (len(words) == 1 or words[0] == "help" or words[1] in _DETERMINERS)


def lowered(phrase: str) -> str:
    """The phrase within a sentence: an acronym or a name in capitals stays."""
    return phrase[:1].lower() + phrase[1:] if phrase[1:2].islower() or phrase[1:2] == " " else phrase


def raised(phrase: str) -> str:
    """The phrase at the start of a line."""
    return phrase[:1].upper() + phrase[1:]


def shorten(text: str, longest: int) -> str:
    """At most that many characters, cut between words where there are some."""
    if len(text) <= longest:
        return text
    cut = text[:longest].rsplit(" ", 1)
    return (cut[0] if len(cut) > 1 and len(cut[0]) > longest // 2 else text[:longest]).rstrip(" ,;:-") + "…"


class Dice:
    """Choices that look free and are the same for the same seed, in every version of Python."""

    def __init__(self, seed: str) -> None:
        self._state = hashlib.sha256(seed.encode("utf-8", "surrogatepass")).digest()

    def pick(self, options: Sequence[T]) -> T:
        """One of the options."""
        self._state = hashlib.sha256(self._state).digest()
        return options[int.from_bytes(self._state[:8], "big") % len(options)]

    def turned(self, options: Sequence[T]) -> list[T]:
        """All options in their order, from a chosen one on."""
        start = self.pick(range(len(options)))
        return [*options[start:], *options[:start]]


def _tidy(prompt: str) -> str:
    """One kind of line end, no control or format characters but the joiners of scripts and emoji."""
    kept = (
        char
        for char in prompt.replace("\r", "\n")
        if char in "\n\u200c\u200d" or unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Co", "Cn")
    )
    return "".join("\n" if char in "\u2028\u2029" else char for char in kept)


def _is_english(text: str) -> bool:
    words = re.findall(r"[^\W\d_]+", text.lower())
    if not words or not all(word.isascii() for word in words[:_FEW_WORDS]):
        return False
    own = sum(word in _FUNCTION_WORDS for word in words)
    foreign = sum(word in _FOREIGN_WORDS for word in words)
    return own > foreign or (not foreign and len(words) <= _FEW_WORDS)


def _kinds(text: str) -> tuple[Family, Family]:
    """The kind with the most words in the text, and the next if more than one word speaks for it."""
    hits = sorted(((family.hits(text), -place) for place, family in enumerate(FAMILIES)), reverse=True)
    first, second = (
        FAMILIES[-place] if count >= least else GENERIC for (count, place), least in zip(hits[:2], (1, 2), strict=True)
    )
    return first, second


def _audience(subject: str) -> str:
    """For whom it is, where the subject ends with that."""
    found = re.search(r"\sfor\s((?!\w+ing\b|my\b|our\b)[^“”\"]{3,40})$", subject)
    return found[1] if found else ""


def _parts(subject: str, clauses: Sequence[str]) -> tuple[str, ...]:
    """What the request names beside its subject, in its order."""
    tail = [] if _audience(subject) else _HEAD.split(subject, maxsplit=1)[1:]
    seen: dict[str, str] = {}
    for clause in [*tail, *clauses]:
        phrase = re.sub(r"^(help|let|allow|show|track|make|find)s\b", r"\1", _FILLER.sub("", clause))
        phrase = shorten(phrase, _LONGEST_PHRASE)
        if _LENGTH.search(phrase):
            continue
        if re.search(r"\w{3}", phrase) or (phrase and not phrase.isascii()):
            seen.setdefault(phrase.casefold(), phrase)
    return tuple(seen.values())[:_MOST_PARTS]


def _terms(text: str) -> tuple[str, ...]:
    """The words that carry the meaning, each once, in their order."""
    words = re.findall(r"[^\W_][\w'\u2019+#-]*", text)
    terms = {
        word.casefold(): shorten(word.lower() if word[1:].islower() else word, _LONGEST_TERM)
        for word in words
        if len(word) > (3 if word.isascii() else 1) and word.casefold() not in _FUNCTION_WORDS
    }
    return tuple(terms.values())[:_MOST_TERMS]


def _asked(text: str) -> int | None:
    """The length that the request names itself, in tokens."""
    asked = _LENGTH.search(text)
    if not asked:
        return None
    return int(asked[1]) * 4 // 3 if asked[2].lower().startswith("word") else int(asked[1])
