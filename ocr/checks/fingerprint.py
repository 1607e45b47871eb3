"""Know a sheet again that was scanned before: with other noise, a little shifted or turned, in other light."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.checks.view import View, depth_of_ink

Fingerprint = NDArray[np.uint8]
"""How much ink there is on squares of 2 mm, about the middle of all ink."""

_CELL_INCHES: Final = 2 / 25.4
_CELLS: Final = 150
_MARGIN_INCHES: Final = 0.16
# Shares of the depth of ink: less is grain of the paper, more is print.
_GRAIN: Final = 0.15
_FULL: Final = 0.75
_LEAST_INK: Final = 40
_PIECE: Final = (3, 9)
_FAR: Final = 0.9
_MOST_SHIFT: Final = 12.0
_COARSE: Final = (9, 9)


def fingerprint(view: View, lean: float) -> Fingerprint | None:
    """Return what a sheet is known by; None where there is too little on it.

    Args:
        view: The page.
        lean: Degrees by which its lines lean.
    """
    ink = view.depth.astype(np.float32) / max(30.0, depth_of_ink(view.depth))
    ink = np.clip((ink - _GRAIN) / (_FULL - _GRAIN), 0, 1)
    margin = round(_MARGIN_INCHES * view.half_dpi)
    ink[:margin] = ink[-margin:] = 0
    ink[:, :margin] = ink[:, -margin:] = 0
    height, width = ink.shape
    turning = cv2.getRotationMatrix2D((width / 2, height / 2), lean, 1.0)
    total = float(ink.sum())
    if total < _LEAST_INK:
        return None
    middle = turning @ np.asarray([_mean(ink.sum(axis=0)), _mean(ink.sum(axis=1)), 1.0])
    scale = 1 / (_CELL_INCHES * view.half_dpi)
    placing = turning * scale
    placing[:, 2] += _CELLS / 2 - middle * scale
    soft = cv2.GaussianBlur(ink, (0, 0), 0.5 / scale)
    cells = cv2.warpAffine(soft, placing, (_CELLS, _CELLS), flags=cv2.INTER_LINEAR, borderValue=(0.0,))
    return np.asarray(np.clip(cells * 255, 0, 255), np.uint8)


def difference(one: Fingerprint, other: Fingerprint) -> float:
    """Return how much two sheets differ where they differ most: near 0 for the same one, near 1 for other words."""
    first, second = one.astype(np.float32), other.astype(np.float32)
    (across, down), _ = cv2.phaseCorrelate(second, first)
    placing = np.eye(2, 3, dtype=np.float32)
    if max(abs(across), abs(down)) <= _MOST_SHIFT:
        placing[:, 2] = -across, -down
    near = _placed(second, placing)
    if _unlike(_coarse(first), _coarse(near)) > _FAR:
        return 1.0
    found, everywhere = [_unlike(first, near)], np.full(first.shape, 255, np.uint8)
    for kind, smooth in ((cv2.MOTION_EUCLIDEAN, 5), (cv2.MOTION_AFFINE, 3)):
        enough = (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT, 40, 1e-4)
        try:
            moved = cv2.findTransformECC(first, second, placing, kind, enough, everywhere, smooth)[1]
        except cv2.error:  # it does not converge: other sheets
            break
        placing = np.asarray(moved, np.float32)
        found.append(_unlike(first, _placed(second, placing)))
    return min(found)


def _coarse(cells: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.asarray(cv2.blur(cells, _COARSE), np.float32)


def _placed(cells: NDArray[np.float32], placing: NDArray[np.float32]) -> NDArray[np.float32]:
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    return np.asarray(cv2.warpAffine(cells, placing, cells.shape, flags=flags), np.float32)


def _unlike(first: NDArray[np.float32], second: NDArray[np.float32]) -> float:
    size = _PIECE[::-1]
    gain = float(first.sum()) / max(1.0, float(second.sum()))
    second = second * gain
    apart = cv2.blur(np.abs(first - second), size)
    ink = np.maximum(cv2.blur(first, size), cv2.blur(second, size))
    floor = max(6.0, float(np.percentile(ink, 97)) * 0.5)
    share = apart / np.maximum(ink, floor)
    return float(share.max())


def _mean(weights: NDArray[np.float32]) -> float:
    return float((weights * np.arange(len(weights))).sum() / weights.sum())
