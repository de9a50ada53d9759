"""Tasks, which are the truth, and the feed of what happened to them."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    DateTime,
    ForeignKey,
    Index,
    LargeBinary,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB, REAL
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base
from app.core.ids import new_id

NOW = text("now()")


class TaskRow(Base):
    """A task. `<attempt>-<cursor_seq>` is the cursor of `text`: the last event that it accounts for."""

    __tablename__ = "tasks"
    __table_args__ = (
        CheckConstraint("status IN ('queued', 'running', 'completed', 'failed', 'cancelled')", name="status"),
        CheckConstraint("(status IN ('queued', 'running')) = (finished_at IS NULL)", name="finished"),
        UniqueConstraint("owner_id", "idempotency_key"),
        Index("ix_tasks_owner_id_id", "owner_id", text("id DESC")),
        Index("ix_tasks_owner_id_status_id", "owner_id", "status", text("id DESC")),
        Index("ix_tasks_finished_at", "finished_at", postgresql_where=text("finished_at IS NOT NULL")),
        Index("ix_tasks_keyed", "created_at", postgresql_where=text("idempotency_key IS NOT NULL")),
        Index("ix_tasks_queued", "id", postgresql_where=text("status = 'queued'")),
        Index("ix_tasks_lease_until", "lease_until", postgresql_where=text("status = 'running'")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    owner_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(Text)
    status: Mapped[str] = mapped_column(Text, server_default="queued")
    prompt: Mapped[str] = mapped_column(Text)
    fingerprint: Mapped[bytes] = mapped_column(LargeBinary, comment="SHA-256 of the request, for its idempotency key")
    idempotency_key: Mapped[str | None] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text, server_default="")
    result: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    error: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    progress: Mapped[float | None] = mapped_column(REAL)
    attempt: Mapped[int] = mapped_column(server_default="0")
    cursor_seq: Mapped[int] = mapped_column(BigInteger, server_default="0")
    expired_leases: Mapped[int] = mapped_column(server_default="0", comment="attempts that were cut off")
    lease_until: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    worker: Mapped[str | None] = mapped_column(Text)
    tokens_used: Mapped[int] = mapped_column(server_default="0")
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=NOW)
    started_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    finished_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class QuotaRow(Base):
    """How many tasks a user created on their last day: a counter, since deleting a task doesn't give its cost back."""

    __tablename__ = "task_quotas"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    day: Mapped[date] = mapped_column(comment="UTC")
    created: Mapped[int]


class FeedHeadRow(Base):
    """The number of a user's last feed row: whoever takes the next one holds the row until the commit."""

    __tablename__ = "feed_heads"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    seq: Mapped[int] = mapped_column(BigInteger, server_default="0")


class FeedRow(Base):
    """One change of a task's status or attempt, numbered densely for each user."""

    __tablename__ = "feed"
    __table_args__ = (
        CheckConstraint("type IN ('feed_created', 'feed_updated', 'feed_finished', 'feed_deleted')", name="type"),
        Index(None, "created_at"),
    )

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    task_id: Mapped[UUID]
    type: Mapped[str] = mapped_column(Text)
    status: Mapped[str] = mapped_column(Text)
    attempt: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=NOW)
