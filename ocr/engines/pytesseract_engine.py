"""Tesseract as a program through `pytesseract`: slower, for systems without a wheel of the library."""

from __future__ import annotations

import re

import pytesseract
from PIL import Image as Pictures

from dossier.errors import Code, Unavailable
from dossier.page import Word
from ocr.arrays import Gray
from ocr.engines.models import ORIENTATION, Model
from ocr.engines.port import Layout
from ocr.engines.tsv import words_of

_MODES = {Layout.PAGE: 3, Layout.BLOCK: 6}
_ROTATE = re.compile(r"^Rotate: (\d+)$", re.MULTILINE)


class PytesseractEngine:
    """`OcrEngine` over the `tesseract` program found on the PATH."""

    def __init__(self, model: Model, orientation: Model | None) -> None:
        """Ask the program for its version, so that a missing program is told at once."""
        try:
            version = pytesseract.get_tesseract_version()
        except pytesseract.TesseractNotFoundError as exc:
            raise Unavailable(Code.MODEL_MISSING, "the tesseract program is not installed") from exc
        self.name = f"tesseract {version} (pytesseract {pytesseract.__version__})"
        self.model = model.label
        self.language = model.language
        self._model = model
        self._orientation_model = orientation

    def read(self, gray: Gray, dpi: int, layout: Layout = Layout.PAGE) -> tuple[Word, ...]:
        """See `OcrEngine.read`."""
        options = f"--psm {_MODES[layout]} --dpi {dpi} --tessdata-dir {self._model.folder}"
        return words_of(str(pytesseract.image_to_data(Pictures.fromarray(gray), lang=self.language, config=options)))

    def turn(self, gray: Gray, dpi: int) -> int | None:
        """See `OcrEngine.turn`."""
        if self._orientation_model is None:
            return None
        options = f"--psm 0 --dpi {dpi} --tessdata-dir {self._orientation_model.folder}"
        try:
            told = pytesseract.image_to_osd(Pictures.fromarray(gray), lang=ORIENTATION, config=options)
        except pytesseract.TesseractError:
            # The program exits with an error when a page has too few letters to tell.
            return None
        found = _ROTATE.search(str(told))
        return None if found is None else int(found[1]) % 360

    def close(self) -> None:
        """See `OcrEngine.close`."""
