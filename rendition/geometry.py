"""Where things are on a page: scan pixels to points, and the frame that a viewer shows upright."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from dossier.errors import Code, Rejected
from dossier.scan import PageScan

_LEAST, _MOST = 3.0, 14400.0  # page sides in points that PDF/A-2 allows (ISO 19005-2, 6.1.13)

Matrix = tuple[float, float, float, float, float, float]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page in points: its sides as stored, points per scan pixel, and degrees clockwise to be shown upright."""

    width: float
    height: float
    across: float
    down: float
    turn: int

    @classmethod
    def of(cls, scan: PageScan, turn: int) -> Self:
        """Return the sheet of a scan, at the size of its paper.

        Raises:
            Rejected: The paper is smaller or larger than a PDF/A page can be.
        """
        width, height = scan.size_points
        if min(width, height) < _LEAST:
            raise Rejected(Code.PAGE_ZERO_SIZE, f"{width:.1f} x {height:.1f} points")
        if max(width, height) > _MOST:
            raise Rejected(Code.PAGE_TOO_LARGE, f"{width:.0f} x {height:.0f} points")
        return cls(width, height, 72.0 / scan.dpi_x, 72.0 / scan.dpi_y, turn)

    def point(self, x: float, y: float) -> tuple[float, float]:
        """Return the place of a scan pixel position: origin bottom left, y up."""
        return x * self.across, self.height - y * self.down

    @property
    def shown_size(self) -> tuple[float, float]:
        """Width and height as a viewer shows the page."""
        return (self.height, self.width) if self.turn in (90, 270) else (self.width, self.height)

    @property
    def shown(self) -> Matrix:
        """The matrix from the frame a viewer shows (origin bottom left) to the stored page."""
        return {
            0: (1, 0, 0, 1, 0, 0),
            90: (0, 1, -1, 0, self.width, 0),
            180: (-1, 0, 0, -1, self.width, self.height),
            270: (0, -1, 1, 0, 0, self.height),
        }[self.turn]
