"""TIFF files: group 4 strips and JPEG streams come out as they are, everything else as its pixels."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PIL import Image

from dossier.errors import Code, Rejected
from dossier.scan import Encoding, PageScan
from ingest import g4
from ingest.jpeg import JpegStream, read_jpeg
from ingest.limits import Limits
from ingest.pictures import Coded, check_paper, check_size, coded, guarded, scan_of, stated_dpi, turn_of
from ingest.resolution import Resolution, resolution
from ingest.taken import TakenPage, taken
from ingest.tiff_directories import page_frames

_WIDTH, _HEIGHT, _BITS, _COMPRESSION, _PHOTOMETRIC, _FILL_ORDER = 256, 257, 258, 259, 262, 266
_STRIP_OFFSETS, _SAMPLES, _ROWS_PER_STRIP, _STRIP_SIZES = 273, 277, 278, 279
_ORIENTATION, _T6_OPTIONS, _JPEG_TABLES = 274, 293, 347
_G4, _JPEG = 4, 7
_WHITE_IS_ZERO, _BLACK_IS_ZERO, _YCBCR = 0, 1, 6
_LOW_BIT_FIRST = 2
_JPEG_KEPT = {(_BLACK_IS_ZERO, 1), (_YCBCR, 3)}  # photometric and samples that a bare JPEG stream means by itself


class TiffFile:
    """An open TIFF as a source of pages.

    Raises:
        Rejected: TIFF_NO_PAGES, TOO_MANY_PAGES, FILE_TRUNCATED, IMAGE_DAMAGED, IMAGE_BOMB, PAGE_ZERO_SIZE.
    """

    signed = False

    def __init__(self, path: Path, limits: Limits) -> None:
        self._frames = page_frames(path, limits)
        self._path = path
        self._limits = limits
        self._bytes = path.stat().st_size
        with guarded():
            self._image: Any = Image.open(path, formats=["TIFF"])

    @property
    def pages(self) -> int:
        """Number of pages."""
        return len(self._frames)

    def close(self) -> None:
        """Let go of the file."""
        self._image.close()

    def take(self, number: int) -> TakenPage:
        """Return page `number`, from 1.

        Raises:
            Rejected: As the class, for this page, and PAGE_TOO_LARGE.
        """
        with guarded():
            self._image.seek(self._frames[number - 1])
            check_size(self._image.size, self._limits)
            scan, data = self._page()
        check_paper(scan, self._limits)
        return taken(number, scan, data)

    def _page(self) -> tuple[PageScan, bytes]:
        tags = self._image.tag_v2
        size = tags[_WIDTH], tags[_HEIGHT]
        turn = turn_of(tags.get(_ORIENTATION))
        dpi = resolution(size, stated_dpi(self._image))
        if turn is not None and _STRIP_OFFSETS in tags:
            if self._is_group4(tags):
                coding = Coded(Encoding.G4, self._group4(tags, *size), 1)
                return scan_of(coding, size, dpi, turn), coding.data
            stream = self._jpeg_stream(tags)
            if stream is not None:
                return stream.scan(dpi, turn, inverted=False), stream.data
        return self._pixels(size, dpi)

    def _pixels(self, size: tuple[int, int], dpi: Resolution) -> tuple[PageScan, bytes]:
        self._strips(self._image.tag_v2)
        self._image.load()  # Pillow turns a TIFF by its orientation tag here
        shown = dpi if self._image.size == size else Resolution(dpi.y, dpi.x, dpi.assumed)
        coding = coded(self._image)
        return scan_of(coding, self._image.size, shown), coding.data

    def _is_group4(self, tags: Any) -> bool:  # noqa: ANN401 - Pillow's tag directory has no useful type
        plain = tags.get(_SAMPLES, 1) == 1 and tuple(tags.get(_BITS, (1,))) == (1,)
        return tags.get(_COMPRESSION) == _G4 and plain and not tags.get(_T6_OPTIONS, 0)

    def _group4(self, tags: Any, width: int, height: int) -> bytes:  # noqa: ANN401
        strips = [self._read(*place) for place in self._strips(tags)]
        if tags.get(_FILL_ORDER) == _LOW_BIT_FIRST:
            strips = [g4.mirrored(strip) for strip in strips]
        is_ink_black = tags.get(_PHOTOMETRIC) == _WHITE_IS_ZERO
        image = _joined(strips, width, height, tags.get(_ROWS_PER_STRIP, height))
        if len(strips) == 1 and is_ink_black:
            return strips[0]
        return g4.encode(image if is_ink_black else g4.inverted(image))

    def _jpeg_stream(self, tags: Any) -> JpegStream | None:  # noqa: ANN401
        places = self._strips(tags)
        kept = (tags.get(_PHOTOMETRIC), tags.get(_SAMPLES, 1)) in _JPEG_KEPT
        if tags.get(_COMPRESSION) != _JPEG or len(places) != 1 or not kept:
            return None
        # The tables go in front of the strip's own segments: both start with SOI, the tables end with EOI.
        tables = bytes(tags.get(_JPEG_TABLES, b""))[:-2]
        data = self._read(*places[0])
        stream = read_jpeg(tables + data[2:] if tables else data, self._limits)
        return stream if stream.size == (tags[_WIDTH], tags[_HEIGHT]) else None

    def _strips(self, tags: Any) -> list[tuple[int, int]]:  # noqa: ANN401
        places = list(zip(tags.get(_STRIP_OFFSETS, ()), tags.get(_STRIP_SIZES, ()), strict=False))
        if any(start + size > self._bytes for start, size in places):
            raise Rejected(Code.FILE_TRUNCATED, "image data lies past the end")
        return places

    def _read(self, start: int, size: int) -> bytes:
        with self._path.open("rb") as stream:
            stream.seek(start)
            return stream.read(size)


def _joined(strips: list[bytes], width: int, height: int, rows: int) -> Image.Image:
    rows = min(rows, height)
    if rows < 1 or len(strips) != -(-height // rows):
        raise Rejected(Code.IMAGE_DAMAGED, "strips do not make up the image")
    page = Image.new("1", (width, height), 255)
    for position, strip in enumerate(strips):
        top = position * rows
        page.paste(g4.checked(strip, width, min(rows, height - top)), (0, top))
    return page
