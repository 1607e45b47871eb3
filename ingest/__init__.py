"""Receiving: from a delivered folder to clean, bounded, hashed page images.

The way of one folder: `survey` lists its files, `confined.BoundedTaker` looks at each file and takes its pages in a
child process, `copying.copy_hashed` takes the file itself, and all bytes wait encrypted in `holding.Holding` until the
first look has cleared them.
"""
