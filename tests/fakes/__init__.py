"""Real implementations of the ports that fail on purpose."""
