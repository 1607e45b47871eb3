"""The readers that are compared, each in a process of its own."""
