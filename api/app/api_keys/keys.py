"""What a key looks like: `slp_`, 40 characters that nobody can guess, and 6 that check the others.

The first part and the check let a scanner find a leaked key in a file, and us refuse garbage without a query.
"""

import re
import secrets
import string
import zlib

from app.project import API_KEY_PREFIX

_DIGITS = string.digits + string.ascii_letters  # without signs: a double click selects the whole key
_SECRET = 40  # characters of 5.95 bits each
_CHECK = 6
_SHOWN = 8
_KEY = re.compile(rf"{API_KEY_PREFIX}[0-9A-Za-z]{{{_SECRET + _CHECK}}}")


def new_key() -> str:
    """A key that nobody has."""
    text = API_KEY_PREFIX + "".join(secrets.choice(_DIGITS) for _ in range(_SECRET))
    return text + _check(text)


def is_key(text: str) -> bool:
    """Whether it could be one of ours."""
    return _KEY.fullmatch(text) is not None and text[-_CHECK:] == _check(text[:-_CHECK])


def shown(key: str) -> str:
    """What people tell their keys apart by: too little to use or to guess the rest by."""
    return key[: len(API_KEY_PREFIX) + _SHOWN]


def _check(text: str) -> str:
    number, digits = zlib.crc32(text.encode()), ""
    for _ in range(_CHECK):
        number, digit = divmod(number, len(_DIGITS))
        digits = _DIGITS[digit] + digits
    return digits
