"""A page's image as it was taken from its source, before anything looks at it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Encoding(StrEnum):
    """How the bytes of a page image are coded.

    JPEG: a complete JFIF/Exif stream, embedded in the PDF/A as it is. G4: bare CCITT group 4 data of one strip, no
    container, embedded as it is. PNG: a complete PNG file made by us from pixels that came in another coding.
    """

    JPEG = "jpeg"
    G4 = "g4"
    PNG = "png"


@dataclass(frozen=True, slots=True)
class PageScan:
    """Geometry and coding of one page image; the bytes travel beside it, named by digest.

    Attributes:
        encoding: See `Encoding`.
        width: Pixels.
        height: Pixels.
        dpi_x: Dots per inch across; what the source says, or the value of the page size.
        dpi_y: Dots per inch down.
        channels: 1 gray or bitonal, 3 RGB, 4 CMYK (JPEG only).
        black_is_1: G4 only: set bits are ink (PDF /BlackIs1 true).
        turn: Degrees clockwise that the source asks a viewer to turn the page (PDF /Rotate, Exif): a hint.
        resampled: True when the page was rasterised because it was more than one full-page image.
        dpi_assumed: True when the source told no resolution.
        inverted: JPEG CMYK only: Adobe files store inverted ink values.
    """

    encoding: Encoding
    width: int
    height: int
    dpi_x: float
    dpi_y: float
    channels: int
    black_is_1: bool = False
    turn: int = 0
    resampled: bool = False
    dpi_assumed: bool = False
    inverted: bool = False

    @property
    def size_points(self) -> tuple[float, float]:
        """Width and height of the paper in PDF points (1/72 inch)."""
        return self.width * 72.0 / self.dpi_x, self.height * 72.0 / self.dpi_y
