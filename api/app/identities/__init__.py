"""Signing in with an identity provider: OAuth 2 and OpenID Connect."""
