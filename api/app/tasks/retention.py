"""What of tasks is kept for a time."""

from app.core.retention import Outlived
from app.tasks.feed import with_feed

OUTLIVED = (
    Outlived(
        "idempotency keys",
        """
        UPDATE tasks SET idempotency_key = NULL WHERE id = ANY(ARRAY(
            SELECT id FROM tasks WHERE idempotency_key IS NOT NULL AND created_at < now() - CAST(:age AS interval)
            ORDER BY created_at LIMIT :limit FOR UPDATE SKIP LOCKED
        )) RETURNING 1
        """,
        lambda settings: settings.retention.idempotency_keys,
    ),
    Outlived(
        "finished tasks",
        with_feed(
            """
            DELETE FROM tasks WHERE id = ANY(ARRAY(
                SELECT id FROM tasks WHERE finished_at < now() - CAST(:age AS interval)
                ORDER BY finished_at LIMIT :limit FOR UPDATE SKIP LOCKED
            )) RETURNING tasks.*
            """,
            "'feed_deleted'",
        ),
        lambda settings: settings.retention.tasks,
    ),
)
