"""The way of one scan: the steps from a delivered folder to an archived, searchable dossier.

`steps.py` is the table of contents. Each step is a function `(subject id, services) -> None` that is safe to run
twice: read by digest, compute, write bytes first, then one catalogue transaction.
"""
