"""Mails: what is sent to people, and the one-time links in it."""
