"""How well the marks of state secrets are seen: drawn papers with and without them, a campaign, a trainer."""
