"""Pages without any code: text, tables, forms, drawings, noise, as scans of 300 dpi; what reads one there is wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

import cv2
import numpy as np

from bench.drawings import cadastral_map, guilloche, halftone
from bench.paper import Pixels, blank_paper, typed_paper

_SIZE: Final = (3508, 2480)
_TEXT: Final = (
    "căn cứ luật tổ chức chính quyền địa phương nghị định thông tư quyết định hồ sơ thủ tục hành chính người nộp đơn "
    "đề nghị xác nhận thửa đất số tờ bản đồ diện tích mét vuông ngày tháng năm 2026 ủy ban nhân dân phường tân hòa"
)
_WORDS: Final = _TEXT.split()


def codeless(count: int, seed: int = 1) -> Iterator[tuple[str, Pixels]]:
    """Yield so many pages, each with the name of its kind; the same for the same seed."""
    kinds = list(_KINDS.items())
    for at in range(count):
        kind, make = kinds[at % len(kinds)]
        yield kind, make(np.random.default_rng((seed, at)))


def _text(rng: np.random.Generator) -> Pixels:
    words = " ".join(rng.choice(_WORDS, int(rng.integers(150, 600))))
    points = float(rng.uniform(9, 14))
    return _scanned(np.asarray(typed_paper(words, points=points).image.convert("L"), np.uint8), rng)


def _table(rng: np.random.Generator) -> Pixels:
    """Return a grid of lines, thick ones and pairs among them, with figures: what bars of a code look most like."""
    page = np.asarray(
        typed_paper("   ".join(str(n) for n in rng.integers(0, 99999, 260))).image.convert("L"), np.uint8
    ).copy()
    for axis, most in ((0, _SIZE[0]), (1, _SIZE[1])):
        at = int(rng.integers(100, 300))
        while at < most - 200:
            thick = int(rng.choice((2, 3, 5, 9, 24, 60), p=(0.4, 0.3, 0.15, 0.08, 0.05, 0.02)))
            if axis == 0:
                page[at : at + thick, 200:-200] = 0
            else:
                page[300:-300, at : at + thick] = 0
            at += thick + int(rng.integers(8, 160))
    return _scanned(page, rng)


def _squares(rng: np.random.Generator) -> Pixels:
    """Return a form of boxes to tick, one in the other now and then, and dark cells."""
    page = np.asarray(blank_paper().image.convert("L"), np.uint8).copy()
    for _ in range(int(rng.integers(30, 200))):
        x, y = int(rng.integers(100, 2200)), int(rng.integers(100, 3200))
        side = int(rng.integers(20, 140))
        fill = int(rng.choice((-1, 2, 4, 9)))
        cv2.rectangle(page, (x, y), (x + side, y + side), (0,), fill)
        if rng.random() < 0.3:  # noqa: PLR2004 - three of ten
            third = side // 3
            cv2.rectangle(page, (x + third, y + third), (x + 2 * third, y + 2 * third), (0,), -1)
    return _scanned(page, rng)


def _noise(rng: np.random.Generator) -> Pixels:
    """Return grain of one size, from a dusty glass to a sheet of static."""
    coarse = int(rng.integers(1, 12))
    small = rng.integers(0, 256, (_SIZE[0] // coarse + 1, _SIZE[1] // coarse + 1), np.uint8)
    grain = cv2.resize(small, None, fx=coarse, fy=coarse, interpolation=cv2.INTER_NEAREST)[: _SIZE[0], : _SIZE[1]]
    cut = float(rng.uniform(1, 254))
    return np.where(grain < cut, np.uint8(0), np.uint8(255)) if rng.random() < 0.5 else np.asarray(grain, np.uint8)  # noqa: PLR2004 - half


def _drawing(rng: np.random.Generator) -> Pixels:
    make = (cadastral_map, guilloche, halftone)[int(rng.integers(0, 3))]
    drawn = make(300, int(rng.integers(0, 1 << 30)))
    rgb = drawn if isinstance(drawn, np.ndarray) else drawn.rgb
    return _scanned(np.asarray(cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY) if rgb.ndim > 2 else rgb, np.uint8), rng)  # noqa: PLR2004 - colour


def _scanned(page: Pixels, rng: np.random.Generator) -> Pixels:
    """Return a page a little blurred, with grain, now and then turned or black and white."""
    out = np.asarray(cv2.GaussianBlur(page, (0, 0), float(rng.uniform(0.5, 1.5))), np.uint8)
    out = np.asarray(cv2.add(out, rng.integers(0, 16, out.shape, np.uint8)), np.uint8)
    if rng.random() < 0.25:  # noqa: PLR2004 - a quarter
        out = np.asarray(cv2.threshold(out, 160, 255, cv2.THRESH_BINARY)[1], np.uint8)
    return np.ascontiguousarray(np.rot90(out)) if rng.random() < 0.1 else out  # noqa: PLR2004 - a tenth


_KINDS: Final[dict[str, Callable[[np.random.Generator], Pixels]]] = {
    "text": _text,
    "table": _table,
    "squares": _squares,
    "noise": _noise,
    "drawing": _drawing,
}
