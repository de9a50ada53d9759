"""What is learned of somebody at a provider."""

from typing import Any, NamedTuple

from pydantic import TypeAdapter, ValidationError

from app.accounts.schemas import Email
from app.identities.errors import Refused

_EMAIL: TypeAdapter[str] = TypeAdapter(Email)
_LONGEST_SUBJECT = 255
_LONGEST_NAME = 100


class Profile(NamedTuple):
    """Somebody at a provider. `subject` is its unchanging name for them."""

    issuer: str
    subject: str
    email: str | None
    is_verified: bool
    """Whether the provider vouches that the address is theirs."""
    name: str


def profile(issuer: str, *, subject: object, email: object, verified: object, names: list[object]) -> Profile:
    """The profile, cleaned. Raises Refused when the provider doesn't say who it is."""
    given = str(subject) if isinstance(subject, str | int) and not isinstance(subject, bool) else ""
    if not 1 <= len(given) <= _LONGEST_SUBJECT or not given.isprintable():
        raise Refused("provider_refused", "it does not say who signed in")
    address = _address(email)
    # some providers write a boolean as a word
    is_verified = address is not None and (verified is True or verified == "true")
    name = next((clean for one in names if (clean := _name(one))), "") or (address or "").partition("@")[0]
    return Profile(issuer, given, address, is_verified, name or "Somebody")


def mapping(value: Any) -> dict[str, Any]:
    """An answer that is to be an object. Raises Refused."""
    if not isinstance(value, dict):
        raise Refused("provider_unavailable", "its answer is no object")
    return value


def _address(value: object) -> str | None:
    try:
        return _EMAIL.validate_python(value) if isinstance(value, str) and value.isprintable() else None
    except ValidationError:
        return None


def _name(value: object) -> str:
    if not isinstance(value, str):
        return ""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in value).split())[:_LONGEST_NAME].strip()
