"""Dossiers as an office scans them: two-page documents, A4 in colour at 300 dpi, one JPEG file a page."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from bench.paper import Pixels, add_seal, skewed, typed_paper

SAMPLES: Final = Path(__file__).parent.parent / "tests" / "sample_documents"
DPI: Final = 300
PAGES_PER_DOCUMENT: Final = 2
_QUALITY: Final = 75
_FORM: Final = "Họ và tên: {dots}\nNgày sinh: {short} Dân tộc: {short}\nNơi cư trú: {dots}\n"
_LEANS: Final = (0.0, 0.6, -1.3, 0.3, 1.7, -0.4)
_HEADER_LINES: Final = 8
_BLUR, _WHITE, _NOISE = 0.7, 238, 4


def make_dossiers(target: Path, count: int, dpi: int = DPI) -> list[Path]:
    """Draw dossiers of one two-page document each and return their folders."""
    return [_dossier(target, number, dpi) for number in range(count)]


def pages_of(folder: Path) -> list[Path]:
    """Return the scans of a dossier in order."""
    return sorted(folder.rglob("*.jpg"))


def _dossier(target: Path, number: int, dpi: int) -> Path:
    folder = target / f"H99.27.12-260115-{number:04}"
    folder.mkdir(parents=True)
    for page, rgb in enumerate(_document(number, dpi), start=1):
        picture = Image.fromarray(rgb)
        picture.save(folder / f"trang_{page}.jpg", "JPEG", quality=_QUALITY, dpi=(dpi, dpi))
    return folder


def _document(number: int, dpi: int) -> Iterator[Pixels]:
    sources = sorted(SAMPLES.glob("*.txt"))
    first = sources[number % len(sources)].read_text(encoding="utf-8")
    lines = sources[(number + 5) % len(sources)].read_text(encoding="utf-8").splitlines()[_HEADER_LINES:]
    form = _FORM.format(dots="." * 70, short="." * 24) if number % 2 else ""
    second = f"Trang 2/2\n\n{form}" + "\n".join(lines)
    for page, text in enumerate((first, second)):
        paper = typed_paper(text, dpi)
        add_seal(paper, (5.8, 9.3))
        lean = _LEANS[(number * 2 + page) % len(_LEANS)]
        yield _scanned(skewed(paper.rgb, lean), seed=number * 2 + page)


def _scanned(rgb: Pixels, seed: int) -> Pixels:
    """Return the page with off-white paper, light blur and a grain of its own: equal pages would be stored once."""
    soft = cv2.GaussianBlur(rgb, (0, 0), _BLUR)
    paper = cv2.convertScaleAbs(soft, alpha=_WHITE / 255, beta=6)
    grain: NDArray[np.int16] = np.empty(rgb.shape, np.int16)
    cv2.setRNGSeed(seed)
    cv2.randn(grain, np.zeros(3), np.full(3, _NOISE))
    return np.asarray(cv2.add(paper, grain, dtype=cv2.CV_8U), np.uint8)
