"""What happened to whom: rows that can be added and read, never changed."""
