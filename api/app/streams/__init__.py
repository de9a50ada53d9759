"""Durable streams: the event log, the hub that reads it once a process, and the wire they are sent on."""
