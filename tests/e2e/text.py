"""How much of what stands on a page comes out of a PDF by `pdftotext`."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable

import numpy as np

from tests.e2e.tools import output

ADDED = re.compile(
    r"^(Bản điện tử chuyển đổi từ văn bản giấy .*|SAO Y|CƠ QUAN THỬ NGHIỆM|Thời gian ký: .*|CHỮ KÝ THỬ NGHIỆM.*"
    r"|KHÔNG CÓ GIÁ TRỊ PHÁP LÝ|KẾT QUẢ ĐIỆN TỬ|UBND phường Tân Hòa Thượng)$",
    re.IGNORECASE,
)
"""Lines that the conversion mark and the visible signatures add to a first page."""


def page_text(path: object, number: int) -> str:
    """Return the text of one page of a PDF without what the program added to it."""
    raw = output("pdftotext", "-raw", "-f", number, "-l", number, path, "-")
    return "\n".join(line for line in raw.replace("\f", "").splitlines() if not ADDED.match(line.strip()))


def error_rate(text: str, truth: Iterable[str]) -> float:
    """Return the character error rate: edits by letters of the truth, white space and its kind aside."""
    wanted, found = _letters(" ".join(truth)), _letters(text)
    return _edits(wanted, found) / len(wanted)


def words_found(text: str, truth: Iterable[str]) -> float:
    """Return the share of the truth's words that are there letter by letter, tones and marks included."""
    wanted, found = Counter(_words(" ".join(truth))), Counter(_words(text))
    return (wanted & found).total() / wanted.total()


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", unicodedata.normalize("NFC", text))


def _letters(text: str) -> str:
    return "".join(unicodedata.normalize("NFC", text).split())


def _edits(one: str, other: str) -> int:
    """Return the Levenshtein distance, a row of the table at a time."""
    codes = np.frombuffer(other.encode("utf-32-le"), dtype=np.uint32)
    steps = np.arange(len(other) + 1)
    row = steps.copy()
    for number, letter in enumerate(one, start=1):
        changed = np.minimum(row[1:] + 1, row[:-1] + (codes != ord(letter)))
        row = np.concatenate(([number], changed))
        row = np.minimum.accumulate(row - steps) + steps
    return int(row[-1])
