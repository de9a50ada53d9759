"""What can go wrong with an API key."""

from app.core.errors import Problem


class TooManyKeys(Problem):
    """You have as many API keys as you may; revoke one."""

    status, code = 409, "too_many_keys"
