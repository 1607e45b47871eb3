"""What runs in the confined child of `ocr.code_reader`: one page decoded, its codes looked for."""

from __future__ import annotations

from datetime import date

import cv2
import numpy as np

from dossier.page import PageCodes
from dossier.scan import PageScan
from ocr.arrays import Gray, Image, is_colour
from ocr.codes import codes_on
from ocr.decoding import decode
from ocr.frame import believed_dpi
from ocr.rules import rules_on


def look(data: bytes, scan: PageScan) -> PageCodes:
    """Return the codes of one page, their boxes in pixels of the scan; see `ocr.codes.codes_on`.

    Raises:
        Rejected: IMAGE_BOMB, PAGE_ZERO_SIZE, IMAGE_DAMAGED; see `decode`.
        MemoryError: The page did not fit, also when it was OpenCV that noticed.
    """
    cv2.setNumThreads(1)
    limits = rules_on(date.today()).limits  # noqa: DTZ011 - a legal day is a local day
    try:
        gray = _gray(decode(data, scan, limits))
    except cv2.error as exc:
        if exc.code == cv2.Error.StsNoMem:
            raise MemoryError("image arrays") from exc
        raise
    halved = gray.shape[1] / scan.width
    return codes_on(gray, min(believed_dpi(scan)) * halved).scaled(1 / halved)


def _gray(image: Image) -> Gray:
    return np.asarray(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY), np.uint8) if is_colour(image) else image
