"""Tesseract as a program: slower, for systems without a wheel of the library.

`pytesseract` finds the program; page and words go through pipes, because the files that it would write lie in clear
on the disk before the page has been cleared of being a state secret.
"""

from __future__ import annotations

import re
import subprocess

import pytesseract

from dossier.errors import Code, Unavailable
from dossier.page import Word
from ocr.arrays import Gray
from ocr.engines.margins import without_margins
from ocr.engines.models import Model
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

    def read(self, gray: Gray, dpi: int, layout: Layout = Layout.PAGE, signs: str = "") -> tuple[Word, ...]:
        """See `OcrEngine.read`."""
        only = ("-c", f"tessedit_char_whitelist={signs}") if signs else ()
        options = ("--psm", str(_MODES[layout]), "-c", "tessedit_create_tsv=1", *only)
        if layout is Layout.PAGE:
            return without_margins(gray, dpi, lambda part: words_of(_ask(self._model, part, dpi, *options)))
        return words_of(_ask(self._model, gray, dpi, *options))

    def turn(self, gray: Gray, dpi: int) -> int | None:
        """See `OcrEngine.turn`."""
        if self._orientation_model is None:
            return None
        try:
            told = _ask(self._orientation_model, gray, dpi, "--psm", "0")
        except subprocess.CalledProcessError:
            # The program exits with an error when a page has too few letters to tell.
            return None
        found = _ROTATE.search(told)
        return None if found is None else int(found[1]) % 360

    def close(self) -> None:
        """See `OcrEngine.close`."""


def _ask(model: Model, gray: Gray, dpi: int, *options: str) -> str:
    height, width = gray.shape
    image = b"P5\n%d %d\n255\n" % (width, height) + gray.tobytes()
    program = [pytesseract.pytesseract.tesseract_cmd, "stdin", "stdout"]
    place = ["-l", model.language, "--tessdata-dir", str(model.folder), "--dpi", str(dpi)]
    done = subprocess.run([*program, *place, *options], input=image, capture_output=True, check=True)
    return done.stdout.decode("utf-8", "replace")
