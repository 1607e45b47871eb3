"""What a reader is started with."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class ReaderSettings:
    """Engine and bounds of the reading process.

    Attributes:
        engine: "tesserocr" (in the child process) or "pytesseract" (through the program).
        tessdata: The only folder to take language data from; None looks where systems put it.
        language: Tesseract's name of the language.
        wall_seconds: Time for one page by the clock.
        cpu_seconds: Time for one page on the processor.
        memory_bytes: Address space of the child; an A4 page at 300 dpi in colour takes far less.
    """

    engine: str = "tesserocr"
    tessdata: Path | None = None
    language: str = "vie"
    wall_seconds: float = 60
    cpu_seconds: int = 50
    memory_bytes: int = 2 << 30
