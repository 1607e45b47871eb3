"""Scans as a plain PDF without loss: what a stack is cut into. No text, no mark; the file is only another container."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from dossier.errors import Code, Rejected
from dossier.scan import Encoding, PageScan
from rendition import syntax
from rendition.images import put_image
from rendition.sink import PdfSink

_PNG_START = 8
_CMYK = 4
_TURNS = (0, 90, 180, 270)


def write_scans(target: BinaryIO, pages: Iterable[tuple[PageScan, bytes]]) -> int:
    """Write page images as a PDF from which the same images can be taken again; return how many they are.

    JPEG and group 4 data are embedded as they are, pixels of a PNG with the coding that they have there.

    Args:
        target: Written front to back.
        pages: Scans with their bytes, taken one at a time.

    Raises:
        Rejected: IMAGE_DAMAGED, what claims to be a PNG of ours is none.
        Unavailable(DISK_FULL): There is no room.
    """
    sink = PdfSink(target)
    tree = sink.reserve()
    kids = [_put_page(sink, tree, scan, data) for scan, data in pages]
    listed = b"[" + b" ".join(map(syntax.reference, kids)) + b"]"
    sink.put(syntax.dictionary(Type=b"/Pages", Count=b"%d" % len(kids), Kids=listed), tree)
    root = sink.put(syntax.dictionary(Type=b"/Catalog", Pages=syntax.reference(tree)))
    sink.close(root, sink.put(syntax.dictionary(Producer=b"(hososo)")))
    return len(kids)


def _put_page(sink: PdfSink, tree: int, scan: PageScan, data: bytes) -> int:
    image = _put(sink, scan, data)
    width, height = (syntax.number(side) for side in scan.size_points)
    contents = sink.stream(b"q %s 0 0 %s 0 0 cm /Scan Do Q\n" % (width, height))
    return sink.put(
        syntax.dictionary(
            Type=b"/Page",
            Parent=syntax.reference(tree),
            MediaBox=b"[0 0 %s %s]" % (width, height),
            Rotate=b"%d" % (scan.turn if scan.turn in _TURNS else 0),
            Resources=syntax.dictionary(XObject=syntax.dictionary(Scan=syntax.reference(image))),
            Contents=syntax.reference(contents),
        )
    )


def _put(sink: PdfSink, scan: PageScan, data: bytes) -> int:
    if scan.encoding is Encoding.PNG:
        return _put_pixels(sink, scan, data)
    if scan.encoding is Encoding.JPEG and scan.channels == _CMYK:
        entries = _entries(scan, b"/DeviceCMYK")
        if scan.inverted:
            entries["Decode"] = b"[1 0 1 0 1 0 1 0]"
        return sink.stream(data, **entries, Filter=b"/DCTDecode")
    return put_image(sink, scan, data)


def _put_pixels(sink: PdfSink, scan: PageScan, data: bytes) -> int:
    """Write the pixels of a PNG of ours: eight bits, gray or RGB, not interlaced; PDF knows its coding."""
    parameters = syntax.dictionary(
        Predictor=b"15", Colors=b"%d" % scan.channels, BitsPerComponent=b"8", Columns=b"%d" % scan.width
    )
    space = b"/DeviceGray" if scan.channels == 1 else b"/DeviceRGB"
    pixels = b"".join(_chunks(data, b"IDAT"))
    return sink.stream(pixels, **_entries(scan, space), Filter=b"/FlateDecode", DecodeParms=parameters)


def _entries(scan: PageScan, space: bytes) -> dict[str, bytes]:
    size = {"Width": b"%d" % scan.width, "Height": b"%d" % scan.height}
    return {"Type": b"/XObject", "Subtype": b"/Image", **size, "ColorSpace": space, "BitsPerComponent": b"8"}


def _chunks(data: bytes, wanted: bytes) -> Iterator[bytes]:
    at = _PNG_START
    try:
        while at < len(data):
            length, kind = struct.unpack_from(">I4s", data, at)
            if kind == wanted:
                yield data[at + 8 : at + 8 + length]
            at += 12 + length
    except struct.error as exc:
        raise Rejected(Code.IMAGE_DAMAGED, "no PNG of ours") from exc
