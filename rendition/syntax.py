"""The few PDF values a rendition needs, as bytes (ISO 32000-1, 7.3)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime


def number(value: float) -> bytes:
    """Return a real with at most four decimals; never an exponent, never a minus zero."""
    written = f"{value:.4f}".rstrip("0").rstrip(".")
    return b"0" if written in {"-0", ""} else written.encode()


def numbers(values: Iterable[float]) -> bytes:
    """Return reals with single spaces between them."""
    return b" ".join(number(value) for value in values)


def array(values: Iterable[float]) -> bytes:
    """Return an array of reals."""
    return b"[" + numbers(values) + b"]"


def reference(obj: int) -> bytes:
    """Return a reference to an indirect object."""
    return b"%d 0 R" % obj


def dictionary(**entries: bytes) -> bytes:
    """Return a dictionary of values that are PDF syntax already, in the order given."""
    return b"<<" + b" ".join(b"/" + key.encode() + b" " + value for key, value in entries.items()) + b">>"


def text(value: str) -> bytes:
    """Return a text string: UTF-16 with byte order mark, in hexadecimal, so that nothing needs escaping."""
    return b"<FEFF" + value.encode("utf-16-be").hex().upper().encode() + b">"


def date(moment: datetime) -> bytes:
    """Return a date string with its offset from UTC; the moment must know its time zone."""
    stamp = moment.strftime("%Y%m%d%H%M%S")
    zone = moment.strftime("%z")
    return f"(D:{stamp}{zone[:3]}'{zone[3:5]}')".encode()
