"""What of accounts is kept for a time."""

from datetime import timedelta

from app.core.retention import Outlived, delete_old

_MARGIN = timedelta(minutes=5)  # for what was signed or committed late

OUTLIVED = (
    Outlived("sessions", delete_old("sessions", "id", "expires_at"), lambda settings: settings.retention.sessions),
    Outlived(
        "revocations",
        delete_old("revocations", "id", "created_at"),
        lambda settings: settings.auth.access_token_ttl + _MARGIN,
    ),
    Outlived(
        "registrations",
        delete_old("registrations", "email", "created_at"),
        lambda settings: settings.mail.registration_ttl,
    ),
)
