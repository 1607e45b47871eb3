"""Look at one scan with every check; words are not read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from dossier.page import Verdict
from dossier.page_look import NOTES, PageLook
from dossier.scan import PageScan
from ocr.arrays import Image
from ocr.checks.corners import missing_corners
from ocr.checks.facing import facing_of
from ocr.checks.fingerprint import Fingerprint, fingerprint
from ocr.checks.sides import cut_sides
from ocr.checks.strokes import Strokes, strokes_of
from ocr.checks.view import View, view_of
from ocr.decoding import decode
from ocr.doubts import doubts_of_sight
from ocr.frame import believed_dpi, tells_size, turned
from ocr.glance import glance_of
from ocr.preparation.skew import line_angle
from ocr.rules import CheckRules, Rules
from ocr.secrecy import sights_of

# Show-through is pale too, and soft.
_SHARP: Final = 0.0165


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was seen; `rescan`: so clearly, and so bad, that the paper had better be scanned again."""

    name: str
    rescan: bool


@dataclass(frozen=True, slots=True)
class Looked:
    """A look at a page, and what another scan of the same sheet is known by."""

    look: PageLook
    fingerprint: Fingerprint | None


def look_at(data: bytes, scan: PageScan, number: int, rules: Rules) -> Looked:
    """Return what can be told of a page's picture.

    Args:
        data: The bytes that `scan` describes.
        scan: Geometry and coding.
        number: Of the page in its file.
        rules: Those in force.

    Raises:
        Rejected: IMAGE_BOMB, PAGE_ZERO_SIZE, IMAGE_DAMAGED; see `decode`.
    """
    image = decode(data, scan, rules.limits)
    view = view_of(image, scan)
    strokes = strokes_of(view)
    lean = line_angle(view.half, view.half_dpi)
    found = [*_of_secrecy(image, scan, rules), *_of_file(scan, rules), *_of_light(strokes, rules.checks)]
    is_blank = view.marks < rules.verdict.blank_marks and not any(each.name in _LIGHT for each in found)
    if not is_blank:
        found += _of_sheet(view, strokes, lean, rules.checks)
    found.sort(key=lambda each: not each.rescan)
    verdict = _verdict(found, is_blank=is_blank)
    look = PageLook(number, verdict, tuple(each.name for each in found), _measures(view, strokes, lean, scan))
    return Looked(look, None if is_blank else fingerprint(view, lean))


_LIGHT: Final = frozenset({"too_dark", "too_pale", "blown"})


def _of_secrecy(image: Image, scan: PageScan, rules: Rules) -> Iterator[Finding]:
    """Yield that the paper may be a state secret, and where to look: it is still there, and nothing was handed over."""
    halved = image.shape[1] / scan.width
    across, down = (dpi * halved for dpi in believed_dpi(scan))
    glance = turned(glance_of(image, (across, down)), scan.turn % 360)
    size = (glance.shape[1], glance.shape[0])
    sights = sights_of(glance, rules.secrecy, is_sized=tells_size(scan))
    doubts = doubts_of_sight(sights, size, rules.secrecy)
    yield from (Finding(name, rescan=False) for name in doubts)


def _of_file(scan: PageScan, rules: Rules) -> Iterator[Finding]:
    """Yield what the settings of the scanner did."""
    dpi = min(believed_dpi(scan))
    if dpi < rules.resolution.least_dpi - rules.resolution.tolerance_dpi:
        yield Finding("low_resolution", rescan=True)
    longest = max(scan.width, scan.height) / dpi
    if not rules.checks.least_inches <= longest <= rules.checks.most_inches:
        yield Finding("odd_size", rescan=False)
    if scan.channels < rules.colour.channels:
        yield Finding("not_colour", rescan=False)


def _of_light(strokes: Strokes | None, rules: CheckRules) -> Iterator[Finding]:
    """Yield whether there was too little or too much light."""
    if strokes is None:
        return
    if strokes.paper < rules.look_paper:
        yield Finding("too_dark", strokes.paper < rules.rescan_paper)
    elif strokes.clipped >= rules.clipped_share and strokes.contrast < rules.look_clipped:
        yield Finding("blown", strokes.contrast < rules.rescan_clipped)
    elif rules.least_contrast <= strokes.contrast < rules.look_contrast and strokes.width < _SHARP:
        yield Finding("too_pale", strokes.contrast < rules.rescan_contrast)


def _of_sheet(view: View, strokes: Strokes | None, lean: float, rules: CheckRules) -> Iterator[Finding]:
    """Yield how the sheet lay, and whether all of it is there and sharp."""
    corners = missing_corners(view)
    yield from (Finding(f"corner_{name}", rescan=True) for name in corners)
    yield from (Finding(f"cut_{name}", rescan=True) for name in cut_sides(view))
    if strokes is not None and strokes.width > rules.look_edge and not view.is_bitonal:
        yield Finding("blurred", strokes.width > rules.rescan_edge)
    facing = facing_of(view, lean).name
    if abs(lean) > rules.look_lean and facing != "sideways":
        yield Finding("skewed", abs(lean) > rules.rescan_lean)
    # Of letters that have run into each other nobody can tell the feet.
    if facing and (strokes is None or strokes.width <= rules.rescan_edge):
        yield Finding(facing, rescan=False)


def _verdict(found: list[Finding], *, is_blank: bool) -> Verdict:
    if any(each.rescan for each in found):
        return Verdict.RESCAN
    if is_blank:
        return Verdict.BLANK
    return Verdict.LOOK if any(each.name not in NOTES for each in found) else Verdict.GOOD


def _measures(view: View, strokes: Strokes | None, lean: float, scan: PageScan) -> tuple[tuple[str, float], ...]:
    found = {"dpi": min(believed_dpi(scan)), "marks": float(view.marks), "lean": lean}
    if strokes is not None:
        found |= {"edge": strokes.width, "contrast": strokes.contrast, "paper": strokes.paper}
    return tuple((name, round(value, 4)) for name, value in found.items())
