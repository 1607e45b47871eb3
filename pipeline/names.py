"""Names of things while they are worked on: made of ids, never random, never with personal data."""

from __future__ import annotations


def source_name(file_id: str) -> str:
    """Name of a source file in the holding area."""
    return f"file-{file_id}"


def page_name(page_id: str) -> str:
    """Name of a page's image in the holding area."""
    return f"page-{page_id}"


def signed_name(unsigned_sha256: str) -> str:
    """Name of the working file that holds what was signed until it is stored; named by what it was made of."""
    return f"signed-{unsigned_sha256}.pdf"


def reading_name(page_id: str) -> str:
    """Name of a page's reading in the holding area."""
    return f"reading-{page_id}"
