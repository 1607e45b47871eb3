"""A page reader without an engine: what it says of a page, or how it dies of it, is planned by the page's bytes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from dossier.digest import of_bytes
from dossier.page import MAY_BE_SECRET, Box, PageReading, PageText, PageTransform, Verdict, Word
from dossier.scan import PageScan
from ocr.again import Piece, Readings

_ROW = 30


@dataclass
class ScriptedReader:
    """Reads `texts[sha256 of the page]`, or raises what `faults` plans: one for each attempt in turn."""

    texts: dict[str, str] = field(default_factory=dict)
    faults: dict[str, list[Exception]] = field(default_factory=dict)
    secret: set[str] = field(default_factory=set)
    doubtful: set[str] = field(default_factory=set)
    calls: Counter[str] = field(default_factory=Counter)

    def read(self, data: bytes, scan: PageScan, effort: str = "full", *, cleared: bool = False) -> PageReading:
        """Return the planned reading."""
        del effort
        digest = of_bytes(data)
        self.calls[digest] += 1
        if self.faults.get(digest):
            raise self.faults[digest].pop(0)
        text = PageText(tuple(_words(self.texts.get(digest, "một trang giấy"))), "scripted", "none")
        transform = PageTransform(scan.width, scan.height, scan.turn)
        if digest in self.doubtful and not cleared:
            reasons = (MAY_BE_SECRET, "secret_top_left")
            return PageReading(PageText((), "scripted", "none"), transform, Verdict.LOOK, reasons)
        if digest in self.secret and not cleared:
            return PageReading(PageText((), "scripted", "none"), transform, Verdict.LOOK, secret="MẬT")  # noqa: S106
        return PageReading(text, transform, Verdict.GOOD)


@dataclass
class ScriptedSecondReader:
    """Reads `answers` at every place of a page, one for each size, or dies of the page."""

    answers: tuple[str, ...] = ()
    fault: Exception | None = None
    calls: int = 0

    def read(
        self, data: bytes, scan: PageScan, transform: PageTransform, pieces: Sequence[Piece]
    ) -> tuple[Readings, ...]:
        """Return the planned readings."""
        del data, scan, transform
        self.calls += 1
        if self.fault:
            raise self.fault
        return tuple(
            tuple((Word(answer, piece.box, 90.0, 0, 0),) if answer else () for answer in self.answers)
            for piece in pieces
        )


def _words(text: str) -> list[Word]:
    words = []
    for line, row in enumerate(text.splitlines()):
        left = 10
        for part in row.split():
            right = left + 8 * len(part)
            words.append(Word(part, Box(left, 10 + line * _ROW, right, 30 + line * _ROW), 95.0, line, 0))
            left = right + 6
    return words
