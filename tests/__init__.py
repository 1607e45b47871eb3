"""Tests: unit, contract, integration, end to end, architecture, judge."""
