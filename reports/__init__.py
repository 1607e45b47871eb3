"""Indicators, causes and the inspection report: every figure opens its list, every rate prints its base."""
