"""What every process of ours does first."""

import signal
import sys
from types import FrameType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.settings import Settings


def end_on_sigterm(code: int = 0) -> None:
    """Has SIGTERM end this process with this code, until something better handles it.

    The first process of a container has no default: a SIGTERM while it still imports would be lost.
    """

    def end(_number: int, _frame: FrameType | None) -> None:
        sys.exit(code)

    signal.signal(signal.SIGTERM, end)


def settings_or_exit() -> "Settings":
    """The settings, or the end of the process with all their problems, and no traceback around them."""
    from app.settings import SettingsError, get_settings  # noqa: PLC0415 - SIGTERM is heard before this half second

    try:
        return get_settings()
    except SettingsError as error:
        sys.exit(str(error))
