"""Boxes on a page of pixels."""

from __future__ import annotations

from dossier.page import Box
from ocr.arrays import Gray


def size_of(gray: Gray) -> tuple[int, int]:
    """Return width and height of a page in pixels."""
    height, width = gray.shape
    return width, height


def padded(box: Box, size: tuple[int, int], across: int, down: int) -> Box:
    """Return the box with a margin on its sides and one above and below, as far as the page reaches."""
    width, height = size
    return Box(
        max(0, box.left - across),
        max(0, box.top - down),
        min(width, box.right + across),
        min(height, box.bottom + down),
    )
