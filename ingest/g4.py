"""CCITT group 4 (ITU-T T.6) between bare strips and pixels. Ink is always the black runs.

Pillow does the coding; it knows G4 only inside TIFF, so a strip is wrapped into the smallest TIFF there is.
"""

from __future__ import annotations

import io
import struct

from PIL import Image

from dossier.errors import Code, Rejected

_INVERT = bytes(255 - value for value in range(256))
_MIRROR = bytes(int(f"{value:08b}"[::-1], 2) for value in range(256))
_SHORT, _LONG = 3, 4
_TIFF_G4, _WHITE_IS_ZERO = 4, 0
_STRIP_OFFSETS, _STRIP_SIZES = 273, 279
_EOFB = 0x001001
_EOFB_BITS = 24


def encode(image: Image.Image) -> bytes:
    """Return a bilevel image (mode `1`, 0 is ink) as one strip."""
    ink_set = Image.frombytes("1", image.size, image.tobytes().translate(_INVERT))
    buffer = io.BytesIO()
    ink_set.save(buffer, "TIFF", compression="group4", strip_size=1 << 30)
    with Image.open(buffer, formats=["TIFF"]) as written:
        tags = written.tag_v2  # type: ignore[attr-defined]
        (start,), (size,) = tags[_STRIP_OFFSETS], tags[_STRIP_SIZES]
    return buffer.getvalue()[start : start + size]


def decode(strip: bytes, width: int, height: int) -> Image.Image:
    """Return the pixels of one strip, mode `1`, 0 is ink. Rows that the strip lacks come out white.

    Raises:
        Rejected: IMAGE_DAMAGED when not even one row can be decoded.
    """
    try:
        with Image.open(io.BytesIO(_wrapped(strip, width, height)), formats=["TIFF"]) as image:
            image.load()
            return image.copy()
    except (OSError, ValueError, SyntaxError) as exc:
        raise Rejected(Code.IMAGE_DAMAGED, "group 4 data cannot be decoded") from exc


def checked(strip: bytes, width: int, height: int) -> Image.Image:
    """Return the pixels of one strip that is whole.

    The decoder hides missing rows: it leaves them white. The coding of T.6 leaves an encoder no choice, so what was
    decoded is encoded again: a whole strip gives the same bytes, a cut one gives more than it has.

    Raises:
        Rejected: IMAGE_DAMAGED when the strip ends too early.
    """
    image = decode(strip, width, height)
    if _begins_with(strip, encode(image)) or _has_end_mark(strip):
        return image
    raise Rejected(Code.IMAGE_DAMAGED, "group 4 data ends before its last row")


def mirrored(strip: bytes) -> bytes:
    """Return the strip with the bits of each byte in the other order (TIFF FillOrder 2)."""
    return strip.translate(_MIRROR)


def inverted(image: Image.Image) -> Image.Image:
    """Return a bilevel image with ink and paper exchanged."""
    return Image.frombytes("1", image.size, image.tobytes().translate(_INVERT))


def _begins_with(strip: bytes, whole: bytes) -> bool:
    """Compare bit by bit up to the end mark of `whole`: the mark is optional and what follows it is free."""
    last = whole.rstrip(b"\0")
    padding = (last[-1] & -last[-1]).bit_length() - 1
    whole_bytes, bits = divmod(len(last) * 8 - padding - _EOFB_BITS, 8)
    mask = 0xFF00 >> bits & 0xFF
    rest = zip(strip[whole_bytes : whole_bytes + 1], whole[whole_bytes : whole_bytes + 1], strict=False)
    has_rest = not bits or any(one & mask == other & mask for one, other in rest)
    return len(strip) >= whole_bytes and strip.startswith(whole[:whole_bytes]) and has_rest


def _has_end_mark(strip: bytes) -> bool:
    tail = int.from_bytes(strip.rstrip(b"\0")[-_EOFB_BITS // 8 - 1 :], "big")
    while tail and not tail & 1:
        tail >>= 1
    return tail & ((1 << _EOFB_BITS) - 1) == _EOFB


def _wrapped(strip: bytes, width: int, height: int) -> bytes:
    entries = [
        (256, _LONG, width),
        (257, _LONG, height),
        (258, _SHORT, 1),
        (259, _SHORT, _TIFF_G4),
        (262, _SHORT, _WHITE_IS_ZERO),
        (_STRIP_OFFSETS, _LONG, 0),
        (277, _SHORT, 1),
        (278, _LONG, height),
        (_STRIP_SIZES, _LONG, len(strip)),
    ]
    start = 8 + 2 + 12 * len(entries) + 4
    directory = b"".join(
        struct.pack("<HHII", tag, kind, 1, start if tag == _STRIP_OFFSETS else value) for tag, kind, value in entries
    )
    return struct.pack("<2sHIH", b"II", 42, 8, len(entries)) + directory + struct.pack("<I", 0) + strip
