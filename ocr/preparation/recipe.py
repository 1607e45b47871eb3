"""The measured recipe at the size to read at: perspective, light, contrast, lean, leaders, in this order."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ocr.arrays import Gray
from ocr.frame import Scale
from ocr.gutter import gutter_of
from ocr.half_ruled import completed
from ocr.preparation.contrast import stretch
from ocr.preparation.illumination import even_light
from ocr.preparation.isolated import drop_isolated
from ocr.preparation.leaders import drop_leaders
from ocr.preparation.marks import Marks, marks_of
from ocr.preparation.perspective import Matrix, flattened
from ocr.preparation.ruling import drop_rules, ruling_of, without_drawings
from ocr.preparation.skew import is_leaning, level, line_angle
from ocr.tables import Table, tables_on


@dataclass(frozen=True, slots=True)
class Prepared:
    """A page ready to be read.

    Attributes:
        gray: The pixels for the engine.
        dpi: Their resolution.
        flattening: What a photographed sheet went through before it was levelled; None for a scan.
        skew: Degrees counter-clockwise that the page was turned by, in the proportions of the scan.
        letters: Letter-sized ink that is left on `gray`.
        ruled: The page with its rules, leaders and specks, which a stamp's frame is one of.
        tables: The ruled tables on it, whose rules are gone.
        gutter: Column at which two pages side by side meet; None where there is one.
        operations: Names of what was done.
    """

    gray: Gray
    dpi: float
    flattening: Matrix | None
    skew: float
    letters: Marks
    ruled: Gray
    tables: tuple[Table, ...]
    gutter: int | None
    operations: tuple[str, ...]


def prepare(gray: Gray, dpi: float, scale: Scale, without: frozenset[str] = frozenset()) -> Prepared:
    """Return the page without desk, shade, weak ink, lean, rules, leaders and dirt. Seals and specks are gone before.

    Args:
        gray: Upright page at the size to read at.
        dpi: Its resolution, the same both ways.
        scale: How the page came from the scan; only its proportions matter.
        without: Names of steps that are left out; see `ocr.settings.Step`.
    """
    operations: list[str] = []
    gray, flattening = (gray, None) if "perspective" in without else flattened(gray)
    if flattening is not None:
        operations.append("perspective")
    if not _is_bitonal(gray):
        if "illumination" not in without:
            gray = _noted(operations, "illumination", even_light(gray))
        if "stretch" not in without:
            gray = _noted(operations, "stretch", stretch(gray))
    lean = 0.0 if "deskew" in without else line_angle(gray, dpi)
    skew = 0.0
    if is_leaning(lean):
        # The lean in the scan's own pixels, where the reading frame is defined.
        skew = float(np.degrees(np.arctan(np.tan(np.radians(lean)) / scale.stretch)))
        gray = level(gray, skew, scale.stretch)
        operations.append("deskew")
    clean, tables = _unruled(gray, dpi, operations, without)
    clean, marks = _wiped(clean, dpi, operations, without)
    tables, letters = tuple(completed(table, marks, dpi) for table in tables), marks.like_letters(dpi)
    gutter = None if "two_pages" in without else gutter_of(letters, (clean.shape[1], clean.shape[0]), dpi)
    if gutter is not None:
        operations.append("two_pages")
    return Prepared(clean, dpi, flattening, skew, letters, gray, tables, gutter, tuple(operations))


def _unruled(gray: Gray, dpi: float, operations: list[str], without: frozenset[str]) -> tuple[Gray, tuple[Table, ...]]:
    """Return the page without its rules, and the tables that they drew."""
    if "drop_rules" in without:
        return gray, ()
    ruling = ruling_of(gray, dpi)
    if ruling.is_empty:
        return gray, ()
    tables = tables_on(ruling, dpi)
    ruling = without_drawings(ruling, gray, [table.box for table in tables], dpi)
    if ruling.is_empty:
        return gray, tables
    operations.append("drop_rules")
    return drop_rules(gray, ruling), tables


def _wiped(gray: Gray, dpi: float, operations: list[str], without: frozenset[str]) -> tuple[Gray, Marks]:
    """Return the page without leaders and dirt, and the marks that are left."""
    marks = marks_of(gray)
    for name, step in (("drop_leaders", drop_leaders), ("drop_isolated", drop_isolated)):
        if name in without:
            continue
        gray, left = step(gray, marks, dpi)
        if left is not marks:
            operations.append(name)
        marks = left
    return gray, marks


def _noted(operations: list[str], name: str, result: tuple[Gray, bool]) -> Gray:
    page, acted = result
    if acted:
        operations.append(name)
    return page


def _is_bitonal(gray: Gray) -> bool:
    """Return whether nearly all pixels are pure black or pure white: nothing to even out or to stretch."""
    sample = gray[::7, ::7]
    return bool(np.mean((sample == 0) | (sample == 255)) > 0.97)  # noqa: PLR2004 - scaled G4 keeps gray edges only
