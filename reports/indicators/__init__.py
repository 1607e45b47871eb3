"""Indicators: one readable module a formula, with source and version; `registry` finds them by name and version."""
