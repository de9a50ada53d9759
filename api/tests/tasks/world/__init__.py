"""A task with everything that may happen to it, and what CONTRACT promises to those who watch."""
