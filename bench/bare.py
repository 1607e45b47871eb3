"""The bare engine that everything is measured against: Tesseract in this process, nothing of ours around it."""

from __future__ import annotations

import tesserocr

from bench.paper import Pixels
from ocr.engines.models import find_model
from ocr.engines.tsv import words_of


class BareTesseract:
    """Tesseract with the Vietnamese model, page segmentation 3, one thread."""

    def __init__(self) -> None:
        tesserocr.set_leptonica_log_level(tesserocr.LeptLogLevel.NONE)
        folder = find_model("vie").folder
        self._api = tesserocr.PyTessBaseAPI(path=f"{folder}/", lang="vie", psm=tesserocr.PSM.AUTO)

    def read(self, gray: Pixels, dpi: int) -> str:
        """Return the words of a gray page as they come, with spaces between."""
        height, width = gray.shape
        self._api.SetImageBytes(gray.tobytes(), width, height, 1, width)
        self._api.SetSourceResolution(dpi)
        words = words_of(self._api.GetTSVText(0))
        self._api.Clear()
        return " ".join(word.text for word in words)

    def close(self) -> None:
        """Give the engine's memory back."""
        self._api.End()
