"""Take a full-page picture out of a PDF: its very bytes where our codings allow it, otherwise its pixels."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import pypdfium2 as pdfium
from PIL import Image
from pypdf.generic import ArrayObject, BooleanObject, DictionaryObject, StreamObject

from dossier.scan import Encoding, PageScan
from ingest import g4
from ingest.jpeg import read_jpeg
from ingest.limits import Limits
from ingest.pdf_placement import Placement
from ingest.pdf_structure import resolved
from ingest.pictures import Coded, coded, is_gray, scan_of
from ingest.resolution import Resolution

_MASKS = ("/SMask", "/Mask", "/OC")
_GRAY = ("/DeviceGray", "/CalGray")
_CHANNELS = {"/DeviceGray": 1, "/CalGray": 1, "/DeviceRGB": 3, "/CalRGB": 3, "/DeviceCMYK": 4}
_DCT, _CCITT = "DCTDecode", "CCITTFaxDecode"
_CCITT_COLUMNS = 1728  # ISO 32000-1 table 11: the default


def image_dictionary(page: DictionaryObject, image: pdfium.PdfImage) -> DictionaryObject | None:
    """Return the dictionary of the picture, or None when it cannot be told from others of its size."""
    resources = resolved(page.get("/Resources"))
    named = resolved(resources.get("/XObject")) if isinstance(resources, DictionaryObject) else None
    if not isinstance(named, DictionaryObject):
        return None
    wanted = (*image.get_px_size(), image.get_filters())
    alike = [
        item for item in map(resolved, named.values()) if isinstance(item, StreamObject) and _facts(item) == wanted
    ]
    ways = {repr(_meaning(item)) for item in alike}
    return alike[0] if len(ways) == 1 else None


def take_image(
    placement: Placement, entry: DictionaryObject, limits: Limits, turn: int
) -> tuple[PageScan, bytes] | None:
    """Return the picture as a page image, or None when only drawing the page tells how it looks.

    Args:
        placement: The picture on its page, sides in points.
        entry: Its dictionary.
        limits: Bounds on decoding.
        turn: Degrees clockwise that the page asks a viewer to turn it.

    Raises:
        Rejected: IMAGE_DAMAGED, FILE_TRUNCATED, IMAGE_BOMB.
    """
    if any(key in entry for key in _MASKS) or _flag(entry.get("/ImageMask")) or entry.get("/SMaskInData"):
        return None
    width, height = placement.image.get_px_size()
    dpi = Resolution(width * 72 / placement.width, height * 72 / placement.height, assumed=False)
    turn = (placement.turn + turn) % 360
    filters = placement.image.get_filters()
    if filters and filters[-1] == _DCT and set(filters[:-1]) <= {"FlateDecode"}:
        return _jpeg(placement.image, entry, limits, dpi, turn)
    if filters == [_CCITT] and _is_plain_group4(entry, width, height):
        strip = bytes(placement.image.get_data())
        g4.checked(strip, width, height)
        return scan_of(Coded(Encoding.G4, strip, 1), (width, height), dpi, turn), strip
    coding = coded(_pixels(placement.image))
    return scan_of(coding, (width, height), dpi, turn), coding.data


def _jpeg(
    image: pdfium.PdfImage, entry: DictionaryObject, limits: Limits, dpi: Resolution, turn: int
) -> tuple[PageScan, bytes] | None:
    stream = read_jpeg(bytes(image.get_data(decode_simple=True)), limits)
    plain = _is_identity(entry)
    inverted = _is_inverting(entry) and stream.channels == 4  # noqa: PLR2004 - CMYK
    if stream.channels != _channels(entry) or stream.size != image.get_px_size() or not (plain or inverted):
        return None
    if "/ColorTransform" in _parameters(entry):
        return None
    return stream.scan(dpi, turn, inverted=inverted), stream.data


def _pixels(image: pdfium.PdfImage) -> Image.Image:
    pixels: Image.Image = image.get_bitmap().to_pil()
    if pixels.mode == "RGB" and is_gray(pixels):
        pixels = pixels.getchannel(0)
    if pixels.mode == "L" and sum(pixels.histogram()[1:255]) == 0:
        return pixels.convert("1", dither=Image.Dither.NONE)
    return pixels


def _is_plain_group4(entry: DictionaryObject, width: int, height: int) -> bool:
    """Return whether the strip means by itself what the page shows: black runs are ink, no odd variant of T.6.

    /BlackIs1 and a reversing /Decode each exchange ink and paper. Where they do, the pixels are coded anew, so that
    every strip we keep reads the same way.
    """
    parameters = _parameters(entry)
    values = {key: resolved(value) for key, value in parameters.items()}
    shape = values.get("/Columns", _CCITT_COLUMNS) == width and values.get("/Rows", 0) in {0, height}
    coding = _number(values.get("/K", 0)) < 0 and not _flag(values.get("/EncodedByteAlign"))
    return shape and coding and _is_ink_black(entry, black_is_1=_flag(values.get("/BlackIs1")))


def _is_ink_black(entry: DictionaryObject, *, black_is_1: bool) -> bool:
    if resolved(entry.get("/ColorSpace")) not in _GRAY and _channels(entry) != 1:
        return False
    if not _is_identity(entry) and not _is_inverting(entry):
        return False
    return black_is_1 == _is_inverting(entry)


def _channels(entry: DictionaryObject) -> int:
    """Return how many channels the colour space has, 0 for one that does not name plain gray, RGB or CMYK."""
    space = resolved(entry.get("/ColorSpace"))
    if isinstance(space, ArrayObject) and space:
        name = resolved(space[0])
        if name == "/ICCBased" and len(space) > 1:
            profile = resolved(space[1])
            return int(_number(resolved(profile.get("/N", 0)))) if isinstance(profile, DictionaryObject) else 0
        return _CHANNELS.get(str(name), 0)
    return _CHANNELS.get(str(space), 0)


def _decode(entry: DictionaryObject) -> list[float]:
    array = resolved(entry.get("/Decode"))
    return [_number(resolved(value)) for value in array] if isinstance(array, ArrayObject) else []


def _is_identity(entry: DictionaryObject) -> bool:
    values = _decode(entry)
    return values == [0.0, 1.0] * (len(values) // 2)


def _is_inverting(entry: DictionaryObject) -> bool:
    values = _decode(entry)
    return bool(values) and values == [1.0, 0.0] * (len(values) // 2)


def _parameters(entry: DictionaryObject) -> Mapping[str, Any]:
    parameters = resolved(entry.get("/DecodeParms"))
    if isinstance(parameters, ArrayObject):
        parameters = resolved(parameters[-1]) if parameters else None
    return parameters if isinstance(parameters, DictionaryObject) else {}


def _facts(entry: DictionaryObject) -> tuple[object, object, list[str]]:
    filters = resolved(entry.get("/Filter"))
    names = filters if isinstance(filters, ArrayObject) else [filters] if filters else []
    return resolved(entry.get("/Width")), resolved(entry.get("/Height")), [str(resolved(name))[1:] for name in names]


def _meaning(entry: DictionaryObject) -> list[object]:
    """Return all that decides how the bytes are to be read."""
    masked = [key in entry for key in _MASKS]
    space = (_channels(entry), resolved(entry.get("/ColorSpace")) in _GRAY)
    parameters = sorted((key, str(resolved(value))) for key, value in _parameters(entry).items())
    return [masked, _flag(entry.get("/ImageMask")), space, _decode(entry), parameters]


def _flag(value: object) -> bool:
    value = resolved(value)
    return isinstance(value, BooleanObject) and bool(value.value)


def _number(value: object) -> float:
    return float(value) if isinstance(value, int | float) else math.nan
