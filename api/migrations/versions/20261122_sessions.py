"""Sessions whose refresh tokens rotate, what has been revoked, and accounts without a password or disabled."""

import sqlalchemy as sa
from alembic import op

from migrations.grants import grant

revision = "c5d21f08ab03"
down_revision = "b8d24c6fa902"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.execute("DELETE FROM sessions")  # their only token says nothing of a refresh: sign in again
    op.add_column("users", sa.Column("disabled_at", _MOMENT))
    op.add_column("users", sa.Column("email_verified_at", _MOMENT))
    # the release before takes a user without a password for nobody, and its sessions have just ended
    op.execute("-- squawk-ignore ban-drop-not-null\nALTER TABLE users ALTER COLUMN password_hash DROP NOT NULL")
    op.execute("-- squawk-ignore ban-drop-table\nDROP TABLE sessions")
    op.create_table(
        "sessions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("counter", sa.Integer(), server_default="1", nullable=False),
        sa.Column("refresh_hash", sa.LargeBinary(), nullable=False),
        sa.Column("previous_hash", sa.LargeBinary()),
        sa.Column("sealed_successor", sa.LargeBinary()),
        sa.Column("used_counter", sa.Integer(), server_default="0", nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("user_agent", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("created_at", _MOMENT, server_default=sa.text("now()"), nullable=False),
        sa.Column("last_used_at", _MOMENT, server_default=sa.text("now()"), nullable=False),
        sa.Column("rotated_at", _MOMENT, server_default=sa.text("now()"), nullable=False),
        sa.Column("expires_at", _MOMENT, nullable=False),
        sa.Column("ends_at", _MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_sessions_user_id_users"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sessions")),
    )
    op.create_index(op.f("ix_sessions_user_id"), "sessions", ["user_id"])
    op.create_index(op.f("ix_sessions_expires_at"), "sessions", ["expires_at"])
    op.create_table(
        "revocations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("credential_id", sa.Uuid()),
        sa.Column("user_id", sa.Uuid()),
        sa.Column("role", sa.Text()),
        sa.Column("created_at", _MOMENT, server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_revocations")),
    )
    op.create_index(op.f("ix_revocations_created_at"), "revocations", ["created_at"])

    grant("sessions", "SELECT", "INSERT", "UPDATE", "DELETE")
    grant("revocations", "SELECT", "INSERT", "DELETE")


def downgrade() -> None:
    op.drop_table("revocations")
    op.drop_table("sessions")
    op.create_table(
        "sessions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", _MOMENT, server_default=sa.text("now()"), nullable=False),
        sa.Column("expires_at", _MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_sessions_user_id_users"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sessions")),
    )
    op.create_index(op.f("ix_sessions_user_id"), "sessions", ["user_id"])
    op.create_index(op.f("ix_sessions_expires_at"), "sessions", ["expires_at"])
    grant("sessions", "SELECT", "INSERT", "UPDATE", "DELETE")
    op.execute("UPDATE users SET password_hash = '-' WHERE password_hash IS NULL")  # which no password has
    op.alter_column("users", "password_hash", nullable=False)
    op.drop_column("users", "email_verified_at")
    op.drop_column("users", "disabled_at")
