"""The stored form of a page reading: compact JSON, gzip without a clock, so that equal readings are equal bytes."""

from __future__ import annotations

import gzip
import json
from typing import Any

from dossier.page import Box, PageCode, PageReading, PageText, PageTransform, Verdict, Word
from dossier.scan import Encoding, PageScan

MEDIA_TYPE = "application/vnd.hososo.reading+json+gzip"
_FORMAT = 1
_MAX_JSON = 64 << 20  # far above any page; a larger one is not ours


def dump(reading: PageReading) -> bytes:
    """Return the stored bytes of a reading."""
    transform, text = reading.transform, reading.text
    value = {
        "format": _FORMAT,
        "engine": text.engine,
        "model": text.model,
        "language": text.language,
        "transform": [transform.scan_width, transform.scan_height, transform.turn, transform.skew],
        "operations": list(transform.operations),
        "verdict": reading.verdict.value,
        "reasons": list(reading.reasons),
        "measures": [list(pair) for pair in reading.measures],
        "secret": reading.secret,
        "words": [_word_row(word) for word in text.words],
    }
    if reading.codes:  # left out where there are none: readings of before are the same bytes
        value["codes"] = [_code_row(code) for code in reading.codes]
    return gzip.compress(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode(), 6, mtime=0)


def load(data: bytes) -> PageReading:
    """Return the reading that `dump` stored.

    Raises:
        ValueError: The bytes are not a reading.
    """
    value = json.loads(gzip.decompress(data)[:_MAX_JSON])
    if value.get("format") != _FORMAT:
        raise ValueError(f"unknown reading format {value.get('format')!r}")
    width, height, turn, skew = value["transform"]
    return PageReading(
        text=PageText(tuple(_word(row) for row in value["words"]), value["engine"], value["model"], value["language"]),
        transform=PageTransform(width, height, turn, skew, tuple(value["operations"])),
        verdict=Verdict(value["verdict"]),
        reasons=tuple(value["reasons"]),
        measures=tuple((name, number) for name, number in value["measures"]),
        secret=value["secret"],
        codes=tuple(PageCode(kind, text, Box(*sides)) for kind, text, *sides in value.get("codes", ())),
    )


def unread(scan: PageScan, reason: str) -> PageReading:
    """Return the reading of a page that could not be read: no words, verdict rescan, the reason kept."""
    transform = PageTransform(scan.width, scan.height, scan.turn)
    return PageReading(PageText((), "none", "none"), transform, Verdict.RESCAN, (reason,))


def scan_value(scan: PageScan) -> dict[str, Any]:
    """Return the JSON form of a page's geometry."""
    return {name: getattr(scan, name) for name in PageScan.__dataclass_fields__}


def scan_from(value: dict[str, Any]) -> PageScan:
    """Return the geometry that `scan_value` gave."""
    return PageScan(**{**value, "encoding": Encoding(value["encoding"])})


def _code_row(code: PageCode) -> list[object]:
    return [code.kind, code.text, code.box.left, code.box.top, code.box.right, code.box.bottom]


def _word_row(word: Word) -> list[object]:
    box = word.box
    row = [word.text, box.left, box.top, box.right, box.bottom, round(word.confidence, 1), word.line, word.block]
    return [*row, word.raw] if word.raw else row


def _word(row: list[Any]) -> Word:
    text, left, top, right, bottom, confidence, line, block, *raw = row
    return Word(text, Box(left, top, right, bottom), confidence, line, block, *raw)
