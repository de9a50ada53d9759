"""API keys: machines that act for a user."""
