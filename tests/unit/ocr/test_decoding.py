"""Bytes become pixels, and hostile bytes become a verdict on the bytes."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date

import cv2
import numpy as np
import pytest
from PIL import Image

from bench.paper import Paper, jpeg
from dossier.errors import Code, Rejected
from dossier.scan import Encoding, PageScan
from ocr.decoding import decode
from ocr.rules import rules_on

LIMITS = rules_on(date(2026, 12, 1)).limits


def scan_of(paper: Paper, encoding: Encoding, channels: int, dpi: float = 200) -> PageScan:
    """Return the record of the paper in a coding."""
    return PageScan(encoding, paper.image.width, paper.image.height, dpi, dpi, channels)


def test_colour_jpeg_gives_blue_green_red() -> None:
    """Colours come in OpenCV's order at the scan's size."""
    red = np.zeros((40, 60, 3), np.uint8)
    red[:, :, 0] = 250
    pixels = decode(jpeg(red, 95), PageScan(Encoding.JPEG, 60, 40, 200, 200, 3), LIMITS)
    assert pixels.shape == (40, 60, 3)
    assert pixels[20, 30, 2] > 240
    assert pixels[20, 30, 0] < 20


def test_exif_orientation_is_not_applied(paper: Paper) -> None:
    """The turn of a camera is a hint beside the pixels; word boxes are told on the pixels as they lie."""
    out = io.BytesIO()
    exif = Image.Exif()
    exif[274] = 6
    paper.image.save(out, "JPEG", exif=exif)
    scan = scan_of(paper, Encoding.JPEG, 3)
    assert decode(out.getvalue(), scan, LIMITS).shape[:2] == (scan.height, scan.width)


def test_g4_is_read_without_its_container(paper: Paper) -> None:
    """Bare group 4 data gives the same black and white page, whichever run its writer called ink."""
    bitonal = paper.image.convert("L").point(lambda level: 255 if level > 128 else 0).convert("1")
    for page in (bitonal, Image.eval(bitonal.convert("L"), lambda level: 255 - level).convert("1")):
        out = io.BytesIO()
        page.save(out, "TIFF", compression="group4", tiffinfo={278: page.height})
        with Image.open(io.BytesIO(out.getvalue())) as tiff:
            start, size = tiff.tag_v2[273][0], tiff.tag_v2[279][0]
        data = out.getvalue()[start : start + size]
        pixels = decode(data, scan_of(paper, Encoding.G4, 1), LIMITS)
        assert np.array_equal(pixels, np.asarray(bitonal.convert("L")))


@pytest.mark.parametrize("inverted", [True, False])
def test_cmyk_keeps_light_and_dark(inverted: bool) -> None:  # noqa: FBT001 - the two kinds of file
    """Ink values stored the plain way and Adobe's way both come out as dark print on light paper."""
    page = Image.new("CMYK", (64, 64), (0, 0, 0, 0))
    page.paste((0, 0, 0, 255), (0, 0, 32, 64))
    out = io.BytesIO()
    stored = page if inverted else Image.fromarray(255 - np.asarray(page), "CMYK")  # Pillow writes Adobe's way
    stored.save(out, "JPEG", quality=95)
    scan = PageScan(Encoding.JPEG, 64, 64, 200, 200, 4, inverted=inverted)
    pixels = decode(out.getvalue(), scan, LIMITS)
    assert pixels[32, 8].mean() < 30
    assert pixels[32, 56].mean() > 220


def test_a_fine_scan_is_decoded_at_half_size(paper: Paper) -> None:
    """A 600 dpi JPEG is never unpacked in full."""
    scan = scan_of(paper, Encoding.JPEG, 3, dpi=600)
    assert decode(jpeg(paper.rgb), scan, LIMITS).shape[0] == (scan.height + 1) // 2


def test_a_cut_jpeg_is_refused(paper: Paper) -> None:
    """Half a page never passes for a page."""
    data = jpeg(paper.rgb)
    with pytest.raises(Rejected) as caught:
        decode(data[: len(data) // 2], scan_of(paper, Encoding.JPEG, 3), LIMITS)
    assert caught.value.code is Code.IMAGE_DAMAGED


@pytest.mark.parametrize("encoding", list(Encoding))
def test_junk_is_refused(paper: Paper, encoding: Encoding) -> None:
    """Bytes that are no image are damaged, whatever they were said to be."""
    with pytest.raises(Rejected) as caught:
        decode(b"\x00\xff\xd8junk" * 50, scan_of(paper, encoding, 1), LIMITS)
    assert caught.value.code is Code.IMAGE_DAMAGED


def test_a_bomb_is_refused_before_it_is_opened() -> None:
    """The claimed size alone is enough to refuse; the bytes are not looked at."""
    with pytest.raises(Rejected) as caught:
        decode(b"", PageScan(Encoding.PNG, 60000, 60000, 300, 300, 3), LIMITS)
    assert caught.value.code is Code.IMAGE_BOMB


def test_another_size_than_told_is_refused(paper: Paper) -> None:
    """A header that disagrees with the scan's record would put every word in the wrong place."""
    scan = replace(scan_of(paper, Encoding.PNG, 1), width=paper.image.width - 1)
    data = cv2.imencode(".png", np.asarray(paper.image.convert("L")))[1].tobytes()
    with pytest.raises(Rejected) as caught:
        decode(data, scan, LIMITS)
    assert caught.value.code is Code.IMAGE_DAMAGED
