"""Secrets as files: `NAME_FILE` is the path of a file with the value of `NAME`."""

import os
from pathlib import Path


def read(variable: str) -> str | None:
    """The content of the file that `<variable>_FILE` names, or None. Raises ValueError with what is wrong with it."""
    path = os.environ.get(f"{variable}_FILE")
    if not path:
        return None
    if os.environ.get(variable):
        raise ValueError(f"must not be set together with {variable}")
    try:
        value = Path(path).read_text("utf-8").rstrip("\r\n")
    except OSError as error:
        raise ValueError(f"must be a file that can be read: {path}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise ValueError(f"must be a file of text: {path}") from None
    if not value:
        raise ValueError(f"must be a file with the value of {variable}: {path} is empty")
    return value
