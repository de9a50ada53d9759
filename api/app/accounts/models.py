"""People, and the sessions they are signed in with."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, ForeignKey, Index, Text, func, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base
from app.core.ids import new_id

NOW = text("now()")
LOWER_NAME = func.lower(text("name")).label("lower_name")


class UserRow(Base):
    """A person. `email` is stored normalised: one address, whatever its case, is one account."""

    __tablename__ = "users"
    __table_args__ = (
        CheckConstraint("role IN ('user', 'admin')", name="role"),
        # by their bytes, whatever the database's own order of letters: only so a beginning is a range
        Index("ix_users_email_begins", "email", postgresql_ops={"email": "text_pattern_ops"}),
        Index("ix_users_name_begins", LOWER_NAME, postgresql_ops={"lower_name": "text_pattern_ops"}),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    email: Mapped[str] = mapped_column(Text, unique=True)
    name: Mapped[str] = mapped_column(Text)
    role: Mapped[str] = mapped_column(Text, server_default="user")
    password_hash: Mapped[str | None] = mapped_column(Text)
    email_verified_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    disabled_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=NOW)


class RegistrationRow(Base):
    """Somebody who asked for an account; it is made when they show that they get the mail to this address."""

    __tablename__ = "registrations"
    __table_args__ = (Index(None, "created_at"),)

    email: Mapped[str] = mapped_column(Text, primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    password_hash: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=NOW)


class SessionRow(Base):
    """One sign-in on one device: a family of refresh tokens of which the newest is good."""

    __tablename__ = "sessions"
    __table_args__ = (Index(None, "user_id"), Index(None, "expires_at"))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    counter: Mapped[int] = mapped_column(server_default="1")
    refresh_hash: Mapped[bytes]
    previous_hash: Mapped[bytes | None]
    sealed_successor: Mapped[bytes | None]
    used_counter: Mapped[int] = mapped_column(server_default="0")
    method: Mapped[str] = mapped_column(Text)
    user_agent: Mapped[str] = mapped_column(Text)
    address: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=NOW)
    last_used_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=NOW)
    rotated_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=NOW)
    expires_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    ends_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class RevocationRow(Base):
    """What access tokens don't know yet: a session or key that ended, or the role that a user has now.

    Every API process reads the newest of these twice a second. They matter as long as an access token is good.
    """

    __tablename__ = "revocations"
    __table_args__ = (Index(None, "created_at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    credential_id: Mapped[UUID | None]
    user_id: Mapped[UUID | None]
    role: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=text("clock_timestamp()"))
