"""Page readings laid out from plain text, as a reader would give them for an A4 page at 300 dpi."""

from __future__ import annotations

import json
import re
from pathlib import Path

from dossier.page import Box, PageReading, PageText, PageTransform, Verdict, Word

WIDTH, HEIGHT = 2480, 3508
LEFT, RIGHT, TOP = 330, 2300, 240
ADVANCE, SPACE, CAP, LEADING = 27, 14, 40, 62
SAMPLES = Path(__file__).parent / "sample_documents"
_COLUMNS = re.compile(r" {3,}(?!\[)")


def sample_text(name: str) -> str:
    """Return the text of a sample paper by the start of its file name."""
    return next(SAMPLES.glob(f"{name}*.txt")).read_text(encoding="utf-8")


def expected() -> list[dict[str, object]]:
    """Return the truth of the sample papers."""
    documents: list[dict[str, object]] = json.loads((SAMPLES / "expected.json").read_text(encoding="utf-8"))[
        "documents"
    ]
    return documents


def reading(text: str, confidence: float = 92.0, *, blocks: bool = False) -> PageReading:
    """Return one page laid out from text.

    Lines break at the right margin, short lines in capitals stand in the middle, runs of three spaces or more part
    columns. With `blocks` the left and right columns come as separate blocks, as engines like to cut headers.
    """
    words: list[Word] = []
    y, above = TOP, ""
    for number, line in enumerate(text.splitlines()):
        header = bool(_COLUMNS.search(above.strip())) and line.isupper()
        y += _lay(line, y, number, confidence, words, left=header)
        above = line
    if blocks:
        words.sort(key=lambda word: (word.block, word.line))
    transform = PageTransform(WIDTH, HEIGHT)
    verdict = Verdict.GOOD if words else Verdict.BLANK
    return PageReading(PageText(tuple(words), "test", "test"), transform, verdict)


def _lay(line: str, y: int, number: int, confidence: float, words: list[Word], *, left: bool) -> int:
    columns = [part for part in _COLUMNS.split(line.strip()) if part]
    if not columns:
        return LEADING // 2 + CAP
    if len(columns) > 1:
        step = (RIGHT - LEFT) // len(columns)
        for index, part in enumerate(columns):
            _place(part.split(), LEFT + index * step, y, (number * 100, index), confidence, words)
        return LEADING
    rows = _wrapped(columns[0].split())
    for index, row in enumerate(rows):
        x = (WIDTH - _width(row)) // 2 if _centred(line) and not left else LEFT
        _place(row, x, y + index * LEADING, (number * 100 + index, 0), confidence, words)
    return LEADING * len(rows)


def _centred(line: str) -> bool:
    letters = [char for char in line if char.isalpha()]
    if line.startswith("Số") or line.strip().isdigit():
        return line.strip().isdigit()
    upper = sum(char.isupper() for char in letters)
    return upper > 0.8 * len(letters) or line.startswith(("Độc lập", "(Đã", "(BẢN"))


def _width(row: list[str]) -> int:
    return sum(len(word) * ADVANCE for word in row) + SPACE * (len(row) - 1)


def _wrapped(tokens: list[str]) -> list[list[str]]:
    rows: list[list[str]] = [[]]
    for token in tokens:
        if rows[-1] and _width([*rows[-1], token]) > RIGHT - LEFT:
            rows.append([])
        rows[-1].append(token)
    return rows


def _place(tokens: list[str], x: int, y: int, at: tuple[int, int], confidence: float, words: list[Word]) -> None:
    for token in tokens:
        width = len(token) * ADVANCE
        words.append(Word(token, Box(x, y, x + width, y + CAP), confidence, at[0], at[1]))
        x += width + SPACE
