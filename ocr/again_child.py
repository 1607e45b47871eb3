"""What runs in the confined child of `ocr.again_reader`: one engine, kept between pages."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import cv2

from dossier.page import PageTransform
from dossier.scan import PageScan
from ocr.again import Piece, Readings, read_again
from ocr.engines.choice import start_engine
from ocr.engines.port import OcrEngine
from ocr.rules import rules_on
from ocr.settings import ReaderSettings

_engines: list[OcrEngine] = []


def start(settings: ReaderSettings) -> None:
    """Load the engine once for the life of the process.

    Raises:
        Unavailable: MODEL_MISSING, the language data is not there.
    """
    cv2.setNumThreads(1)
    _engines[:] = [start_engine(settings.engine, settings.language, settings.tessdata)]


def read(data: bytes, scan: PageScan, transform: PageTransform, pieces: Sequence[Piece]) -> tuple[Readings, ...]:
    """Read places of one page again; see `ocr.again.read_again`.

    Raises:
        MemoryError: The page did not fit, also when it was OpenCV that noticed.
    """
    limits = rules_on(date.today()).limits  # noqa: DTZ011 - a legal day is a local day
    try:
        return read_again(_engines[0], data, scan, transform, pieces, limits)
    except cv2.error as exc:
        if exc.code == cv2.Error.StsNoMem:
            raise MemoryError("image arrays") from exc
        raise
