"""What can go wrong with a design. On a stream the same codes are those of its `error` event."""

from app.core.errors import Problem


class TooManyDesigns(Problem):
    """As many designs as you may have at a time are being written."""

    status, code = 429, "too_many_designs"

    def __init__(self) -> None:
        super().__init__(headers={"Retry-After": "5"})


class GeneratorFailed(Problem):
    """The generator could not write this to its end."""

    status, code = 502, "generator_failed"


class TimedOut(Problem):
    """The generator took too long."""

    status, code = 504, "timeout"


class ClientGone(Problem):
    """Whoever asked has gone, or doesn't read: nobody gets this."""

    status, code = 499, "client_gone"
