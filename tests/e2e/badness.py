"""Folders of dossiers with one thing wrong in each, and what the program must say of it."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from dossier.errors import Code
from tests import bad_input


@dataclass(frozen=True, slots=True)
class BadDossier:
    """One dossier folder: what fills it, what is told, of what."""

    number: int
    fill: Callable[[Path], object]
    code: Code
    subject: str
    beside: bool = False  # a good page lies beside it

    @property
    def name(self) -> str:
        """The dossier's code."""
        return f"H99.27.12-260701-{self.number:04}"


def _file(kind: str, name: str) -> Callable[[Path], object]:
    return lambda folder: (folder / name).write_bytes(bad_input.BAD_FILES[kind].make())


def _odd_name(folder: Path) -> None:
    (folder / "trang\x07 1.jpg").write_bytes(bad_input.jpeg(bad_input.sheet()))


def _undecodable_name(folder: Path) -> None:
    Path(os.fsdecode(bytes(folder) + b"/trang-\xff.jpg")).write_bytes(bad_input.jpeg(bad_input.sheet()))


def _link_out(folder: Path) -> None:
    outside = folder.parent.parent / "outside.jpg"
    outside.write_bytes(bad_input.jpeg(bad_input.sheet()))
    (folder / "giay.jpg").symlink_to(outside)


def _system_files(folder: Path) -> None:
    (folder / "Thumbs.db").write_bytes(b"x")
    (folder / "giay-to").mkdir()


ROWS: dict[str, BadDossier] = {
    "empty": BadDossier(1, _file("empty", "rong.pdf"), Code.FILE_EMPTY, "rong.pdf", beside=True),
    "truncated PDF": BadDossier(2, _file("pdf cut in the middle", "cut.pdf"), Code.FILE_TRUNCATED, "cut.pdf"),
    "truncated JPEG": BadDossier(3, _file("jpeg cut", "cut.jpg"), Code.FILE_TRUNCATED, "cut.jpg"),
    "truncated TIFF": BadDossier(4, _file("group 4 tiff cut", "cut.tif"), Code.FILE_TRUNCATED, "cut.tif"),
    "encrypted": BadDossier(5, _file("pdf with a password", "khoa.pdf"), Code.PDF_ENCRYPTED, "khoa.pdf"),
    "not what its name says": BadDossier(6, _file("png named pdf", "a.pdf"), Code.TYPE_MISMATCH, "a.pdf"),
    "no known type": BadDossier(7, _file("text", "a.txt"), Code.TYPE_UNKNOWN, "a.txt"),
    "decompression bomb PNG": BadDossier(8, _file("png bomb", "bom.png"), Code.IMAGE_BOMB, "bom.png"),
    "decompression bomb TIFF": BadDossier(9, _file("tiff bomb", "bom.tif"), Code.IMAGE_BOMB, "bom.tif"),
    "decompression bomb PDF": BadDossier(10, _file("pdf picture bomb", "bom.pdf"), Code.IMAGE_BOMB, "bom.pdf"),
    "too many pages": BadDossier(11, _file("pdf with too many pages", "day.pdf"), Code.TOO_MANY_PAGES, "day.pdf"),
    "zero-size page": BadDossier(12, _file("pdf page of no size", "khong.pdf"), Code.PAGE_ZERO_SIZE, "khong.pdf"),
    "TIFF without directories": BadDossier(13, _file("tiff without directory", "a.tif"), Code.TIFF_NO_PAGES, "a.tif"),
    "PDF beyond repair": BadDossier(14, _file("pdf without catalogue", "hong.pdf"), Code.PDF_DAMAGED, "hong.pdf"),
    "odd characters": BadDossier(15, _odd_name, Code.NAME_UNUSABLE, r"trang\x07 1.jpg", beside=True),
    "undecodable name": BadDossier(16, _undecodable_name, Code.NAME_UNUSABLE, r"trang-\udcff.jpg"),
    "link that leaves the folder": BadDossier(17, _link_out, Code.LINK_OUTSIDE, "giay.jpg", beside=True),
    "folder without pages": BadDossier(18, _system_files, Code.FOLDER_NO_PAGES, "H99.27.12-260701-0018"),
}
"""One dossier a row of what a folder can have wrong with it, by the words of the issue."""

NFD_NAME = unicodedata.normalize("NFD", "tờ khai số 1.jpg")
"""A name as a Macintosh writes it."""


def write(folder: Path) -> None:
    """Write every bad dossier, each into a folder of its own."""
    for row in ROWS.values():
        dossier = folder / row.name
        dossier.mkdir(parents=True)
        row.fill(dossier)
