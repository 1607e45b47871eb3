"""Readers in process: ours, plain Tesseract, the recipe; and `pytesseract`, which starts the program."""

from __future__ import annotations

import io
from typing import Final

import cv2
import numpy as np
import pytesseract
import tesserocr
from PIL import Image

from bench.legibility.recipe import Pixels, prepared
from dossier.scan import PageScan
from ocr.engines.choice import start_engine
from ocr.engines.models import find_model
from ocr.page import read_page

_DOUBTFUL: Final = 60
_HALF: Final = 0.5


class Ours:
    """The product: bytes to text, the whole way."""

    def __init__(self) -> None:
        self._engine = start_engine("tesserocr")

    def read(self, data: bytes, scan: PageScan) -> str:
        """Return the text of a page."""
        return read_page(self._engine, data, scan).text.plain()


class Plain:
    """Tesseract in process on the gray page as it is."""

    def __init__(self) -> None:
        self._api = _api("vie", tesserocr.PSM.AUTO)

    def read(self, data: bytes, scan: PageScan) -> str:
        """Return the text of a page."""
        gray = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_GRAYSCALE)
        return _read(self._api, np.asarray(gray, np.uint8), round(scan.dpi_x))[0]


class Recipe:
    """Tesseract in process behind the recipe; a page that reads badly is turned as the engine says and read again."""

    def __init__(self) -> None:
        self._api = _api("vie", tesserocr.PSM.AUTO)
        self._turns = _api("osd", tesserocr.PSM.OSD_ONLY)

    def read(self, data: bytes, scan: PageScan) -> str:
        """Return the text of a page."""
        dpi = round(scan.dpi_x)
        bgr = np.asarray(cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR), np.uint8)
        gray = prepared(bgr, dpi)
        text, confidence = _read(self._api, gray, dpi)
        if confidence >= _DOUBTFUL:
            return text
        quarters = self._quarters(gray, dpi)
        if not quarters:
            return text
        return _read(self._api, prepared(np.ascontiguousarray(np.rot90(bgr, quarters)), dpi), dpi)[0]

    def _quarters(self, gray: Pixels, dpi: int) -> int:
        half = np.asarray(cv2.resize(gray, None, fx=_HALF, fy=_HALF, interpolation=cv2.INTER_AREA), np.uint8)
        _show(self._turns, half, dpi // 2)
        found = self._turns.DetectOrientationScript()
        return 0 if found is None else int(found["orient_deg"]) // 90


class Program:
    """`pytesseract` as its manual shows it."""

    def read(self, data: bytes, scan: PageScan) -> str:
        """Return the text of a page."""
        with Image.open(io.BytesIO(data)) as image:
            return str(pytesseract.image_to_string(image, lang="vie", config=f"--dpi {round(scan.dpi_x)}"))


def _api(language: str, mode: int) -> tesserocr.PyTessBaseAPI:
    tesserocr.set_leptonica_log_level(tesserocr.LeptLogLevel.NONE)
    return tesserocr.PyTessBaseAPI(path=f"{find_model(language).folder}/", lang=language, psm=mode)


def _show(api: tesserocr.PyTessBaseAPI, gray: Pixels, dpi: int) -> None:
    height, width = gray.shape
    api.SetImageBytes(np.ascontiguousarray(gray).tobytes(), width, height, 1, width)
    api.SetSourceResolution(dpi)


def _read(api: tesserocr.PyTessBaseAPI, gray: Pixels, dpi: int) -> tuple[str, int]:
    _show(api, gray, dpi)
    text = api.GetUTF8Text()
    confidence = int(api.MeanTextConf())
    # Tesseract learns from page to page otherwise, and the order of the pages would show in the figures.
    api.ClearAdaptiveClassifier()
    api.Clear()
    return text, confidence
