"""What an administrator can't do."""

from app.core.errors import Problem


class OwnAccount(Problem):
    """You can't disable yourself or give up your own role: somebody has to be left who can undo it."""

    status, code = 409, "own_account"
