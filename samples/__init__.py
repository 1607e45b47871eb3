"""Seeded generator of the demonstration's sample dossiers: every person, place and code is invented."""
