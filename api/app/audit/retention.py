"""What of the audit log is kept for a time: all that is personal."""

from app.core.retention import Outlived, delete_old

OUTLIVED = (
    Outlived(
        "audit details",
        delete_old("audit_details", "event_id", "created_at"),
        lambda settings: settings.retention.audit_details,
    ),
)
