"""Images that Pillow opens: bounded before they are decoded, checked whole, and put into one of our codings."""

from __future__ import annotations

import io
import math
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageChops

from dossier.errors import Code, Rejected
from dossier.scan import Encoding, PageScan
from ingest import g4
from ingest.limits import Limits
from ingest.resolution import Resolution

# What Pillow raises on bytes that are not what they claim; everything else is a bug.
BROKEN = (OSError, SyntaxError, ValueError, EOFError, IndexError, KeyError, TypeError, OverflowError, ZeroDivisionError)
EXIF_ORIENTATION = 0x0112
_TURNS: dict[object, int] = {3: 180, 6: 90, 8: 270}  # Exif 2.32, 4.6.4, tag 0x0112
_MIRRORED = {2, 4, 5, 7}
_BACKGROUND = "white"


@dataclass(frozen=True, slots=True)
class Coded:
    """An image in one of our codings."""

    encoding: Encoding
    data: bytes
    channels: int


@contextmanager
def opened(source: Path | io.BytesIO, formats: list[str], limits: Limits) -> Iterator[Image.Image]:
    """Open an image and refuse it before decoding when it is too large.

    Raises:
        Rejected: IMAGE_BOMB; PAGE_ZERO_SIZE; IMAGE_DAMAGED when it cannot be opened or, inside the block, decoded;
            FILE_TRUNCATED when the data ends too early.
    """
    with guarded(), Image.open(source, formats=formats) as image:
        check_size(image.size, limits)
        yield image


@contextmanager
def guarded() -> Iterator[None]:
    """Turn what Pillow raises on broken or oversized bytes into Rejected."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Pillow warns of odd metadata and of sizes; both are judged here
        try:
            yield
        except Image.DecompressionBombError as exc:
            raise Rejected(Code.IMAGE_BOMB, "declared size far above any page") from exc
        except BROKEN as exc:
            raise _broken(exc) from exc


def check_size(size: tuple[int, int], limits: Limits) -> None:
    """Refuse pixel sizes that are nothing or too much."""
    if min(size) < 1:
        raise Rejected(Code.PAGE_ZERO_SIZE, f"{size[0]} x {size[1]} pixels")
    if math.prod(size) > limits.max_pixels_per_page:
        raise Rejected(Code.IMAGE_BOMB, f"{size[0]} x {size[1]} pixels")


def check_paper(scan: PageScan, limits: Limits) -> None:
    """Refuse papers that are too small or too large to be a page."""
    check_points(scan.size_points, limits)


def check_points(size: tuple[float, float], limits: Limits) -> None:
    """Refuse page sizes in points (1/72 inch) outside the limits."""
    if min(size) < limits.min_page_points:
        raise Rejected(Code.PAGE_ZERO_SIZE, f"{size[0]:.0f} x {size[1]:.0f} points")
    if max(size) > limits.max_page_points:
        raise Rejected(Code.PAGE_TOO_LARGE, f"{size[0]:.0f} x {size[1]:.0f} points")


def stated_dpi(image: Image.Image) -> tuple[float, float] | None:
    """Return the dots per inch that the file states, or None."""
    dpi = image.info.get("dpi")
    if not isinstance(dpi, tuple) or len(dpi) != 2:  # noqa: PLR2004 - across and down
        return None
    across, down = float(dpi[0]), float(dpi[1])
    return (across, down) if math.isfinite(across) and math.isfinite(down) else None


def turn_of(orientation: object) -> int | None:
    """Return the degrees clockwise that an Exif or TIFF orientation asks for; None when it asks for a mirrored view."""
    return None if orientation in _MIRRORED else _TURNS.get(orientation, 0)


def coded(image: Image.Image) -> Coded:
    """Return an image without loss as G4 (bilevel) or PNG (8 bit gray or RGB, alpha flattened on white)."""
    plain = _plain(image)
    if plain.mode == "1":
        return Coded(Encoding.G4, g4.encode(plain), 1)
    buffer = io.BytesIO()
    plain.save(buffer, "PNG", compress_level=4)
    return Coded(Encoding.PNG, buffer.getvalue(), 1 if plain.mode == "L" else 3)


def scan_of(coding: Coded, size: tuple[int, int], dpi: Resolution, turn: int = 0) -> PageScan:
    """Return the description of an image as taken."""
    return PageScan(coding.encoding, *size, dpi.x, dpi.y, coding.channels, turn=turn, dpi_assumed=dpi.assumed)


def is_gray(image: Image.Image) -> bool:
    """Return whether an RGB image has no colour in it."""
    red, green, blue = image.split()
    return ImageChops.difference(red, green).getbbox() is None and ImageChops.difference(green, blue).getbbox() is None


def _plain(image: Image.Image) -> Image.Image:
    if image.mode == "1":
        # Pillow keeps 0 and 255 in memory, but an image may also come with 0 and 1.
        return Image.frombytes("1", image.size, image.tobytes())
    if image.mode in {"L", "RGB"} and "transparency" not in image.info:
        return image
    if image.mode.startswith("I") or image.mode == "F":
        return _eight_bit(image)
    if image.has_transparency_data:
        layered = image.convert("RGBA")
        ground = Image.new("RGBA", image.size, _BACKGROUND)
        image = Image.alpha_composite(ground, layered).convert("RGB")
    rgb = image.convert("RGB")
    return rgb.getchannel(0) if is_gray(rgb) else rgb


def _eight_bit(image: Image.Image) -> Image.Image:
    if image.mode == "F":
        raise Rejected(Code.IMAGE_DAMAGED, "floating point samples are no scan")
    wide = image.convert("I")
    return wide.point(lambda value: value * (1 / 257)).convert("L")


def _broken(exc: Exception) -> Rejected:
    text = str(exc).lower()
    if "decompressed data too large" in text or "too large" in text or "memory" in text:
        return Rejected(Code.IMAGE_BOMB, "declared content far above any page")
    if "truncated" in text or isinstance(exc, EOFError):
        return Rejected(Code.FILE_TRUNCATED, "image data ends too early")
    return Rejected(Code.IMAGE_DAMAGED, f"{type(exc).__name__} while decoding")
