"""The project's name and everything that is derived from it: the one place to rename it on this side."""

NAME = "Slipstream"
SLUG = "slipstream"

COOKIE_PREFIX = SLUG
VALKEY_PREFIX = f"{SLUG}:"
API_KEY_PREFIX = "slp_"
