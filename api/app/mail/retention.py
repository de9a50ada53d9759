"""What of mails is kept for a time. Mails themselves their sender gives up."""

from app.core.retention import Outlived, delete_old

OUTLIVED = (
    Outlived("links", delete_old("one_time_links", "id", "expires_at"), lambda settings: settings.retention.links),
)
