"""Stacks for tests: small gray pages that none is like, separator sheets with one code, and files of them."""

from __future__ import annotations

import io
from collections.abc import Sequence

import cv2
import numpy as np
import segno
from PIL import Image

from catalog.separator_key import ensure_separator_key
from dossier.separators import Separator, SheetKind, payload
from tests.fakes.office import PaperOffice


def paper(number: int) -> Image.Image:
    """Return a page of gray that no other has."""
    grain = np.random.default_rng(number).integers(200, 256, (60, 42), np.uint8)
    return Image.fromarray(np.asarray(cv2.resize(grain, (840, 1188), interpolation=cv2.INTER_NEAREST)))


def sheet(text: str) -> Image.Image:
    """Return a sheet with a code."""
    modules = np.asarray([list(row) for row in segno.make_qr(text, error="q").matrix], np.uint8)
    drawn = np.kron(1 - modules, np.ones((4, 4), np.uint8)) * 255
    page = np.full((1188, 840), 255, np.uint8)
    page[80 : 80 + len(drawn), 80 : 80 + len(drawn)] = drawn
    return Image.fromarray(page)


def sheet_code(office: PaperOffice, code: str, component: str = "") -> str:
    """Return what the code of a sheet says that an office prints for a dossier."""
    with office.services.catalogue.write() as tx:
        key = ensure_separator_key(tx, office.services.clock())
    return payload(Separator(SheetKind.DOSSIER, code, component), key)


def pdf(images: Sequence[Image.Image]) -> bytes:
    """Return pages as one PDF."""
    out = io.BytesIO()
    images[0].save(out, "PDF", resolution=100, save_all=True, append_images=images[1:])
    return out.getvalue()


def png(image: Image.Image) -> bytes:
    """Return a page as a PNG."""
    out = io.BytesIO()
    image.save(out, "PNG", dpi=(100, 100))
    return out.getvalue()
