"""The API and the worker of this project."""
