"""What runs in the confined child that makes pictures of pages."""

from __future__ import annotations

from datetime import UTC, datetime

import cv2
import numpy as np

from dossier.errors import Code, Rejected
from dossier.scan import PageScan
from ocr.decoding import decode
from ocr.rules import rules_on

_QUALITY = 82
_TURNS = {90: cv2.ROTATE_90_CLOCKWISE, 180: cv2.ROTATE_180, 270: cv2.ROTATE_90_COUNTERCLOCKWISE}


def shown(data: bytes, scan: PageScan, turn: int, width: int) -> bytes:
    """Return a page upright as JPEG, at most `width` pixels across; see `ocr.preview`."""
    cv2.setNumThreads(1)
    image = decode(data, scan, rules_on(datetime.now(UTC).date()).limits)
    if turn in _TURNS:
        image = np.asarray(cv2.rotate(image, _TURNS[turn]), np.uint8)
    if image.shape[1] > width:
        height = max(1, round(image.shape[0] * width / image.shape[1]))
        image = np.asarray(cv2.resize(image, (width, height), interpolation=cv2.INTER_AREA), np.uint8)
    done, made = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])
    if not done:
        raise Rejected(Code.IMAGE_DAMAGED, "no picture can be made of it")
    return made.tobytes()
