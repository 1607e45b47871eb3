"""Tesseract behind one port, in process or as a program."""

import os

# Debian's Tesseract on two cores takes 13 s instead of 1.7 s a page when OpenMP may use threads; one process per
# core is the way to use more of them. The library reads this once, when it is loaded.
os.environ.setdefault("OMP_THREAD_LIMIT", "1")
