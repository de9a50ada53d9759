"""Where to go on after a sign-in: a path of this site, whoever asked for it."""

from urllib.parse import urlencode, urlsplit

HOME = "/tasks"
SIGN_IN = "/sign-in"
LINKED = "/settings/linked-accounts"
_LONGEST = 1_000


def safe_next(wanted: str | None, otherwise: str) -> str:
    """`wanted`, if a browser takes it for a page of this site; calls of the API are no pages."""
    # a browser takes a backslash for a slash, and drops what isn't printable before it reads
    if (
        not wanted
        or len(wanted) > _LONGEST
        or not wanted.startswith("/")
        or wanted.startswith(("//", "/api/", "/ws/"))
        or "\\" in wanted
        or not (wanted.isascii() and wanted.isprintable())
        or " " in wanted
    ):
        return otherwise
    return wanted


def with_query(path: str, **more: str) -> str:
    """The path with more in its query."""
    parts = urlsplit(path)
    query = "&".join(part for part in (parts.query, urlencode(more)) if part)
    return parts._replace(query=query).geturl()
