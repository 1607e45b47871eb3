"""Page images: what is embedded as it came and what is encoded once."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import Any

import pikepdf
import pytest
from PIL import Image

from dossier.errors import Code, Rejected
from dossier.page import PageReading, PageText, PageTransform, Verdict
from dossier.scan import Encoding, PageScan
from rendition.writer import RenditionPage, write_pdfa
from tests.unit.rendition.scans import coded, meta_for, scan_of


def _embedded(scan: PageScan, data: bytes) -> tuple[dict[str, Any], bytes]:
    """Return the image dictionary and the bytes in it."""
    reading = PageReading(PageText((), "none", "none"), PageTransform(scan.width, scan.height), Verdict.BLANK)
    out = io.BytesIO()
    write_pdfa(out, [RenditionPage(scan, data, reading)], meta_for(1))
    with pikepdf.open(io.BytesIO(out.getvalue())) as document:
        image = document.pages[0].Resources.XObject.Scan
        entries = dict(image.items())
        return entries | dict(entries.pop("/DecodeParms", {})), image.read_raw_bytes()


@pytest.mark.parametrize(("mode", "channels", "space"), [("L", 1, "/DeviceGray"), ("RGB", 3, "/DeviceRGB")])
def test_jpeg_bytes_are_embedded_as_they_are(mode: str, channels: int, space: str) -> None:
    """A JPEG is copied byte for byte, its colours named."""
    data = coded(mode, "JPEG")
    entries, raw = _embedded(scan_of(channels=channels), data)
    assert raw == data
    assert (entries["/Filter"], entries["/ColorSpace"]) == ("/DCTDecode", space)


@pytest.mark.parametrize("black_is_1", [True, False])
def test_g4_bytes_are_embedded_as_they_are(*, black_is_1: bool) -> None:
    """Group 4 data is copied byte for byte with what is needed to decode it."""
    entries, raw = _embedded(replace(scan_of(Encoding.G4, 1), black_is_1=black_is_1), b"\x26\xa0\x02")
    assert raw == b"\x26\xa0\x02"
    assert entries["/Filter"] == "/CCITTFaxDecode"
    assert (entries["/K"], entries["/Columns"], entries["/Rows"]) == (-1, 200, 100)
    assert bool(entries["/BlackIs1"]) is black_is_1


@pytest.mark.parametrize("inverted", [True, False])
def test_cmyk_becomes_rgb_once(*, inverted: bool) -> None:
    """CMYK has no place under an sRGB intent; ink values are read as the scan says they are stored."""
    data = coded("CMYK", "JPEG")  # with an Adobe marker, so stored inverted
    entries, raw = _embedded(replace(scan_of(channels=4), inverted=inverted), data)
    assert entries["/ColorSpace"] == "/DeviceRGB"
    dark, light = _ends(raw)
    assert max(dark) < 40
    assert (min(light) > 215) is inverted


@pytest.mark.parametrize(("mode", "space"), [("RGB", "/DeviceRGB"), ("RGBA", "/DeviceRGB"), ("LA", "/DeviceGray")])
def test_pixels_become_jpeg(mode: str, space: str) -> None:
    """Colour stays colour, gray stays gray, transparency lies on white."""
    entries, raw = _embedded(scan_of(Encoding.PNG), coded(mode, "PNG"))
    assert (entries["/Filter"], entries["/ColorSpace"]) == ("/DCTDecode", space)
    dark, light = _ends(raw)
    assert (max(dark) < 40, min(light) > 215) == (True, True)


def test_gray_pixels_stay_gray() -> None:
    """A gray gradient is one channel of JPEG."""
    out = io.BytesIO()
    Image.linear_gradient("L").resize((200, 100)).save(out, "PNG")
    entries, _ = _embedded(scan_of(Encoding.PNG, 1), out.getvalue())
    assert (entries["/Filter"], entries["/ColorSpace"]) == ("/DCTDecode", "/DeviceGray")


def test_sixteen_bits_keep_their_high_byte() -> None:
    """A deep gray scan is not clipped to white."""
    out = io.BytesIO()
    Image.new("I;16", (200, 100), 0x8000).save(out, "PNG")
    entries, raw = _embedded(scan_of(Encoding.PNG, 1), out.getvalue())
    assert entries["/ColorSpace"] == "/DeviceGray"
    assert abs(_ends(raw)[0][0] - 0x80) <= 2


@pytest.mark.parametrize("mode", ["1", "L"])
def test_two_valued_pixels_become_g4(mode: str) -> None:
    """Black and white pixels are coded without loss, also when they come as gray, and ink is black runs."""
    entries, raw = _embedded(scan_of(Encoding.PNG, 1), coded(mode, "PNG"))
    assert (entries["/Filter"], bool(entries["/BlackIs1"])) == ("/CCITTFaxDecode", False)
    assert len(raw) < 100


@pytest.mark.parametrize("data", [b"", b"\x89PNG\r\n\x1a\nnot a picture", coded("RGB", "PNG")[:-40]])
def test_damaged_pixels_are_rejected(data: bytes) -> None:
    """What cannot be decoded is the input's fault."""
    with pytest.raises(Rejected) as caught:
        _embedded(scan_of(Encoding.PNG), data)
    assert caught.value.code is Code.IMAGE_DAMAGED


def test_pixels_of_another_size_are_rejected_before_they_are_decoded() -> None:
    """The size told bounds the memory that decoding takes."""
    with pytest.raises(Rejected) as caught:
        _embedded(scan_of(Encoding.PNG), coded("RGB", "PNG", (4000, 4000)))
    assert caught.value.code is Code.IMAGE_DAMAGED


def _ends(jpeg: bytes) -> tuple[tuple[int, ...], tuple[int, ...]]:
    with Image.open(io.BytesIO(jpeg)) as image:
        dark, light = image.getpixel((20, 50)), image.getpixel((180, 50))
    return _channels(dark), _channels(light)


def _channels(value: object) -> tuple[int, ...]:
    return tuple(value) if isinstance(value, tuple) else (int(str(value)),)
