"""What runs in the confined child that makes marked copies."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path

import pypdfium2 as pdfium
import segno
from PIL import Image, ImageDraw, ImageFont

from dossier.errors import Code, Rejected
from rendition import syntax
from rendition.sink import PdfSink

_WIDTH, _HEIGHT = 595.0, 842.0  # A4 in points
_MARGIN, _BAND = 20.0, 72.0
_PIXELS = 1654  # across the paper: 200 to the inch
_LONGEST = 4
_QUALITY = 80
_BAND_PIXELS = (2220, 288)  # four to the point
_TITLE, _LINE = 46, 34


def made(path: str, target: str, turns: Sequence[int], *mark: object) -> None:
    """Write a marked copy; see `rendition.marked`.

    Raises:
        Rejected(PDF_DAMAGED): It is no PDF, or lacks a page.
    """
    try:
        document = pdfium.PdfDocument(path)
        try:
            with Path(target).open("wb") as stream:
                _write(PdfSink(stream), document, turns, _band(*mark))  # type: ignore[arg-type]
        finally:
            document.close()
    except (pdfium.PdfiumError, IndexError) as exc:
        raise Rejected(Code.PDF_DAMAGED, type(exc).__name__) from exc


def _write(sink: PdfSink, document: pdfium.PdfDocument, turns: Sequence[int], band: Image.Image) -> None:
    tree, kids = sink.reserve(), []
    below = sink.deflated(band.tobytes(), **_image(band.size, b"/DeviceGray"))
    for number, turn in enumerate(turns):
        drawn = _drawn(document[number], turn)
        out = io.BytesIO()
        drawn.save(out, "JPEG", quality=_QUALITY)
        picture = sink.stream(out.getvalue(), **_image(drawn.size, b"/DeviceRGB"), Filter=b"/DCTDecode")
        kids.append(_page(sink, tree, picture, below, drawn.size))
    sink.put(
        syntax.dictionary(
            Type=b"/Pages", Count=b"%d" % len(kids), Kids=b"[" + b" ".join(map(syntax.reference, kids)) + b"]"
        ),
        tree,
    )
    root = sink.put(syntax.dictionary(Type=b"/Catalog", Pages=syntax.reference(tree)))
    sink.close(root, sink.put(syntax.dictionary(Producer=b"(hososo)")))


def _page(sink: PdfSink, tree: int, picture: int, below: int, size: tuple[int, int]) -> int:
    """Write a page: the picture as large as fits above the mark; paper that is wider than long lies down."""
    width, height = (_HEIGHT, _WIDTH) if size[0] > size[1] else (_WIDTH, _HEIGHT)
    room = (width - 2 * _MARGIN, height - 2 * _MARGIN - _BAND)
    scale = min(room[0] / size[0], room[1] / size[1])
    across, down = size[0] * scale, size[1] * scale
    left = (width - across) / 2
    band = _WIDTH - 2 * _MARGIN
    drawn = b"q %s cm /P Do Q " % syntax.numbers((across, 0, 0, down, left, _MARGIN + _BAND))
    drawn += b"q %s cm /B Do Q" % syntax.numbers((band, 0, 0, _BAND, (width - band) / 2, _MARGIN))
    content = sink.stream(drawn)
    objects = b"<</XObject <</P %s /B %s>>>>" % (syntax.reference(picture), syntax.reference(below))
    return sink.put(
        syntax.dictionary(
            Type=b"/Page",
            Parent=syntax.reference(tree),
            MediaBox=syntax.array((0, 0, width, height)),
            Resources=objects,
            Contents=syntax.reference(content),
        )
    )


def _image(size: tuple[int, int], space: bytes) -> dict[str, bytes]:
    return {
        "Type": b"/XObject",
        "Subtype": b"/Image",
        "Width": b"%d" % size[0],
        "Height": b"%d" % size[1],
        "ColorSpace": space,
        "BitsPerComponent": b"8",
    }


def _drawn(page: pdfium.PdfPage, turn: int) -> Image.Image:
    more = (turn - page.get_rotation()) % 360
    across, down = page.get_size()
    if more in (90, 270):
        across, down = down, across
    scale = min(_PIXELS / max(across, 1), _LONGEST * _PIXELS / max(down, 1))
    drawn: Image.Image = page.render(scale=scale, rotation=more, prefer_bgrx=False).to_pil().convert("RGB")
    return drawn


def _band(title: str, lines: Sequence[str], qr: str, font: str) -> Image.Image:
    """Draw the mark: a frame, the QR on the left, the words beside it."""
    width, height = _BAND_PIXELS
    band = Image.new("L", _BAND_PIXELS, 255)
    draw = ImageDraw.Draw(band)
    draw.rectangle((0, 0, width - 1, height - 1), outline=0, width=3)
    code = _qr(qr, height - 24)
    band.paste(code, (12, (height - code.height) // 2))
    left, top = code.width + 36, 16
    draw.text((left, top), title, font=ImageFont.truetype(font, _TITLE), fill=0)
    small = ImageFont.truetype(font, _LINE)
    for row, line in enumerate(lines):
        draw.text((left, top + _TITLE + 16 + row * (_LINE + 12)), line, font=small, fill=0)
    return band


def _qr(text: str, room: int) -> Image.Image:
    """Return the QR code in whole pixels a module, with its quiet zone, no larger than the room."""
    code = segno.make_qr(text, error="m")
    rows = [bytes(0 if dark else 255 for dark in row) for row in code.matrix_iter(border=4)]
    drawn = Image.frombytes("L", (len(rows[0]), len(rows)), b"".join(rows))
    scale = max(room // len(rows), 1)
    return drawn.resize((drawn.width * scale, drawn.height * scale), Image.Resampling.NEAREST)
