"""What runs in the confined child of `ocr.looker`: a page decoded, looked at, compared with those before it."""

from __future__ import annotations

import time
from collections import OrderedDict
from dataclasses import replace
from datetime import date
from typing import Final

import cv2

from dossier.errors import Code, Rejected
from dossier.page import Verdict
from dossier.page_look import PageLook
from dossier.scan import PageScan
from ocr.checks.fingerprint import Fingerprint, difference
from ocr.checks.look import look_at
from ocr.rules import rules_on

_GROUPS: Final = 12
_MOST: Final = 300
_SECONDS: Final = 900.0
_seen: OrderedDict[str, tuple[float, list[tuple[str, Fingerprint]]]] = OrderedDict()
"""Fingerprints of the groups looked at lately: in this child's memory alone, never on a disk."""


def look(data: bytes, scan: PageScan, number: int, group: str, name: str) -> PageLook:
    """Return the look at one page; see `ocr.looker.BoundedLooker.look`.

    Raises:
        Rejected: IMAGE_BOMB, PAGE_ZERO_SIZE, IMAGE_DAMAGED; see `ocr.decoding.decode`.
        MemoryError: The page did not fit, also when it was OpenCV that noticed.
    """
    cv2.setNumThreads(1)
    rules = rules_on(date.today())  # noqa: DTZ011 - a legal day is a local day
    try:
        looked = look_at(data, scan, number, rules)
        like = _like(looked.fingerprint, group, f"{name}\n{number}", rules.checks.same_sheet)
    except cv2.error as exc:
        if exc.code == cv2.Error.StsNoMem:
            raise MemoryError("image arrays") from exc
        raise Rejected(Code.IMAGE_DAMAGED, "not to be looked at") from exc
    found = looked.look
    if not like:
        return found
    verdict = Verdict.LOOK if found.verdict is Verdict.GOOD else found.verdict
    return replace(found, verdict=verdict, reasons=(*found.reasons, "same_sheet"), like=like)


def _like(mine: Fingerprint | None, group: str, place: str, most: float) -> str:
    """Return the place of a page of the group that is the same sheet; remember this one."""
    if mine is None or not group:
        return ""
    now = time.monotonic()
    for old in [name for name, (when, _) in _seen.items() if now - when > _SECONDS]:
        del _seen[old]
    others = _seen.pop(group, (now, []))[1]
    others = [each for each in others if each[0] != place]
    like = next((other for other, print_ in others if difference(print_, mine) < most), "")
    _seen[group] = (now, [*others, (place, mine)][-_MOST:])
    while len(_seen) > _GROUPS:
        _seen.popitem(last=False)
    return like
