"""What can go wrong with killing a part."""

from app.core.errors import Problem


class PartIsDown(Problem):
    """The part isn't running, or isn't ours to kill."""

    status, code = 409, "part_is_down"
