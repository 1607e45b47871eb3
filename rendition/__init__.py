"""Writes renditions: PDF/A-2b of two layers, the page images as received and their text, invisible, in place."""
