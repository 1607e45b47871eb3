"""What a reader is started with."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Step = Literal[
    "drop_coloured",
    "median",
    "perspective",
    "illumination",
    "stretch",
    "deskew",
    "drop_rules",
    "drop_leaders",
    "drop_isolated",
    "two_pages",
    "second_look",
    "mend_phrases",
    "read_red",
]
"""Steps of reading that can be switched off. Each acts on the pixels that are read only; scans are never altered."""


@dataclass(frozen=True)
class ReaderSettings:
    """Engine and bounds of the reading process.

    Attributes:
        engine: "tesserocr" (in the child process) or "pytesseract" (through the program).
        tessdata: The only folder to take language data from; None looks where systems put it.
        language: Tesseract's name of the language.
        without: Steps that are left out, of `Step`.
        wall_seconds: Time for one page by the clock.
        cpu_seconds: Time for one page on the processor.
        memory_bytes: Address space of the child; an A4 page at 300 dpi in colour takes far less.
    """

    engine: str = "tesserocr"
    tessdata: Path | None = None
    language: str = "vie"
    without: frozenset[Step] = frozenset()
    wall_seconds: float = 60
    cpu_seconds: int = 50
    memory_bytes: int = 2 << 30
