"""Find Tesseract's language data and name it by digest, so that a reading can be repeated and explained."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from dossier.errors import Code, Unavailable

ORIENTATION = "osd"

_USUAL = (
    "/usr/share/tesseract-ocr/5/tessdata",
    "/usr/share/tesseract-ocr/4.00/tessdata",
    "/usr/share/tesseract-ocr/tessdata",
    "/usr/share/tessdata",
    "/usr/local/share/tessdata",
    "/opt/homebrew/share/tessdata",
    "C:/Program Files/Tesseract-OCR/tessdata",
)


@dataclass(frozen=True, slots=True)
class Model:
    """One language data file: its language, its place and the SHA-256 of its bytes."""

    language: str
    path: Path
    sha256: str

    @property
    def folder(self) -> Path:
        """The folder that Tesseract is started with."""
        return self.path.parent

    @property
    def label(self) -> str:
        """The name that is stored beside each reading."""
        return f"{self.path.name} sha256:{self.sha256}"


def find_model(language: str = "vie", tessdata: Path | None = None) -> Model:
    """Return the language data that will be used.

    Args:
        language: Tesseract's name of the language, or "osd" for orientation.
        tessdata: The only folder to look in. None looks at TESSDATA_PREFIX and then where systems put it.

    Raises:
        Unavailable: MODEL_MISSING, no such file in any of the folders.
    """
    for folder in _folders(tessdata):
        path = folder / f"{language}.traineddata"
        if path.is_file():
            return Model(language, path, hashlib.sha256(path.read_bytes()).hexdigest())
    raise Unavailable(Code.MODEL_MISSING, f"{language}.traineddata not found", subject=language)


def _folders(tessdata: Path | None) -> Iterator[Path]:
    if tessdata is not None:
        # A folder that was asked for is the only one: another model than the pinned one must not slip in.
        yield tessdata
        return
    prefix = os.environ.get("TESSDATA_PREFIX")
    if prefix:
        yield Path(prefix)
        yield Path(prefix) / "tessdata"
    yield from map(Path, _USUAL)
