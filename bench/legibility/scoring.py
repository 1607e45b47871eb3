"""How far a reading is from the truth, in letters and in words."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from rapidfuzz.distance import Levenshtein

from bench.legibility.truth import Truth

_SAME: Final = str.maketrans(
    dict.fromkeys("“”„‟«»", '"') | dict.fromkeys("‘’‚‛`´", "'") | dict.fromkeys("–—−‐‑‒―", "-")
)
# A leader is no text: three or more dots, underscores or dashes, or four and more with spaces between them.
_LEADERS: Final = re.compile(r"[.·…_•‥-]{3,}|…|(?:[.·…_•-] ){3,}[.·…_•-]?|_{2,}")
_MARKS: Final = re.compile(r"[\u0300-\u036f]")


@dataclass(frozen=True, slots=True)
class Score:
    """Errors of one reading of one page."""

    letters: int
    wrong_letters: int
    words: int
    wrong_words: int
    wrong_bare_letters: int
    missing_words: int
    read_words: int

    @property
    def cer(self) -> float:
        """Wrong letters in a hundred."""
        return 100.0 * self.wrong_letters / max(1, self.letters)


def normal(text: str) -> str:
    """Return a text as it is compared: NFC, no leaders, one kind of quote and dash, spaces folded."""
    folded = " ".join(unicodedata.normalize("NFC", text).translate(_SAME).split())
    return " ".join(_LEADERS.sub(" ", folded).split())


def without_marks(text: str) -> str:
    """Return a text without tones and other marks, đ as d."""
    bare = _MARKS.sub("", unicodedata.normalize("NFD", text))
    return bare.replace("đ", "d").replace("Đ", "D")


def scored(truth: Truth, reading: str) -> Score:
    """Return the errors of a reading against the legal order of the truth that it is nearest to."""
    got = normal(reading)
    wanted = nearest(truth, got)
    words, got_words = wanted.split(), got.split()
    missing = Counter(words) - Counter(got_words)
    return Score(
        letters=len(wanted),
        wrong_letters=Levenshtein.distance(wanted, got),
        words=len(words),
        wrong_words=Levenshtein.distance(words, got_words),
        wrong_bare_letters=Levenshtein.distance(without_marks(wanted), without_marks(got)),
        missing_words=missing.total(),
        read_words=sum(any(char.isalnum() for char in word) for word in got_words),
    )


def nearest(truth: Truth, got: str) -> str:
    """Return the truth, normal, in the order that a normal reading is nearest to.

    Passages are tried one after the other, which is the best choice as long as each is near its own place.
    """
    choice = [0] * len(truth.passages)
    best, best_text = _distance(truth, choice, got)
    for index, passage in enumerate(truth.passages):
        for other in range(1, len(passage.orders)):
            tried = [*choice[:index], other, *choice[index + 1 :]]
            distance, text = _distance(truth, tried, got)
            if distance < best:
                best, best_text, choice = distance, text, tried
    return best_text


def _distance(truth: Truth, choice: list[int], got: str) -> tuple[int, str]:
    text = normal(truth.text(tuple(choice)))
    return Levenshtein.distance(text, got), text


def differences(truth: Truth, reading: str) -> list[str]:
    """Return the places where a reading differs, each as `wanted -> got` with what stands around it."""
    got = normal(reading)
    wanted = nearest(truth, got)
    codes = [code for code in Levenshtein.opcodes(wanted, got) if code.tag != "equal"]
    groups = _grouped([(code.src_start, code.src_end, code.dest_start, code.dest_end) for code in codes])
    return [f"…{wanted[max(0, a - 18) : a]}[{wanted[a:b]} -> {got[c:d]}]{wanted[b : b + 10]}…" for a, b, c, d in groups]


def _grouped(spans: list[tuple[int, int, int, int]], gap: int = 3) -> list[tuple[int, int, int, int]]:
    """Return the spans with those joined that stand nearer than `gap` letters to each other."""
    out = spans[:1]
    for _, span in pairwise(spans):
        last = out[-1]
        if span[0] - last[1] < gap:
            out[-1] = (last[0], span[1], last[2], span[3])
        else:
            out.append(span)
    return out
