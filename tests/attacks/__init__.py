"""Attacks on signed files, all of our own writing; each takes a file's bytes and returns the forged file's."""
