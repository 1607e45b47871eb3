"""JPEG streams that are kept byte for byte: what they hold, and whether they are whole."""

from __future__ import annotations

import io
from dataclasses import dataclass

from dossier.scan import Encoding, PageScan
from ingest.limits import Limits
from ingest.pictures import opened
from ingest.resolution import Resolution

_REDUCTION = 8
_CHANNELS = {"L": 1, "RGB": 3, "CMYK": 4}


@dataclass(frozen=True, slots=True)
class JpegStream:
    """A whole JPEG stream. `channels` is 0 for a kind that is not kept; `adobe` tells of the Adobe marker."""

    data: bytes
    size: tuple[int, int]
    channels: int
    adobe: bool

    def scan(self, dpi: Resolution, turn: int, *, inverted: bool) -> PageScan:
        """Return the description of the stream as a page."""
        return PageScan(
            Encoding.JPEG,
            *self.size,
            dpi.x,
            dpi.y,
            self.channels,
            turn=turn,
            dpi_assumed=dpi.assumed,
            inverted=inverted and self.channels == _CHANNELS["CMYK"],
        )


def read_jpeg(data: bytes, limits: Limits) -> JpegStream:
    """Return the stream after going through all of it once, without making its pixels.

    Raises:
        Rejected: FILE_TRUNCATED, IMAGE_DAMAGED, IMAGE_BOMB, PAGE_ZERO_SIZE.
    """
    with opened(io.BytesIO(data), ["JPEG"], limits) as image:
        size, channels = image.size, _CHANNELS.get(image.mode, 0)
        # At an eighth every coded value is still read, and a damaged or cut stream found, in a sixth of the time.
        image.draft(None, (max(1, size[0] // _REDUCTION), max(1, size[1] // _REDUCTION)))
        image.load()
        return JpegStream(data, size, channels, "adobe" in image.info)
