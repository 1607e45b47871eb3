"""What runs in the confined child: one engine, kept between pages."""

from __future__ import annotations

import cv2

from dossier.page import PageReading
from dossier.scan import PageScan
from ocr.engines.choice import start_engine
from ocr.engines.port import OcrEngine
from ocr.page import Effort
from ocr.page import read_page as read_in_process
from ocr.settings import ReaderSettings

_engines: list[OcrEngine] = []
_without: set[str] = set()


def start(settings: ReaderSettings) -> None:
    """Load the engine once for the life of the process.

    Raises:
        Unavailable: MODEL_MISSING, the language data is not there.
    """
    cv2.setNumThreads(1)
    _without.update(settings.without)
    _engines[:] = [start_engine(settings.engine, settings.language, settings.tessdata)]


def read_page(data: bytes, scan: PageScan, effort: Effort, cleared: bool) -> PageReading:  # noqa: FBT001 - calls of a child have no names
    """Read one page with the engine that `start` loaded; see `ocr.page.read_page`.

    Raises:
        MemoryError: The page did not fit, also when it was OpenCV that noticed.
    """
    try:
        return read_in_process(_engines[0], data, scan, effort, frozenset(_without), cleared=cleared)
    except cv2.error as exc:
        if exc.code == cv2.Error.StsNoMem:
            raise MemoryError("image arrays") from exc
        raise
