"""The office's identity provider (OpenID Connect): asked over bounded connections, believed only after every check."""
