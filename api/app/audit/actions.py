"""What is worth a row in the audit log."""

from typing import Literal

Action = Literal[
    "registered",
    "signed_in",
    "sign_in_failed",
    "signed_out",
    "session_ended",
    "refresh_reused",
    "password_changed",
    "password_reset",
    "email_verified",
    "email_changed",
    "identity_linked",
    "identity_unlinked",
    "key_created",
    "key_revoked",
    "data_exported",
    "account_erased",
    "role_changed",
    "user_disabled",
    "user_enabled",
]
