"""The measured recipe at the size to read at: light, contrast, lean, leaders, in this order."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ocr.arrays import Gray
from ocr.frame import Scale
from ocr.preparation.contrast import stretch
from ocr.preparation.illumination import even_light
from ocr.preparation.isolated import drop_isolated
from ocr.preparation.leaders import drop_leaders
from ocr.preparation.marks import Marks, marks_of
from ocr.preparation.ruling import drop_rules, ruling_of, without_drawings
from ocr.preparation.skew import is_leaning, level, line_angle
from ocr.tables import Table, tables_on


@dataclass(frozen=True, slots=True)
class Prepared:
    """A page ready to be read.

    Attributes:
        gray: The pixels for the engine.
        dpi: Their resolution.
        skew: Degrees counter-clockwise that the page was turned by, in the proportions of the scan.
        letters: Letter-sized ink that is left on `gray`.
        ruled: The page with its rules, leaders and specks, which a stamp's frame is one of.
        tables: The ruled tables on it, whose rules are gone.
        operations: Names of what was done.
    """

    gray: Gray
    dpi: float
    skew: float
    letters: Marks
    ruled: Gray
    tables: tuple[Table, ...]
    operations: tuple[str, ...]


def prepare(gray: Gray, dpi: float, scale: Scale) -> Prepared:
    """Return the page without shade, weak ink, lean and leaders. Seals and specks are gone before.

    Args:
        gray: Upright page at the size to read at.
        dpi: Its resolution, the same both ways.
        scale: How the page came from the scan; only its proportions matter.
    """
    operations: list[str] = []
    if not _is_bitonal(gray):
        gray = _noted(operations, "illumination", even_light(gray))
        gray = _noted(operations, "stretch", stretch(gray))
    lean = line_angle(gray, dpi)
    skew = 0.0
    if is_leaning(lean):
        # The lean in the scan's own pixels, where the reading frame is defined.
        skew = float(np.degrees(np.arctan(np.tan(np.radians(lean)) / scale.stretch)))
        gray = level(gray, skew, scale.stretch)
        operations.append("deskew")
    ruled = gray
    ruling = ruling_of(gray, dpi)
    tables = tables_on(ruling, dpi)
    if not ruling.is_empty:
        ruling = without_drawings(ruling, gray, [table.box for table in tables], dpi)
    if not ruling.is_empty:
        gray = drop_rules(gray, ruling)
        operations.append("drop_rules")
    marks = marks_of(gray)
    clean, left = drop_leaders(gray, marks, dpi)
    if left is not marks:
        operations.append("drop_leaders")
    clean, print_ = drop_isolated(clean, left, dpi)
    if print_ is not left:
        operations.append("drop_isolated")
        left = print_
    return Prepared(clean, dpi, skew, left.like_letters(dpi), ruled, tables, tuple(operations))


def _noted(operations: list[str], name: str, result: tuple[Gray, bool]) -> Gray:
    page, acted = result
    if acted:
        operations.append(name)
    return page


def _is_bitonal(gray: Gray) -> bool:
    """Return whether nearly all pixels are pure black or pure white: nothing to even out or to stretch."""
    sample = gray[::7, ::7]
    return bool(np.mean((sample == 0) | (sample == 255)) > 0.97)  # noqa: PLR2004 - scaled G4 keeps gray edges only
