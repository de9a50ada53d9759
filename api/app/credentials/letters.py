"""The mails about accounts. Whether there is anything to tell is decided here, when a mail is written.

None names a person or repeats what somebody typed: nobody can have us send their words to a stranger.
"""

from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

from app.accounts import registrations_repository
from app.core.db import Database, Reader
from app.core.keyed_hash import KeyedHash
from app.credentials import repository
from app.mail.letters import Button, Letter
from app.mail.links import Links
from app.mail.repository import Mail
from app.mail.sender import Write
from app.project import NAME
from app.settings import Settings

# the pages that the links open
VERIFY_EMAIL = "verify-email"
RESET_PASSWORD = "reset-password"  # noqa: S105
CHANGE_EMAIL = "change-email"

WITH_LINKS = ("registration", "password_reset", "email_change")
_NOT_YOU = "If that wasn't you, there is nothing to do: without the link nothing happens."
_HELP = "If that wasn't you, choose a new password at once: the page to sign in has a link for it."


class Letters:
    """Writes them, for one worker process."""

    def __init__(self, db: Database, settings: Settings) -> None:
        self._db = Reader(db)
        self._site = settings.app.site_url
        self._settings = settings.mail
        keyed_hash = KeyedHash(settings.auth.secret_key.get_secret_value())
        self._links = Links(db, keyed_hash, site=self._site)

    @property
    def kinds(self) -> Mapping[str, Write]:
        """Who writes a mail of which kind."""
        return {
            "registration": self._registration,
            "password_reset": self._password_reset,
            "email_change": self._email_change,
            "email_changing": self._email_changing,
            "email_changed": self._email_changed,
            "password_changed": self._password_changed,
        }

    async def _registration(self, mail: Mail) -> Letter | None:
        if await repository.has_account(self._db, mail.recipient):
            return self._has_account()
        if await registrations_repository.password_hash(self._db, mail.recipient) is None:
            return None
        return await self._with_link(
            mail,
            VERIFY_EMAIL,
            ttl=self._settings.verify_link_ttl,
            subject=f"Verify your address for {NAME}",
            line=f"Somebody, probably you, asked for an account at {NAME} with this address.",
            label="Verify this address",
        )

    def _has_account(self) -> Letter:
        return Letter(
            f"You have an account at {NAME}",
            (
                f"Somebody, probably you, wanted to use this address for an account at {NAME}.",
                "It belongs to an account already, and nothing has changed.",
            ),
            Button("Sign in", f"{self._site}/sign-in"),
            ("If you have forgotten the password, the page to sign in has a link for that.",),
        )

    async def _password_reset(self, mail: Mail) -> Letter | None:
        user_id = await repository.active_by_email(self._db, mail.recipient)
        if user_id is None:
            return None
        return await self._with_link(
            mail,
            RESET_PASSWORD,
            user_id=user_id,
            ttl=self._settings.reset_link_ttl,
            subject=f"A new password for {NAME}",
            line=f"Somebody, probably you, asked for a new password for your account at {NAME}.",
            label="Choose a new password",
        )

    async def _email_change(self, mail: Mail) -> Letter | None:
        if await repository.has_account(self._db, mail.recipient):
            return self._has_account()
        return await self._with_link(
            mail,
            CHANGE_EMAIL,
            user_id=mail.user_id,
            ttl=self._settings.change_link_ttl,
            subject=f"Your new address for {NAME}",
            line=f"Somebody, probably you, wants to use this address for their account at {NAME}.",
            label="Use this address",
        )

    async def _email_changing(self, _: Mail) -> Letter:
        return Letter(
            f"Your address for {NAME} is about to change",
            (
                f"Somebody, probably you, asked to use another e-mail address for your account at {NAME}.",
                "It changes when the link in the mail to that address is used.",
            ),
            after=("If that wasn't you, change your password now: the link is void then.",),
        )

    async def _email_changed(self, _: Mail) -> Letter:
        return Letter(
            f"Your address for {NAME} has changed",
            (f"Your account at {NAME} has another e-mail address now. This one is not used any more.",),
            after=("If that wasn't you, answer to whoever runs this site.",),
        )

    async def _password_changed(self, _: Mail) -> Letter:
        return Letter(
            f"Your password for {NAME} has changed",
            (f"The password of your account at {NAME} has just been changed. Other devices were signed out.",),
            after=(_HELP,),
        )

    async def _with_link(
        self,
        mail: Mail,
        purpose: str,
        *,
        ttl: timedelta,
        subject: str,
        line: str,
        label: str,
        user_id: UUID | None = None,
    ) -> Letter | None:
        url = await self._links.make(mail, purpose, email=mail.recipient, user_id=user_id, ttl=ttl)
        if url is None:  # taken back, or asked for anew
            return None
        return Letter(subject, (line,), Button(label, url), (_until(ttl), _NOT_YOU))


def _until(ttl: timedelta) -> str:
    """When a link ends, in words."""
    minutes = round(ttl.total_seconds() / 60)
    number, unit = (minutes // 60, "hour") if minutes % 60 == 0 else (minutes, "minute")
    return f"The link is good for {number} {unit}{'s' * (number != 1)}, and once."
