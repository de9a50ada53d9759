"""What an administrator may see and do: people, and the audit log."""
