"""How the processes run: where the API listens, whom it believes, and where the others say that they are well."""

from ipaddress import ip_address
from typing import Annotated

from pydantic import AfterValidator, Field

from app.settings.base import Group


def _address(value: str) -> str:
    try:
        ip_address(value)
    except ValueError:
        message = "must be an IP address: 127.0.0.1 for this machine only, 0.0.0.0 for every network"
        raise ValueError(message) from None
    return value


class ProcessSettings(Group):
    """The processes of the API, the worker and beat."""

    api_host: Annotated[str, AfterValidator(_address)] = Field(
        "127.0.0.1", description="The address the API listens on; 0.0.0.0 in a container."
    )
    api_workers: int = Field(1, ge=1, le=64, description="Processes of one API server.")
    behind_proxy: bool = Field(
        default=False,
        description="1 where a proxy of yours stands before the API and overwrites X-Forwarded-For: then that is "
        "the client's address. Anywhere else it is what a client claims.",
    )
    behind_web: bool = Field(
        default=False,
        description="1 where the web server forwards to the API, as without nginx: every client has its address then, "
        "so limits per address are off. Those per account hold.",
    )
    health_file: str = Field(
        "",
        description="Where a worker, or beat, notes that it can work; `python -m app.probe` reads it. Each process "
        "needs one of its own; empty: none.",
    )
