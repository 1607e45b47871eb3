"""What the reader asks of a recognition engine."""

from __future__ import annotations

from enum import Enum
from typing import Protocol

from dossier.page import Word
from ocr.arrays import Gray


class Layout(Enum):
    """How the engine should look for text."""

    PAGE = "page"
    BLOCK = "block"


class OcrEngine(Protocol):
    """Recognises words on prepared gray pixels. It never sees a file and never alters what it read.

    Attributes:
        name: Engine and its version.
        model: Language model and its digest.
        language: Tesseract's name of the language.
    """

    name: str
    model: str
    language: str

    def read(self, gray: Gray, dpi: int, layout: Layout = Layout.PAGE, signs: str = "") -> tuple[Word, ...]:
        """Return the words in reading order, boxes in pixels of `gray`, confidence 0 to 100.

        Only `signs` are read, all of the language's where it is empty.

        `line` counts lines over the whole page from 0, `block` is the engine's block number. Text is NFC. The
        same pixels give the same words, whatever was read before.
        """
        ...

    def turn(self, gray: Gray, dpi: int) -> int | None:
        """Return the degrees clockwise (0, 90, 180, 270) that make the page upright; None when it cannot tell."""
        ...

    def close(self) -> None:
        """Free the engine's memory. Safe to call twice."""
        ...
