"""Mails that wait to be sent, and the links in those that were."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import DateTime, ForeignKey, Index, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base
from app.core.ids import new_id

NOW = text("now()")


class MailRow(Base):
    """A mail that is to be sent; sent, it is deleted. The secret of a link in it is made when it is sent.

    There is one of a kind for a recipient: asked for again it starts anew, under a new id. `doubts` counts the attempts
    of which nobody knows whether they sent it.
    """

    __tablename__ = "mails"
    __table_args__ = (
        UniqueConstraint("recipient", "kind", "user_id", postgresql_nulls_not_distinct=True),
        Index(None, "due_at"),
        Index(None, "user_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    user_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    recipient: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(Text)
    attempts: Mapped[int] = mapped_column(server_default="0")
    doubts: Mapped[int] = mapped_column(server_default="0")
    due_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=NOW)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=NOW)


class OneTimeLinkRow(Base):
    """A link that somebody was sent; used, it is deleted. `user_id` is null where there is no account yet."""

    __tablename__ = "one_time_links"
    __table_args__ = (Index(None, "user_id"), Index(None, "email"), Index(None, "expires_at"))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    mail_id: Mapped[UUID]
    user_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    purpose: Mapped[str] = mapped_column(Text)
    email: Mapped[str] = mapped_column(Text)
    hash: Mapped[bytes] = mapped_column(unique=True)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=NOW)
    expires_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
