"""The audit log, which the app can add to and read, and the personal details of its rows, which can be deleted."""

import sqlalchemy as sa
from alembic import op

from migrations.grants import grant

revision = "d1a9c47e5b04"
down_revision = "c5d21f08ab03"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "audit_events",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("actor_id", sa.Uuid()),
        sa.Column("user_id", sa.Uuid()),
        sa.Column("facts", sa.dialects.postgresql.JSONB(), server_default="{}", nullable=False),
        sa.Column("request_id", sa.Text(), nullable=False),
        sa.Column("created_at", _MOMENT, server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_events")),
    )
    op.create_index(op.f("ix_audit_events_user_id_id"), "audit_events", ["user_id", "id"])
    op.create_index(op.f("ix_audit_events_actor_id_id"), "audit_events", ["actor_id", "id"])
    op.create_index(op.f("ix_audit_events_action_id"), "audit_events", ["action", "id"])
    op.create_table(
        "audit_details",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid()),
        sa.Column("email", sa.Text()),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("user_agent", sa.Text(), nullable=False),
        sa.Column("created_at", _MOMENT, server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_audit_details")),
    )
    op.create_index(op.f("ix_audit_details_user_id"), "audit_details", ["user_id"])
    op.create_index(op.f("ix_audit_details_email"), "audit_details", ["email"])
    op.create_index(op.f("ix_audit_details_created_at"), "audit_details", ["created_at"])

    grant("audit_events", "SELECT", "INSERT")
    grant("audit_details", "SELECT", "INSERT", "DELETE")


def downgrade() -> None:
    op.drop_table("audit_details")
    op.drop_table("audit_events")
