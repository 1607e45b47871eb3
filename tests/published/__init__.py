"""Figures that monitoring reports printed, and the rows that bear them out."""
