"""What can be wrong with a one-time link."""

from app.core.errors import Problem


class LinkInvalid(Problem):
    """The link is not good: it was used, or replaced by a newer one, or never was one."""

    status, code = 410, "link_invalid"


class LinkExpired(Problem):
    """The link has expired; ask for another one."""

    status, code = 410, "link_expired"
