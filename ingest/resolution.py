"""Dots per inch: what the source says when it can be believed, otherwise what a sheet of paper makes likely."""

from __future__ import annotations

from dataclasses import dataclass

from ingest.limits import ASSUMED

_MM_PER_INCH = 25.4


@dataclass(frozen=True, slots=True)
class Resolution:
    """Dots per inch across and down; `assumed` when the source told none that can be true."""

    x: float
    y: float
    assumed: bool


def resolution(size: tuple[int, int], stated: tuple[float, float] | None) -> Resolution:
    """Return the resolution of an image.

    Args:
        size: Width and height in pixels.
        stated: Dots per inch as the source says, or None.
    """
    if stated is not None and _is_believable(size, stated):
        return Resolution(stated[0], stated[1], assumed=False)
    likely = _likely_dpi(size)
    return Resolution(likely, likely, assumed=True)


def _is_believable(size: tuple[int, int], stated: tuple[float, float]) -> bool:
    least, most = ASSUMED["believable_dpi"]
    if not all(least <= dpi <= most for dpi in stated):
        return False
    if not all(dpi in ASSUMED["unmeasured_dpi"] for dpi in stated):
        return True
    # 72 and 96 are what software writes that measured nothing: true only if the sheet is no larger than A3.
    longest_mm = max(side / dpi * _MM_PER_INCH for side, dpi in zip(size, stated, strict=True))
    return bool(longest_mm <= max(map(max, ASSUMED["paper_mm"])) * (1 + ASSUMED["tolerance"]))


def _likely_dpi(size: tuple[int, int]) -> float:
    """Return the usual dpi at which the image is a sheet of a usual size, else the one that makes it as long as A4."""
    short, long = sorted(size)
    for dpi in ASSUMED["usual_dpi"]:
        for paper_short, paper_long in ASSUMED["paper_mm"]:
            if _is_near(short, paper_short, dpi) and _is_near(long, paper_long, dpi):
                return float(dpi)
    a4_long = ASSUMED["paper_mm"][0][1] / _MM_PER_INCH
    least, most = ASSUMED["believable_dpi"]
    return float(min(max(round(long / a4_long), least), most))


def _is_near(pixels: int, millimetres: float, dpi: float) -> bool:
    expected = millimetres / _MM_PER_INCH * dpi
    return bool(abs(pixels - expected) <= expected * ASSUMED["tolerance"])
