"""Start the engine that the settings name."""

from __future__ import annotations

from pathlib import Path

from dossier.errors import Code, Unavailable
from ocr.engines.models import ORIENTATION, Model, find_model
from ocr.engines.port import OcrEngine

ENGINES = ("tesserocr", "pytesseract")


def start_engine(name: str, language: str = "vie", tessdata: Path | None = None) -> OcrEngine:
    """Return the engine, ready to read.

    Args:
        name: One of `ENGINES`.
        language: Tesseract's name of the language.
        tessdata: See `find_model`.

    Raises:
        Unavailable: MODEL_MISSING when language data or program is absent, SETTINGS_INVALID for another name.
    """
    model, orientation = find_model(language, tessdata), _orientation(tessdata)
    # Imported here so that a system without one of the two can run the other.
    if name == "tesserocr":
        from ocr.engines.tesserocr_engine import TesserocrEngine  # noqa: PLC0415

        return TesserocrEngine(model, orientation)
    if name == "pytesseract":
        from ocr.engines.pytesseract_engine import PytesseractEngine  # noqa: PLC0415

        return PytesseractEngine(model, orientation)
    raise Unavailable(Code.SETTINGS_INVALID, f"unknown engine {name}", subject="engine")


def _orientation(tessdata: Path | None) -> Model | None:
    try:
        return find_model(ORIENTATION, tessdata)
    except Unavailable:
        return None
