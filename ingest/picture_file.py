"""JPEG and PNG files: one page each."""

from __future__ import annotations

import io
from pathlib import Path

from PIL import Image, ImageOps

from dossier.errors import Code, Rejected
from dossier.scan import Encoding, PageScan
from ingest.jpeg import read_jpeg
from ingest.limits import Limits
from ingest.pictures import EXIF_ORIENTATION, Coded, check_paper, coded, opened, scan_of, stated_dpi, turn_of
from ingest.resolution import Resolution, resolution
from ingest.sniff import JPEG
from ingest.taken import TakenPage, taken

_PNG_DEPTH_AND_COLOUR = slice(24, 26)  # in IHDR, which is always first
_PNG_KEPT = {b"\x08\x00": 1, b"\x08\x02": 3}  # 8 bit gray, 8 bit RGB


class PictureFile:
    """A JPEG or PNG file opened as a source of one page.

    Raises:
        Rejected: IMAGE_BOMB, PAGE_ZERO_SIZE, PAGE_TOO_LARGE, IMAGE_DAMAGED, FILE_TRUNCATED.
    """

    signed = False
    pages = 1

    def __init__(self, path: Path, media_type: str, limits: Limits) -> None:
        self._path = path
        self._limits = limits
        self._is_jpeg = media_type == JPEG
        with opened(path, ["JPEG"] if self._is_jpeg else ["PNG"], limits):
            pass

    def close(self) -> None:
        """Nothing is kept open."""

    def take(self, number: int) -> TakenPage:
        """Return the page."""
        if number != 1:
            raise IndexError(number)
        try:
            data = self._path.read_bytes()
        except OSError as exc:
            raise Rejected(Code.FILE_UNREADABLE, f"read failed: {exc.strerror}") from exc
        scan, data = self._jpeg(data) if self._is_jpeg else self._png(data)
        check_paper(scan, self._limits)
        return taken(1, scan, data)

    def _jpeg(self, data: bytes) -> tuple[PageScan, bytes]:
        stream = read_jpeg(data, self._limits)
        with opened(io.BytesIO(data), ["JPEG"], self._limits) as image:
            turn = turn_of(image.getexif().get(EXIF_ORIENTATION))
            dpi = resolution(image.size, stated_dpi(image))
            if turn is None or not stream.channels:
                return _upright(image, dpi)
        # An Adobe CMYK file stores inverted ink; there is no other sign of it than the marker.
        return stream.scan(dpi, turn, inverted=stream.adobe), data

    def _png(self, data: bytes) -> tuple[PageScan, bytes]:
        with opened(io.BytesIO(data), ["PNG"], self._limits) as image:
            image.load()
            dpi = resolution(image.size, stated_dpi(image))
            channels = _PNG_KEPT.get(data[_PNG_DEPTH_AND_COLOUR])
            turn = turn_of(image.getexif().get(EXIF_ORIENTATION))
            if turn is None:
                return _upright(image, dpi)
            kept = channels and "transparency" not in image.info
            coding = Coded(Encoding.PNG, data, channels) if channels and kept else coded(image)
            return scan_of(coding, image.size, dpi, turn), coding.data


def _upright(image: Image.Image, dpi: Resolution) -> tuple[PageScan, bytes]:
    """Code the pixels as they are to be looked at: a mirrored view cannot be had by a turn."""
    seen = ImageOps.exif_transpose(image)
    swapped = seen.size != image.size
    shown = Resolution(dpi.y, dpi.x, dpi.assumed) if swapped else dpi
    coding = coded(seen)
    return scan_of(coding, seen.size, shown), coding.data
