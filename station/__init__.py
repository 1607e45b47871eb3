"""The agent of a scanning station: from a hot folder to the archive, over a network that fails.

Runs on a clerk's PC: pure Python, on Windows too, nothing of the server. The folder is the truth until a dossier in it
is whole; then the agent's own spool and queue are, until the archive has everything.
"""
