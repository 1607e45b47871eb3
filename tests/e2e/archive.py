"""The archive folder as an auditor without this program sees it: plain files, digests, manifests, PDF pages."""

from __future__ import annotations

import hashlib
import io
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pikepdf
from PIL import Image

from tests.e2e.program import Program

PageIdentity = tuple[str, str, int, str]
"""Dossier code, source file, page number, digest of the pixels."""


def objects(program: Program) -> dict[str, Path]:
    """Return the stored files by the digest of their bytes, each checked against its name and place."""
    root = program.home / "archive" / "objects"
    found = {}
    for path in root.rglob("*"):
        if path.is_file():
            digest = hashlib.sha256(path.read_bytes()).hexdigest()
            assert path.relative_to(root).as_posix() == f"{digest[:2]}/{digest[2:4]}/{digest}"
            found[digest] = path
    return found


def manifests(program: Program) -> list[dict[str, Any]]:
    """Return every manifest, found by its content: no catalogue is asked."""
    found = []
    for path in objects(program).values():
        data = path.read_bytes()
        if data.startswith(b"{") and b'"renditions"' in data:
            found.append(json.loads(data))
    return sorted(found, key=lambda each: (each["dossier"], each["version"]))


def newest_manifests(program: Program) -> dict[str, dict[str, Any]]:
    """Return the newest manifest of each dossier by code."""
    return {each["dossier"]: each for each in manifests(program)}


def archived_pages(program: Program) -> Counter[PageIdentity]:
    """Return every archived page as what its final PDF shows."""
    stored = objects(program)
    return Counter(
        (manifest["dossier"], page["file"], page["number"], digest)
        for manifest in newest_manifests(program).values()
        for document in manifest["documents"]
        for page, digest in _shown(document, stored)
    )


def final_of(document: dict[str, Any]) -> dict[str, Any]:
    """Return the form of a document that counts; beside it lies the report on its signatures, once."""
    by_role = {str(each["role"]): each for each in document["renditions"]}
    assert by_role.pop("report")
    by_role.pop("evidence", None)
    (final,) = by_role.values()
    return dict(final)


def _shown(document: dict[str, Any], stored: dict[str, Path]) -> Iterator[tuple[dict[str, Any], str]]:
    final = final_of(document)
    digests = pdf_pages(stored[final["sha256"]].read_bytes())
    yield from zip(document["pages"], digests, strict=True)


def delivered_pages(folder: Path) -> Counter[PageIdentity]:
    """Return the pages of dossier folders, decoded by Pillow and pikepdf before the program saw them."""
    return Counter(
        (dossier.name, path.relative_to(dossier).as_posix(), number, digest)
        for dossier in folder.iterdir()
        if dossier.is_dir()
        for path in dossier.rglob("*")
        if path.is_file()
        for number, digest in enumerate(file_pages(path), start=1)
    )


def file_pages(path: Path) -> list[str]:
    """Return a digest of each page's pixels."""
    data = path.read_bytes()
    return pdf_pages(data) if path.suffix == ".pdf" else list(_frames(data))


def pdf_pages(data: bytes) -> list[str]:
    """Return a digest of the pixels of each page's one picture."""
    with pikepdf.open(io.BytesIO(data)) as document:
        return [_pixels(pikepdf.PdfImage(_picture(page)).as_pil_image()) for page in document.pages]


def _picture(page: pikepdf.Page) -> pikepdf.Object:
    (picture,) = [each for each in page.Resources.XObject.values() if each.Subtype == "/Image"]
    return picture


def _frames(data: bytes) -> Iterator[str]:
    with Image.open(io.BytesIO(data)) as image:
        for number in range(getattr(image, "n_frames", 1)):
            image.seek(number)
            yield _pixels(image)


def _pixels(image: Image.Image) -> str:
    plain = image.convert("RGB")
    return hashlib.sha256(repr(plain.size).encode() + plain.tobytes()).hexdigest()


def leftovers(program: Program) -> list[str]:
    """Return what must not be there when nothing is under way: unclaimed objects, held batches, working files."""
    claimed = {digest for (digest,) in program.rows("select distinct sha256 from claim")}
    recorded = {digest for (digest,) in program.rows("select sha256 from stored_object")}
    stored = set(objects(program))
    unclaimed = [f"object {digest}" for digest in stored ^ claimed | stored ^ recorded]
    folders = (program.home / "holding", program.home / "scratch", program.home / "archive" / "tmp")
    return unclaimed + [str(path) for folder in folders for path in folder.rglob("*") if path.is_file()]
