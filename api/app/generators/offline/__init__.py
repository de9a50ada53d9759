"""The generator that needs no key and no network: a small planner that reads the request and writes from it."""
