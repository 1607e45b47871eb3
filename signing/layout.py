"""The visible text: its lines, and where they stand on a page that may be turned, cropped or tiny."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from dossier.states import SignerRole
from dossier.text import spaces_collapsed

if TYPE_CHECKING:
    from signing.port import Appearance
    from signing.rules import SealRule
    from signing.typeface import Typeface

_POINTS_PER_MM = 72 / 25.4
_BALANCE_STEPS = 40
_TOUCH = 0.01  # rounding of written rectangles

Box = tuple[float, float, float, float]
Matrix = tuple[int, int, int, int]

_TURN: dict[int, Matrix] = {0: (1, 0, 0, 1), 90: (0, 1, -1, 0), 180: (-1, 0, 0, -1), 270: (0, -1, 1, 0)}


@dataclass(frozen=True, slots=True)
class PageFrame:
    """What a viewer shows of a page.

    Attributes:
        box: The visible part in user space.
        rotate: Clockwise turn in degrees.
        user_unit: Points per user space unit.
        occupied: Rectangles of form fields, earlier signatures among them; the text keeps off them.
    """

    box: Box
    rotate: int
    user_unit: float
    occupied: tuple[Box, ...] = ()


@dataclass(frozen=True, slots=True)
class Block:
    """Lines set in one size.

    Attributes:
        lines: The lines, each no wider than `width`.
        size: Font size in user space units.
        leading: Distance of base lines in user space units.
        width: Width of the block as it is read, in user space units.
        height: Its height.
        rect: Where it stands in the page's user space.
        matrix: Turns the block upright on a turned page; first four numbers of a PDF matrix.
    """

    lines: tuple[str, ...]
    size: float
    leading: float
    width: float
    height: float
    rect: Box
    matrix: Matrix


def lines_of(
    appearance: Appearance, rule: SealRule, at: datetime, *, development: bool, signer: str = ""
) -> tuple[str, ...]:
    """Return the lines before wrapping, none where nothing is to be shown; the time is in the rule's zone."""
    local = at.astimezone(rule.zone)
    offset = f"{local:%z}"
    values = {
        "form": appearance.form,
        "agency": appearance.agency,
        "signer": signer,
        "date": f"{local:%Y-%m-%d}",
        "time": f"{local:%H:%M:%S}",
        "zone": f"{offset[:3]}:{offset[3:5]}",
    }
    own = rule.officer_lines if appearance.role is SignerRole.OFFICER else rule.lines
    templates = own + (rule.development_lines if development and own else ())
    return tuple(line for template in templates if (line := spaces_collapsed(template.format(**values))))


def place(lines: tuple[str, ...], face: Typeface, rule: SealRule, frame: PageFrame, *, low: bool = False) -> Block:
    """Return the block at the right of the page as it is read, smaller where the page is too small for it.

    It stands at the top, or, if `low`, at the bottom.
    """
    unit = _POINTS_PER_MM / frame.user_unit
    page_width, page_height = _as_read(frame)
    right, top = _margin(rule.margin_right_mm * unit, page_width), _margin(rule.margin_top_mm * unit, page_height)
    size = rule.font_points / frame.user_unit
    wrapped = tuple(piece for line in lines for piece in _balanced(line, face, rule.max_width_mm * unit / size))
    width = max(face.width(line) for line in wrapped) * size
    height = len(wrapped) * size * rule.leading
    shrink = min(1.0, (page_width - 2 * right) / width, (page_height - 2 * top) / height)
    width, height, size = width * shrink, height * shrink, size * shrink
    edge = max(top, page_height - top - height) if low else top
    rect = _free_rect(frame, (right, edge), (width, height), page_height)
    return Block(wrapped, size, size * rule.leading, width, height, rect, _TURN[frame.rotate])


def _free_rect(frame: PageFrame, margins: tuple[float, float], size: tuple[float, float], bottom: float) -> Box:
    right, top = margins
    drop = 0.0
    while top + drop + size[1] <= bottom:
        rect = _rect(frame, (right, top + drop), size)
        if not any(_overlap(rect, other) for other in frame.occupied):
            return rect
        drop += size[1] / 2
    return _rect(frame, margins, size)  # no room below: the top is where people look


def _overlap(one: Box, other: Box) -> bool:
    width = min(one[2], other[2]) - max(one[0], other[0])
    height = min(one[3], other[3]) - max(one[1], other[1])
    return min(width, height) > _TOUCH


def _as_read(frame: PageFrame) -> tuple[float, float]:
    left, bottom, right, top = frame.box
    width, height = right - left, top - bottom
    return (height, width) if frame.rotate in (90, 270) else (width, height)


def _margin(wanted: float, length: float) -> float:
    return min(wanted, length / 10)


def _balanced(line: str, face: Typeface, limit: float) -> list[str]:
    """Wrap into as few lines as fit, and these as even as whole words allow."""
    fewest = len(_wrap(line, face, limit))
    trials = (_wrap(line, face, limit * step / _BALANCE_STEPS) for step in range(1, _BALANCE_STEPS + 1))
    return next(lines for lines in trials if len(lines) == fewest)


def _wrap(line: str, face: Typeface, limit: float) -> list[str]:
    lines = [""]
    for word in line.split(" "):
        longer = f"{lines[-1]} {word}".strip()
        if face.width(longer) <= limit or not lines[-1]:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def _rect(frame: PageFrame, margins: tuple[float, float], size: tuple[float, float]) -> Box:
    left, bottom, right, top = frame.box
    (side, upper), (width, height) = margins, size
    return {
        0: (right - side - width, top - upper - height, right - side, top - upper),
        90: (left + upper, top - side - width, left + upper + height, top - side),
        180: (left + side, bottom + upper, left + side + width, bottom + upper + height),
        270: (right - upper - height, bottom + side, right - upper, bottom + side + width),
    }[frame.rotate]
