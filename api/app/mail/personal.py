"""What mails and their links hold of a person: by account, and by address where there was none yet."""

from redis.asyncio import Redis
from sqlalchemy import or_

from app.core.db import WriteTransaction
from app.core.personal import Eraser, Held, Person, deleting
from app.mail import kept
from app.mail.models import MailRow, OneTimeLinkRow

MAILS = Held(MailRow, lambda person: or_(MailRow.user_id == person.id, MailRow.recipient == person.email))
LINKS = Held(
    OneTimeLinkRow,
    lambda person: or_(OneTimeLinkRow.user_id == person.id, OneTimeLinkRow.email == person.email),
    {"hash": "of a link's secret only what is enough to know it again is kept"},
)

HELD = (MAILS, LINKS)


def eraser(valkey: Redis) -> Eraser:
    """Takes mails, then links, as `service.withdraw` does, and what development keeps of them."""
    rows = deleting(MAILS, LINKS)

    async def erase(tx: WriteTransaction, person: Person) -> None:
        await rows(tx, person)
        await kept.forget(valkey, person.email)

    return erase
