"""A small SVG drawing: lines, boxes, marks and texts in black, told apart by dashes, hatching and shape, not colour."""

from __future__ import annotations

from collections.abc import Sequence
from xml.sax.saxutils import escape, quoteattr
from zlib import crc32

from dossier.text import visible

FACE = "Liberation Serif"
_HATCHES = {
    "sparse": "M0 8L8 0",
    "dense": "M0 4L4 0M4 8L8 4M0 8L8 0",
    "cross": "M0 0L8 8M0 8L8 0",
}
_MARK = 3.6  # half the width of a mark

Point = tuple[float, float]


class Drawing:
    """A drawing of fixed size, filled from the back to the front. `title` says what it shows to who cannot see it."""

    def __init__(self, width: int, height: int, title: str) -> None:
        self.width = width
        self.height = height
        self._title = title
        self._own = f"{crc32(title.encode()):08x}"  # several drawings stand on one page
        self._parts: list[str] = []

    def line(self, points: Sequence[Point], *, width: float = 1, dash: str = "", grey: bool = False) -> None:
        """Draw a line through points."""
        path = "M" + "L".join(f"{_number(x)} {_number(y)}" for x, y in points)
        dashes = {"stroke-dasharray": dash} if dash else {}
        stroke = "#999999" if grey else "#000000"
        self._put("path", d=path, fill="none", stroke=stroke, **{"stroke-width": _number(width)}, **dashes)

    def box(self, x: float, y: float, width: float, height: float, hatch: str = "") -> None:
        """Draw a box with a frame, hatched or white inside."""
        place = {"x": x, "y": y, "width": width, "height": height}
        numbers = {name: _number(value) for name, value in place.items()}
        self._put("rect", **numbers, fill=f"url(#{hatch}-{self._own})" if hatch else "#ffffff", stroke="#000000")

    def mark(self, at: Point, shape: str) -> None:
        """Draw one mark of a line: `disc`, `square`, `diamond`, `triangle`, and the same with `-open` behind."""
        name, _, opened = shape.partition("-")
        fill = "#ffffff" if opened else "#000000"
        x, y = at
        if name == "disc":
            self._put("circle", cx=_number(x), cy=_number(y), r=_number(_MARK), fill=fill, stroke="#000000")
            return
        corners = {
            "square": ((-1, -1), (1, -1), (1, 1), (-1, 1)),
            "diamond": ((0, -1.3), (1.3, 0), (0, 1.3), (-1.3, 0)),
            "triangle": ((0, -1.2), (1.2, 1), (-1.2, 1)),
        }[name]
        path = "M" + "L".join(f"{_number(x + _MARK * dx)} {_number(y + _MARK * dy)}" for dx, dy in corners) + "Z"
        self._put("path", d=path, fill=fill, stroke="#000000")

    def text(self, at: Point, text: str, *, size: float = 13, anchor: str = "start", bold: bool = False) -> None:
        """Write a text, whatever it says, with its base line at a point; `anchor` is `start`, `middle` or `end`."""
        attributes = {"x": _number(at[0]), "y": _number(at[1]), "text-anchor": anchor, "fill": "#000000"}
        attributes |= {"font-family": f"{FACE}, Times New Roman, serif", "font-size": _number(size)}
        attributes |= {"font-weight": "bold"} if bold else {}
        self._parts.append(f"<text{_written(attributes)}>{escape(visible(text))}</text>")

    def svg(self) -> str:
        """Return the drawing as an SVG document, without line ends of any one system."""
        hatches = "".join(
            f'<pattern id="{name}-{self._own}" width="8" height="8" patternUnits="userSpaceOnUse">'
            f'<rect width="8" height="8" fill="#ffffff"/><path d="{path}" stroke="#000000" fill="none"/></pattern>'
            for name, path in _HATCHES.items()
        )
        size = {"width": str(self.width), "height": str(self.height), "viewBox": f"0 0 {self.width} {self.height}"}
        head = _written({"xmlns": "http://www.w3.org/2000/svg", "role": "img", **size})
        title = f"<title>{escape(visible(self._title))}</title>"
        return f"<svg{head}>{title}<defs>{hatches}</defs>{''.join(self._parts)}</svg>\n"

    def _put(self, name: str, **attributes: str) -> None:
        self._parts.append(f"<{name}{_written(attributes)}/>")


def shortened(text: str, most: int) -> str:
    """Return a text of at most so many characters, cut at the end with an ellipsis."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def _written(attributes: dict[str, str]) -> str:
    return "".join(f" {name}={quoteattr(value)}" for name, value in attributes.items())


def _number(value: float) -> str:
    """Return a number with at most two decimals, the same on every machine."""
    return f"{float(value):.2f}".rstrip("0").rstrip(".")
