"""HTML to PDF/A-2b: one typeface, nothing fetched from anywhere, the same bytes for the same text.

The page is one that we wrote ourselves; names out of registers are in it as text only (`page.py`). It may load nothing:
a page that names an image or a style sheet is a bug, and is refused (`engine.py`).
"""

from __future__ import annotations

import unicodedata
from functools import cache
from pathlib import Path

from fontTools.ttLib import TTFont

from dossier.errors import Code, Unavailable
from rendition.fonts import find_serif
from reports.target import write_whole

_LAYOUT = "\n\t"
_UNKNOWN = "?"


def write_pdf(html: str, path: Path) -> None:
    """Write an HTML page as PDF/A-2b; a file of that name is replaced only when the new one is complete.

    Args:
        html: The page with its own style; it names its title, author and dates itself. Characters that the typeface
            lacks are printed as a question mark, so that no other typeface comes in.
        path: Where to.

    Raises:
        Unavailable: FONT_MISSING, PRINT_LIBRARIES_MISSING; EXPORT_TARGET when the file cannot be written.
    """
    write_whole(as_pdf(html), path)


def as_pdf(html: str) -> bytes:
    """Return an HTML page as PDF/A-2b, the same bytes for the same page; raises as `write_pdf` does."""
    letters = _letters(find_serif())
    text = "".join(char if char in letters else _UNKNOWN for char in unicodedata.normalize("NFC", html))
    try:
        from reports.printed.engine import rendered  # noqa: PLC0415 - a second, and libraries that only prints need
    except OSError as exc:
        raise Unavailable(Code.PRINT_LIBRARIES_MISSING, str(exc)[:200]) from exc
    return rendered(text)


@cache
def _letters(path: Path) -> frozenset[str]:
    """Return every character that the typeface has."""
    with TTFont(path, lazy=True) as font:
        return frozenset(map(chr, font.getBestCmap())) | frozenset(_LAYOUT)
