"""A person's own data on the wire."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import Field

from app.accounts.schemas import Name
from app.core.schemas import Body, Resource


class Profile(Body):
    """What is to be changed."""

    name: Name


class Erasure(Body):
    """That it is really you: the password, or nothing where you signed in at your provider a moment ago."""

    password: Annotated[str | None, Field(min_length=1, max_length=128, examples=["six calm otters at noon"])] = None


class Export(Resource):
    """Everything that is held of you."""

    exported_at: datetime
    data: dict[str, list[dict[str, Any]]] = Field(
        description="By kind, such as tasks or sessions: each entry as it is stored, but for secrets"
    )
