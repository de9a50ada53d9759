"""Indexes for questions that read more rows than they gave: the search for people, tasks by status, what is deleted."""

import sqlalchemy as sa
from alembic import op

revision = "b1e60d94c708"
down_revision = "a4f71e2b8c07"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # concurrently, so that nobody's writes wait; what an interrupted run left is no index: it goes first
    with op.get_context().autocommit_block():
        for name, table, columns, where in _INDEXES:
            op.drop_index(name, table, if_exists=True, postgresql_concurrently=True)
            op.create_index(
                name, table, [sa.text(column) for column in columns], postgresql_concurrently=True,
                postgresql_where=sa.text(where) if where else None, if_not_exists=True,
            )  # fmt: skip


def downgrade() -> None:
    with op.get_context().autocommit_block():
        for name, table, _, __ in _INDEXES:
            op.drop_index(name, table, if_exists=True, postgresql_concurrently=True)


_INDEXES = (
    ("ix_users_email_begins", "users", ["email text_pattern_ops"], None),
    ("ix_users_name_begins", "users", ["lower(name) text_pattern_ops"], None),
    ("ix_tasks_owner_id_status_id", "tasks", ["owner_id", "status", "id DESC"], None),
    ("ix_tasks_finished_at", "tasks", ["finished_at"], "finished_at IS NOT NULL"),
    ("ix_tasks_keyed", "tasks", ["created_at"], "idempotency_key IS NOT NULL"),
)
