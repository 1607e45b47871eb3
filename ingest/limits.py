"""How much of a hostile file is ever looked at: read from `limits.toml`, changeable by a site."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from importlib import resources
from typing import Any

_FILE: dict[str, Any] = tomllib.loads(resources.files("ingest").joinpath("limits.toml").read_text(encoding="utf-8"))
_LIMITS: dict[str, Any] = _FILE["limits"]
ASSUMED: dict[str, Any] = _FILE["assumed"]
"""What to think of an image that states no resolution: paper sizes in mm, usual dpi, tolerance (share)."""
FULL_PAGE: float = _FILE["full_page"]["tolerance"]
"""How far a picture may miss the edges of its page and still be the page, as a share of the page's side."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of receiving; `Limits()` gives the values of `limits.toml`.

    Attributes:
        max_file_bytes: Size of one file.
        max_pages_per_file: Pages of one PDF or TIFF.
        max_pages_per_dossier: Pages of one delivery; counted by the caller, who sees all files.
        max_files_per_dossier: Directory entries looked at in one folder.
        max_folder_depth: Folders inside folders.
        max_pixels_per_page: Width times height of any image, known before it is decoded.
        min_page_points: Shorter than this (1/72 inch) on a side is no page.
        max_page_points: Longer than this on a side is refused.
        max_nesting: Depth of a PDF page tree or form field tree.
        raster_dpi: Resolution of pages that have to be rasterised.
        wall_seconds: Wall clock of one call into the confined child (one page).
        cpu_seconds: CPU time of the same.
        memory_bytes: Address space of the child.
    """

    max_file_bytes: int = _LIMITS["max_file_bytes"]
    max_pages_per_file: int = _LIMITS["max_pages_per_file"]
    max_pages_per_dossier: int = _LIMITS["max_pages_per_dossier"]
    max_files_per_dossier: int = _LIMITS["max_files_per_dossier"]
    max_folder_depth: int = _LIMITS["max_folder_depth"]
    max_pixels_per_page: int = _LIMITS["max_pixels_per_page"]
    min_page_points: float = _LIMITS["min_page_points"]
    max_page_points: float = _LIMITS["max_page_points"]
    max_nesting: int = _LIMITS["max_nesting"]
    raster_dpi: int = _LIMITS["raster_dpi"]
    wall_seconds: float = _LIMITS["wall_seconds"]
    cpu_seconds: int = _LIMITS["cpu_seconds"]
    memory_bytes: int = _LIMITS["memory_bytes"]
