"""QR and bar codes on a page: at half its resolution, and finer only where something there looks like a code.

Measured on A4 at 300 dpi (decision 0036): QR codes of 36 mm are read as well from half the resolution, in a tenth of
the time. What looks like a large QR code and cannot be read is told: it may be a separator sheet of ours.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
import zxingcpp

from dossier.page import Box, PageCode, PageCodes
from ocr.arrays import Gray
from ocr.patch_code import has_patch_code
from ocr.preparation.scale import at_a_glance

_FIRST_DPI: Final = 150.0
_FINE_DPI: Final = 300.0
_MOST: Final = 32  # codes on one page; a sheet of postage stamps has more, and none of them is ours
_LONGEST: Final = 1000
_FORMATS: Final = zxingcpp.barcode_formats_from_str("QRCode,Code128,Code39")
_QR: Final = zxingcpp.barcode_formats_from_str("QRCode")
_NAMES: Final = {
    zxingcpp.BarcodeFormat.QRCode: "qr",
    zxingcpp.BarcodeFormat.Code128: "code128",
    zxingcpp.BarcodeFormat.Code39: "code39",
}
# What scanning programs print on their plain separators, as Code 128 or Code 39.
_PATCH_TEXT: Final = "PATCHT"
# Inches: a corner mark of a 36 mm code of ours is 0.2 wide; those of codes on certificates and cards stay below.
_MARK_INCHES: Final = (0.15, 0.5)
_MARK_DPI: Final = 75.0
# Shares of a mark's width, 3/7 and 5/7 and what blur makes of them: on damaged sheets at least 0.38 and at most 0.80.
_LEAST_CORE, _MOST_FREE = 0.35, 0.86
_PLACE_INCHES: Final = 0.32
_EDGES_BOTH, _EDGES_ONE = 38, 60  # mean steps of gray from pixel to pixel
_SHORTEST_LINEAR: Final = 6  # signs: bars of tables and stamps give short texts now and then


@dataclass(frozen=True, slots=True)
class _Mark:
    """A corner mark: its middle and its width, in pixels of the page; `true`: ring and core have the very widths."""

    x: float
    y: float
    size: float
    true: bool


def codes_on(gray: Gray, dpi: float, *, fine: bool = False) -> PageCodes:
    """Return the codes on a page.

    Args:
        gray: The page, the right way up or not.
        dpi: Its resolution; what a page claims wrongly costs time or the code, never a false one.
        fine: Look for small QR codes too, as identity cards have; some 15 ms more.

    Returns:
        Codes with their boxes in pixels of `gray`, in no promised order; whether a large QR code is there that could
        not be read; whether a patch code is.
    """
    small, factor = _at(gray, dpi, _FIRST_DPI)
    found = _read(small, factor)
    if fine:
        found = _joined(found, _read(*_at(gray, dpi, _FINE_DPI), _QR))
    marks = _corner_marks(small, dpi / factor, factor)
    if _looks_like_one(_unexplained(marks, found)):
        found = _joined(found, _more(gray, dpi, small, factor))
    patch = has_patch_code(small, dpi / factor) or any(_is_patch_text(code) for code in found)
    # Nested squares of forms are worth another look, not a person's time: of seven modules the ring leaves five free.
    unread = not _has_qr(found) and _looks_like_one([mark for mark in _unexplained(marks, found) if mark.true])
    return PageCodes(tuple(found), unread=unread, patch=patch)


def may_have_codes(gray: Gray, dpi: float) -> bool:
    """Return whether some place on a page is as full of edges as a code is, both ways or one; print is half as full.

    Takes 3 ms where looking for codes takes 30: measured on text with seals at most 31 both ways and 50 one way, on QR
    codes that can be read at least 42 (decision 0036).
    """
    small, _ = _at(gray, dpi, _MARK_DPI)
    across = cv2.absdiff(small[:-1, 1:], small[:-1, :-1])
    down = cv2.absdiff(small[1:, :-1], small[:-1, :-1])
    place = (round(_PLACE_INCHES * _MARK_DPI),) * 2
    one, other = (cv2.boxFilter(edges, -1, place) for edges in (across, down))
    both = int(cv2.min(one, other).max()) if one.size else 0
    return both >= _EDGES_BOTH or max(int(one.max(initial=0)), int(other.max(initial=0))) >= _EDGES_ONE


def _more(gray: Gray, dpi: float, small: Gray, factor: float) -> list[PageCode]:
    """Return what other looks at the page find: without its grain, then in its own resolution."""
    calm = np.asarray(cv2.medianBlur(small, 3), np.uint8)
    found = _read(calm, factor)
    if _has_qr(found):
        return found
    fine, factor = _at(gray, dpi, _FINE_DPI)
    return _read(fine, factor) or _read(np.asarray(cv2.GaussianBlur(fine, (0, 0), 1.5), np.uint8), factor)


def _at(gray: Gray, dpi: float, most: float) -> tuple[Gray, float]:
    """Return the page at a resolution, at most its own, and its pixels for each of them."""
    less = min(1.0, most / max(dpi, 1.0))
    small = at_a_glance(gray, less)
    return small, gray.shape[1] / small.shape[1]


def _read(gray: Gray, factor: float, formats: zxingcpp.BarcodeFormats = _FORMATS) -> list[PageCode]:
    found = zxingcpp.read_barcodes(
        np.ascontiguousarray(gray), formats=formats, text_mode=zxingcpp.TextMode.Plain, try_invert=False
    )
    codes = (_code(one, factor) for one in found[:_MOST] if one.valid)
    return _joined([], (code for code in codes if _is_believable(code)))


def _code(found: zxingcpp.Barcode, factor: float) -> PageCode:
    corners = [getattr(found.position, name) for name in ("top_left", "top_right", "bottom_right", "bottom_left")]
    xs, ys = ([round(getattr(corner, axis) * factor) for corner in corners] for axis in "xy")
    return PageCode(_NAMES[found.format], found.text[:_LONGEST], Box(min(xs), min(ys), max(xs), max(ys)))


def _is_believable(code: PageCode) -> bool:
    """Return whether a code is one: Code 39 has no check sign, and short bars are found in grids of lines."""
    if code.kind == "qr":
        return bool(code.text)
    if code.kind == "code39":
        return _is_patch_text(code)
    return len(code.text) >= _SHORTEST_LINEAR and code.text.isprintable()


def _is_patch_text(code: PageCode) -> bool:
    return code.kind != "qr" and code.text.strip().upper() == _PATCH_TEXT


def _has_qr(found: Iterable[PageCode]) -> bool:
    return any(code.kind == "qr" for code in found)


def _joined(found: list[PageCode], more: Iterable[PageCode]) -> list[PageCode]:
    """Return codes, each place of one only once."""
    out = list(found)
    for code in more:
        if not any(code.text == other.text and _meet(code.box, other.box) for other in out):
            out.append(code)
    return out


def _meet(one: Box, other: Box) -> bool:
    across = one.left < other.right and other.left < one.right
    return across and one.top < other.bottom and other.top < one.bottom


def _corner_marks(gray: Gray, dpi: float, factor: float) -> list[_Mark]:
    """Return the large corner marks of QR codes: a dark square in a white one in a dark one.

    Args:
        gray: The page.
        dpi: Its resolution.
        factor: Pixels of the whole page for each of its pixels, in which the marks are told.
    """
    small, less = _at(gray, dpi, _MARK_DPI)
    small = np.asarray(cv2.GaussianBlur(small, (3, 3), 0), np.uint8)
    _, ink = cv2.threshold(small, 0, 255, cv2.THRESH_BINARY_INV | cv2.THRESH_OTSU)
    contours, tree = cv2.findContours(ink, cv2.RETR_TREE, cv2.CHAIN_APPROX_SIMPLE)
    found: list[_Mark] = []
    for index, contour in enumerate(contours):
        inner = tree[0][index][2]
        if inner < 0 or tree[0][inner][2] < 0 or not _is_square(contour, dpi / less):
            continue
        core = contours[tree[0][inner][2]]
        if _is_core(core, contour):
            left, top, width, height = cv2.boundingRect(contour)
            scale, size = less * factor, (width + height) / 2
            is_true = _share(core, contour) >= _LEAST_CORE and _share(contours[inner], contour) <= _MOST_FREE
            found.append(_Mark((left + width / 2) * scale, (top + height / 2) * scale, size * scale, is_true))
    return found


def _looks_like_one(marks: list[_Mark]) -> bool:
    """Return whether marks may be those of one code: three of one size, as the three corners of a QR code are."""
    sizes = sorted(mark.size for mark in marks)
    return any(third <= 1.25 * first for first, third in zip(sizes, sizes[2:], strict=False))


def _is_square(contour: cv2.typing.MatLike, scale: float) -> bool:
    _, (width, height), _ = cv2.minAreaRect(contour)
    low, high = (inches * scale for inches in _MARK_INCHES)
    return low <= min(width, height) and max(width, height) <= min(high, 1.4 * min(width, height))


def _is_core(core: cv2.typing.MatLike, mark: cv2.typing.MatLike) -> bool:
    """Return whether a dark piece is the core of a mark: three of its seven modules wide, in its middle."""
    (x, y), _, _ = cv2.minAreaRect(core)
    (of_x, of_y), (of_width, of_height), _ = cv2.minAreaRect(mark)
    share = _share(core, mark)
    near = max(abs(x - of_x), abs(y - of_y)) < 0.12 * (of_width + of_height) / 2
    return bool(near and 0.28 < share < 0.6)  # noqa: PLR2004 - 3/7, and what blur makes of it


def _share(piece: cv2.typing.MatLike, of: cv2.typing.MatLike) -> float:
    """Return how wide a piece is for a mark's width."""
    (_, size, _), (_, whole, _) = cv2.minAreaRect(piece), cv2.minAreaRect(of)
    return sum(size) / max(sum(whole), 1.0)


def _unexplained(marks: list[_Mark], found: Iterable[PageCode]) -> list[_Mark]:
    """Return the corner marks that lie in no QR code that was read."""
    boxes = [code.box for code in found if code.kind == "qr"]
    return [mark for mark in marks if not any(_holds(box, mark.x, mark.y) for box in boxes)]


def _holds(box: Box, x: float, y: float) -> bool:
    slack_x, slack_y = 0.1 * (box.right - box.left), 0.1 * (box.bottom - box.top)
    return box.left - slack_x <= x <= box.right + slack_x and box.top - slack_y <= y <= box.bottom + slack_y
