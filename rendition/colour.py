"""The sRGB profile of the output intent, written here so that no licence and no clock comes with it.

A version 4.2 display profile of matrix and curves (ICC.1:2004-10, 7 to 10). Colorants are those of IEC 61966-2-1
adapted from D65 to the D50 of the connection space; the curve is its two-part function.
"""

from __future__ import annotations

import struct
from functools import cache

NAME = "sRGB IEC61966-2.1"

_D50 = (0.9642, 1.0, 0.8249)
_RED = (0.43607, 0.22249, 0.01392)
_GREEN = (0.38515, 0.71687, 0.09708)
_BLUE = (0.14307, 0.06061, 0.71410)
_ADAPTATION = (1.04788, 0.02292, -0.05022, 0.02959, 0.99048, -0.01707, -0.00925, 0.01508, 0.75168)
_CURVE = (2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045)
_CREATED = (2024, 7, 1, 0, 0, 0)  # a constant: renditions of the same input are equal


@cache
def srgb_profile() -> bytes:
    """Return the ICC profile, the same bytes on every machine."""
    tags = _tags()
    offset = 128 + 4 + 12 * len(tags)
    table, body = struct.pack(">I", len(tags)), b""
    for signature, data in tags.items():
        table += struct.pack(">4sII", signature, offset + len(body), len(data))
        body += data + b"\0" * (-len(data) % 4)
    return _header(offset + len(body)) + table + body


def _tags() -> dict[bytes, bytes]:
    curve = b"para" + struct.pack(">IHH", 0, 3, 0) + _fixed(_CURVE)
    return {
        b"desc": _localised(NAME),
        b"cprt": _localised("No rights reserved"),
        b"wtpt": _xyz(_D50),
        b"chad": b"sf32" + bytes(4) + _fixed(_ADAPTATION),
        b"rXYZ": _xyz(_RED),
        b"gXYZ": _xyz(_GREEN),
        b"bXYZ": _xyz(_BLUE),
        b"rTRC": curve,
        b"gTRC": curve,
        b"bTRC": curve,
    }


def _header(size: int) -> bytes:
    head = struct.pack(">I4sI4s4s4s", size, bytes(4), 0x04200000, b"mntr", b"RGB ", b"XYZ ")
    head += struct.pack(">6H4s", *_CREATED, b"acsp")
    return (head + bytes(28) + _fixed(_D50)).ljust(128, b"\0")


def _fixed(values: tuple[float, ...]) -> bytes:
    return b"".join(struct.pack(">i", round(value * 65536)) for value in values)


def _xyz(values: tuple[float, ...]) -> bytes:
    return b"XYZ " + bytes(4) + _fixed(values)


def _localised(value: str) -> bytes:
    data = value.encode("utf-16-be")
    return b"mluc" + struct.pack(">III2s2sII", 0, 1, 12, b"en", b"US", len(data), 28) + data
