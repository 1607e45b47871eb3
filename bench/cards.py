"""Boxes of a store room: dossiers of small index cards, quick to draw and quick to read, each page like no other."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final

from PIL import Image, ImageDraw

from bench.paper import serif
from samples.pdf_objects import Objects

DPI: Final = 200
_INCHES: Final = (4.1, 2.9)
_POINTS, _QUALITY = 12, 70
_TOP, _LINE, _LEFT = 0.4, 0.35, 0.3  # inches


@dataclass(frozen=True, slots=True)
class Card:
    """One page as delivered.

    Attributes:
        file: Name within its dossier's folder.
        number: Page of the file, from 1.
        sha256: Digest of its JPEG bytes.
    """

    file: str
    number: int
    sha256: str


@dataclass(frozen=True, slots=True)
class CardDossier:
    """A dossier folder and its pages in order."""

    folder: Path
    cards: tuple[Card, ...]

    @property
    def code(self) -> str:
        """The mã hồ sơ."""
        return self.folder.name


def make_box(target: Path, number: int, dossiers: int, pages: int) -> list[CardDossier]:
    """Draw one box: a folder of dossiers of one PDF file each, with so many pages; return them in order."""
    return [_dossier(target / f"hop-{number:02}", number, place, pages) for place in range(1, dossiers + 1)]


def card(title: str, number: int, pages: int) -> bytes:
    """Return the scan of a card, a gray JPEG whose text says what it is."""
    paper = Image.new("L", (round(_INCHES[0] * DPI), round(_INCHES[1] * DPI)), "white")
    draw, font = ImageDraw.Draw(paper), serif(_POINTS, DPI)
    for line, text in enumerate((f"Hồ sơ lưu kho số {title}", f"Trang {number}/{pages}", "Đã kiểm kê và xếp hộp")):
        draw.text((_LEFT * DPI, (_TOP + _LINE * line) * DPI), text, font=font, fill=30)
    out = io.BytesIO()
    paper.save(out, "JPEG", quality=_QUALITY, dpi=(DPI, DPI))
    return out.getvalue()


def pdf(scans: Iterator[bytes]) -> bytes:
    """Return a PDF as a scanner writes it: one card a page."""
    objects = Objects()
    wide, high = (round(inches * DPI) for inches in _INCHES)
    size = (wide * 72 / DPI, high * 72 / DPI)
    entries = f"/Type /XObject /Subtype /Image /Width {wide} /Height {high} /ColorSpace /DeviceGray"
    for data in scans:
        image = objects.stream(f"{entries} /BitsPerComponent 8 /Filter /DCTDecode", data)
        content = f"q {size[0]:.2f} 0 0 {size[1]:.2f} 0 0 cm /S Do Q".encode()
        objects.page(size, f"/XObject << /S {image} 0 R >>", content)
    return objects.written("bench")


def _dossier(box: Path, number: int, place: int, pages: int) -> CardDossier:
    folder = box / f"H99.27.{number:02}-260117-{place:04}"
    folder.mkdir(parents=True)
    scans = [card(f"{number:02}/{place:04}", page, pages) for page in range(1, pages + 1)]
    name = "ho_so.pdf"
    (folder / name).write_bytes(pdf(iter(scans)))
    cards = (Card(name, page, sha256(data).hexdigest()) for page, data in enumerate(scans, start=1))
    return CardDossier(folder, tuple(cards))
