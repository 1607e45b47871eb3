"""How well pages are read: drawn papers with exact truth, several readers, one table. `python -m bench.legibility`."""
