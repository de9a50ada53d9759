"""An attempt to sign in at a provider: what has to be known again when the browser comes back from there."""

from uuid import UUID

from pydantic import BaseModel


class Attempt(BaseModel):
    """What the provider has to give back (state, nonce), what it must never see (verifier), and where to go on."""

    provider: str
    state: str
    nonce: str
    verifier: str
    next: str
    began: int
    fresh: bool = False
    """Whether the provider was told to ask the person anew."""
    user_id: UUID | None = None
    """Whom an identity is to be linked to, by the session that asked for it; None: somebody signs in."""
    session_id: UUID | None = None
