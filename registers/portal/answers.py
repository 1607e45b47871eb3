"""Answers of one-stop software over HTTP: bounded, held against the package that was asked about."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from dossier.errors import Code, HososoError, Rejected, Unavailable
from dossier.portal import Answer, Outcome
from dossier.text import nfc, visible

MOST_BYTES = 64 << 10
_LONGEST_REASON, _LONGEST_WORD = 500, 100
_REFUSAL = re.compile(r"[A-Za-z0-9_.-]{1,40}")
_OUTCOMES = {one.value: one for one in Outcome}
_NOT_LET_IN = (401, 403, 404, 405, 407)
_FINAL = (200, 201, 202, 409, 422)
"""Statuses that an answer about a package may come with."""


def understood(status: int, data: bytes, key: str) -> Answer | HososoError:
    """Return what an answer says of a package.

    Only a JSON object that names the package by its key says anything; whatever else comes back, nothing is known and
    the package is sent again.
    """
    if status in _NOT_LET_IN:
        return Rejected(Code.PORTAL_REFUSED, f"status {status}")
    said = _object(data) if status in _FINAL else None
    outcome = _OUTCOMES.get(str(said.get("state"))) if said is not None else None
    if said is None or outcome is None or said.get("key") != key:
        return Unavailable(Code.PORTAL_UNAVAILABLE, f"status {status}, no answer about the package")
    refused = outcome is Outcome.REFUSED
    return Answer(
        outcome,
        receipt=bounded(said.get("receipt"), _LONGEST_WORD),
        refusal=refusal_of(said.get("code")) if refused else "",
        reason=bounded(said.get("reason"), _LONGEST_REASON) if refused else "",
    )


def refusal_of(value: object) -> str:
    """Return the code of a refusal, empty where none is given; what is none is told as `OTHER`."""
    text = "" if value is None else str(value) if isinstance(value, str | int) else "?"
    return text if not text or _REFUSAL.fullmatch(text) else "OTHER"


def bounded(value: object, longest: int = _LONGEST_REASON) -> str:
    """Return a text of somebody else as one line that cannot steer a terminal; anything else as nothing."""
    if not isinstance(value, str):
        return ""
    text = value[: longest * 2].encode("utf-8", "replace").decode()
    return visible(" ".join(nfc(text.replace("\0", "")).split()))[:longest]


def _object(data: bytes) -> Mapping[str, Any] | None:
    if len(data) > MOST_BYTES:
        return None
    try:
        found = json.loads(data)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None
