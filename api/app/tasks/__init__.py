"""What somebody asked for, and how a worker writes it."""
