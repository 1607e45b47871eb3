"""What runs in the confined child that makes pictures of pages."""

from __future__ import annotations

import io

import pypdfium2 as pdfium

from dossier.errors import Code, Rejected

_QUALITY = 82
_LONGEST = 4  # times the width: a scroll of paper is not drawn at full width
_MOST_SCALE = 10.0


def shown(path: str, number: int, turn: int, width: int) -> bytes:
    """Return a page as JPEG; see `rendition.preview`."""
    try:
        document = pdfium.PdfDocument(path)
        try:
            return _drawn(document[number - 1], turn, width)
        finally:
            document.close()
    except (pdfium.PdfiumError, IndexError) as exc:
        raise Rejected(Code.PDF_DAMAGED, type(exc).__name__, subject=str(number)) from exc


def _drawn(page: pdfium.PdfPage, turn: int, width: int) -> bytes:
    more = (turn - page.get_rotation()) % 360
    across, down = page.get_size()
    if more in (90, 270):
        across, down = down, across
    scale = min(width / max(across, 1), _LONGEST * width / max(down, 1), _MOST_SCALE)
    drawn = page.render(scale=scale, rotation=more, prefer_bgrx=False).to_pil().convert("RGB")
    out = io.BytesIO()
    drawn.save(out, "JPEG", quality=_QUALITY)
    return out.getvalue()
