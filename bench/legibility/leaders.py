"""The lines that a form is filled in on. They are drawn, and belong to no truth."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PIL import ImageDraw, ImageFont

Draw = ImageDraw.ImageDraw
Font = ImageFont.FreeTypeFont

_GLYPHS: Final = {"dots": ".", "spaced": ". ", "ellipsis": "…", "underscore": "_", "centred": "·", "hyphens": "-"}


def draw_leader(draw: Draw, style: str, ends: tuple[int, int], baseline: int, font: Font) -> None:
    """Draw a leader from one x to another on a baseline."""
    if ends[1] - ends[0] < font.size // 2:
        return
    if style in _GLYPHS:
        _glyphs(draw, _GLYPHS[style], ends, baseline, font)
    else:
        _DRAWN[style](draw, ends, baseline, font.size)


def runs_under(style: str) -> bool:
    """Return whether the leader runs on under the value instead of after it."""
    return style.endswith("_under")


def _glyphs(draw: Draw, glyph: str, ends: tuple[int, int], baseline: int, font: Font) -> None:
    count = int((ends[1] - ends[0]) / font.getlength(glyph))
    draw.text((ends[0], baseline), glyph * count, font=font, fill=0, anchor="ls")


def _dense(draw: Draw, ends: tuple[int, int], baseline: int, size: float) -> None:
    _squares(draw, ends, baseline, round(size * 0.075), round(size * 0.165))


def _touching(draw: Draw, ends: tuple[int, int], baseline: int, size: float) -> None:
    dot = max(3, round(size * 0.085))
    _squares(draw, ends, baseline, dot, dot + 1)


def _sparse(draw: Draw, ends: tuple[int, int], baseline: int, size: float) -> None:
    _squares(draw, ends, baseline, round(size * 0.06), round(size * 0.42))


def _squares(draw: Draw, ends: tuple[int, int], baseline: int, dot: int, pitch: int) -> None:
    for x in range(ends[0], ends[1] - dot, pitch):
        draw.ellipse((x, baseline - dot, x + dot, baseline), fill=0)


def _dashes(draw: Draw, ends: tuple[int, int], baseline: int, size: float) -> None:
    dash, thick = round(size * 0.22), max(2, round(size * 0.05))
    for x in range(ends[0], ends[1] - dash, round(size * 0.36)):
        draw.rectangle((x, baseline - thick, x + dash, baseline), fill=0)


def _solid_under(draw: Draw, ends: tuple[int, int], baseline: int, size: float) -> None:
    y = baseline + round(size * 0.22)
    draw.rectangle((ends[0], y, ends[1], y + max(2, round(size * 0.035))), fill=0)


def _dotted_under(draw: Draw, ends: tuple[int, int], baseline: int, size: float) -> None:
    _squares(draw, ends, baseline + round(size * 0.24), max(3, round(size * 0.06)), round(size * 0.14))


def _near(draw: Draw, ends: tuple[int, int], baseline: int, size: float) -> None:
    dot = max(3, round(size * 0.07))
    _squares(draw, ends, baseline, dot, round(dot * 1.4))


def _close_under(draw: Draw, ends: tuple[int, int], baseline: int, size: float) -> None:
    dot = max(3, round(size * 0.045))
    _squares(draw, ends, baseline + round(size * 0.2), dot, dot * 2)


def _long_dashes(draw: Draw, ends: tuple[int, int], baseline: int, size: float) -> None:
    dash, thick = round(size * 0.4), max(2, round(size * 0.035))
    for x in range(ends[0], ends[1] - dash, round(size * 0.55)):
        draw.rectangle((x, baseline - thick, x + dash, baseline), fill=0)


def _thick_line(draw: Draw, ends: tuple[int, int], baseline: int, size: float) -> None:
    draw.rectangle((ends[0], baseline - round(size * 0.02), ends[1], baseline + round(size * 0.05)), fill=0)


def _dots_under(draw: Draw, ends: tuple[int, int], baseline: int, size: float) -> None:
    _squares(draw, ends, baseline + round(size * 0.28), max(3, round(size * 0.08)), round(size * 0.26))


_DRAWN: Final[dict[str, Callable[[Draw, tuple[int, int], int, float], None]]] = {
    "dense": _dense,
    "touching": _touching,
    "dashes": _dashes,
    "solid_under": _solid_under,
    "dotted_under": _dotted_under,
    "sparse": _sparse,
    "near": _near,
    "close_under": _close_under,
    "long_dashes": _long_dashes,
    "thick_line": _thick_line,
    "dots_under": _dots_under,
}
