"""Logging in with a government's own account: OpenID Connect Core 1.0, code flow with PKCE (RFC 7636)."""
