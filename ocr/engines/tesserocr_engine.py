"""Tesseract in this process through `tesserocr`: the default, 1.7 times the throughput of the program."""

from __future__ import annotations

import tesserocr

from dossier.errors import Code, Unavailable
from dossier.page import Word
from ocr.arrays import Gray
from ocr.engines.margins import without_margins
from ocr.engines.models import Model
from ocr.engines.port import Layout
from ocr.engines.tsv import words_of

_MODES = {Layout.PAGE: tesserocr.PSM.AUTO, Layout.BLOCK: tesserocr.PSM.SINGLE_BLOCK}


class TesserocrEngine:
    """`OcrEngine` over the library of the `tesserocr` wheel. One instance serves one thread.

    The wheel bundles old image libraries: it is given pixels and never decodes a file.
    """

    def __init__(self, model: Model, orientation: Model | None) -> None:
        """Load the language model; the orientation model is loaded when first needed."""
        # "Error in boxClipToRectangle" comes on some pages and means nothing.
        tesserocr.set_leptonica_log_level(tesserocr.LeptLogLevel.NONE)
        version = tesserocr.tesseract_version().split()[1]
        self.name = f"tesseract {version} (tesserocr {tesserocr.__version__})"
        self.model = model.label
        self.language = model.language
        self._orientation_model = orientation
        self._orientation_api: tesserocr.PyTessBaseAPI | None = None
        self._api = _start(model, tesserocr.PSM.AUTO)

    def read(self, gray: Gray, dpi: int, layout: Layout = Layout.PAGE, signs: str = "") -> tuple[Word, ...]:
        """See `OcrEngine.read`."""
        self._api.SetVariable("tessedit_char_whitelist", signs)
        self._api.SetPageSegMode(_MODES[layout])
        if layout is Layout.PAGE:
            return without_margins(gray, dpi, lambda part: self._words(part, dpi))
        return self._words(gray, dpi)

    def _words(self, gray: Gray, dpi: int) -> tuple[Word, ...]:
        _show(self._api, gray, dpi)
        try:
            return words_of(self._api.GetTSVText(0))
        finally:
            self._api.Clear()

    def turn(self, gray: Gray, dpi: int) -> int | None:
        """See `OcrEngine.turn`."""
        if self._orientation_model is None:
            return None
        if self._orientation_api is None:
            self._orientation_api = _start(self._orientation_model, tesserocr.PSM.OSD_ONLY)
        _show(self._orientation_api, gray, dpi)
        try:
            found = self._orientation_api.DetectOrientationScript()
        finally:
            self._orientation_api.Clear()
        # The library tells how the page lies; what it takes to put it right is the other way round.
        return None if found is None else -int(found["orient_deg"]) % 360

    def close(self) -> None:
        """See `OcrEngine.close`."""
        self._api.End()
        if self._orientation_api is not None:
            self._orientation_api.End()


def _start(model: Model, mode: int) -> tesserocr.PyTessBaseAPI:
    try:
        return tesserocr.PyTessBaseAPI(path=f"{model.folder}/", lang=model.language, psm=mode)
    except RuntimeError as exc:
        raise Unavailable(Code.MODEL_MISSING, "the language data does not load", subject=model.language) from exc


def _show(api: tesserocr.PyTessBaseAPI, gray: Gray, dpi: int) -> None:
    height, width = gray.shape
    api.SetImageBytes(gray.tobytes(), width, height, 1, width)
    api.SetSourceResolution(dpi)
