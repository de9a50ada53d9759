"""Development without an SMTP server: mails are kept for a page that shows them."""

import json
from datetime import UTC, datetime
from email.message import EmailMessage
from typing import Any, cast

from redis.asyncio import Redis
from redis.exceptions import RedisError

from app.core.ids import new_id
from app.mail.message import address_of
from app.mail.post import NotSentError
from app.project import VALKEY_PREFIX

_KEY = f"{VALKEY_PREFIX}kept-mails"
_MOST = 50
_TTL = 86_400


class KeptPost:
    """Keeps the newest mails, for a day."""

    def __init__(self, valkey: Redis) -> None:
        self._valkey = valkey

    async def deliver(self, mail: EmailMessage) -> None:
        """Raises NotSentError."""
        try:
            pipeline = self._valkey.pipeline(transaction=True)
            pipeline.execute_command("LPUSH", _KEY, json.dumps(_entry(mail)))
            pipeline.execute_command("LTRIM", _KEY, 0, _MOST - 1)
            pipeline.execute_command("EXPIRE", _KEY, _TTL)
            await pipeline.execute()
        except (RedisError, OSError) as error:
            raise NotSentError(repr(error), known=False) from error

    def close(self) -> None:
        """There is nothing to close: Valkey is the worker's."""


async def kept(valkey: Redis) -> list[dict[str, str]]:
    """The mails, newest first."""
    return [json.loads(entry) for entry in await cast("Any", valkey.lrange(_KEY, 0, -1))]


async def forget(valkey: Redis, address: str) -> None:
    """Takes the mails to this address away. Raises RedisError."""
    for entry in await cast("Any", valkey.lrange(_KEY, 0, -1)):
        if json.loads(entry)["to"] == address_of(address):
            await cast("Any", valkey.lrem(_KEY, 0, entry))


def _entry(mail: EmailMessage) -> dict[str, str]:
    parts = {name: mail.get_body((name,)) for name in ("plain", "html")}
    text, html = (part.get_content() if part else "" for part in parts.values())
    sent_at = datetime.now(UTC).isoformat()
    return {
        "id": new_id().hex,
        "to": mail["To"],
        "subject": mail["Subject"],
        "text": text,
        "html": html,
        "sent_at": sent_at,
    }
