"""Where the text comes from: a model behind an OpenAI-compatible endpoint, or a planner that needs no network."""
