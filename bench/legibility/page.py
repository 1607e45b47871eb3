"""Make a page of the bench: print it, let its condition happen to it, code it as a scanner does."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from bench.legibility.conditions.fields import Rng
from bench.legibility.conditions.table import BY_NAME
from bench.legibility.empty import BLANKS, PICTURES
from bench.legibility.plan import PageSpec, drawn_for, papers
from bench.legibility.print_page import Printed, printed
from bench.legibility.style import RANGES, drawn, style_of
from bench.legibility.truth import NOTHING, Truth
from bench.paper import Pixels, jpeg
from dossier.scan import Encoding, PageScan

_GLASS: Final = 85


@dataclass(frozen=True, slots=True)
class BenchPage:
    """A page as a reader gets it, and what it says."""

    spec: PageSpec
    data: bytes
    scan: PageScan
    truth: Truth
    text: str
    strength: float


def rng_of(spec: PageSpec, purpose: str) -> Rng:
    """Return the generator of a page for one purpose: nothing else shares it."""
    key = f"{spec.set_name}|{spec.condition}|{spec.dpi}|{spec.number}|{purpose}"
    return np.random.default_rng(int.from_bytes(hashlib.sha256(key.encode()).digest()[:16], "big"))


def made(spec: PageSpec) -> BenchPage:
    """Return a page, the same bytes every time."""
    cv2.setNumThreads(1)
    return _made_empty(spec) if spec.condition in BLANKS or spec.condition in PICTURES else _made_written(spec)


def _made_written(spec: PageSpec) -> BenchPage:
    condition = BY_NAME[spec.condition]
    sheet = _printed(spec)
    rng = rng_of(spec, "condition")
    strength = drawn(rng, condition.strengths(spec.set_name))
    rgb = condition.apply(sheet.rgb, rng, spec.dpi, strength)
    quality = round(drawn(rng, condition.qualities(spec.set_name)))
    data, scan = _coded(rgb, spec.dpi, quality)
    return BenchPage(spec, data, scan, sheet.truth, papers(spec.set_name)[drawn_for(spec).text].name, strength)


def _printed(spec: PageSpec) -> Printed:
    draw, ranges = drawn_for(spec), RANGES[spec.set_name]
    rng = rng_of(spec, "layout")
    style = style_of(ranges, ranges.faces[draw.face], ranges.leaders[draw.leader], rng)
    return printed(papers(spec.set_name)[draw.text], style, spec.dpi)


def _made_empty(spec: PageSpec) -> BenchPage:
    rng = rng_of(spec, "condition")
    back = _printed(PageSpec(spec.set_name, "clean", spec.dpi, 0)).rgb
    paint = {**BLANKS, **PICTURES}[spec.condition]
    rgb = paint(rng, spec.dpi, RANGES[spec.set_name], back)
    data, scan = _coded(rgb, spec.dpi, _GLASS)
    return BenchPage(spec, data, scan, NOTHING, spec.condition, 0.0)


def _coded(rgb: Pixels, dpi: int, quality: int) -> tuple[bytes, PageScan]:
    height, width = rgb.shape[:2]
    if quality:
        return jpeg(rgb, quality), PageScan(Encoding.JPEG, width, height, dpi, dpi, 3)
    bgr = np.ascontiguousarray(rgb[:, :, ::-1])
    data = cv2.imencode(".png", bgr, [cv2.IMWRITE_PNG_COMPRESSION, 1])[1].tobytes()
    return data, PageScan(Encoding.PNG, width, height, dpi, dpi, 3)
