"""Dated rules of renditions: each has the day it starts and its basis."""
