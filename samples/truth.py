"""The ground truth of the set: what is on each page, which pages make a document, what its fields are."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from dossier.digest import of_bytes
from samples.degrade import Scan
from samples.markup import Paper
from samples.plan import FilePlan, PaperPlan
from samples.sheet import Leaf

_TYPES = {"pdf": "application/pdf", "tif": "image/tiff", "jpg": "image/jpeg", "png": "image/png"}


@dataclass(frozen=True, slots=True)
class PageTruth:
    """One page of a file, `number` from 1: its lines in reading order and what the scanner did to it."""

    number: int
    lines: tuple[str, ...]
    blank: bool
    upside_down: bool
    skew: float


@dataclass(frozen=True, slots=True)
class FileTruth:
    """One source file. A `bad` file has no page that can be read."""

    name: str
    sha256: str
    size: int
    media_type: str
    component: str
    dpi: int
    bad: bool
    signed: bool
    born_digital: bool
    pages: tuple[PageTruth, ...]


@dataclass(frozen=True, slots=True)
class PaperTruth:
    """One expected document: kind, pages as (file, page number), true field values."""

    kind: str
    component: str
    pages: tuple[tuple[str, int], ...]
    fields: dict[str, str | list[str]]
    confirm: bool


@dataclass(frozen=True, slots=True)
class DossierTruth:
    """One dossier: its files and the documents in them, in order."""

    code: str
    procedure: str
    files: tuple[FileTruth, ...]
    documents: tuple[PaperTruth, ...]


def scanned_file(name: str, data: bytes, plan: FilePlan, scans: Sequence[Scan], *, bad: bool) -> FileTruth:
    """Return the truth of a file of scans."""
    pages = tuple(
        PageTruth(number, scan.lines, not scan.lines, scan.upside_down, scan.skew)
        for number, scan in enumerate(scans, start=1)
    )
    return _file(name, data, pages, dpi=plan.dpi, bad=bad)


def digital_file(name: str, data: bytes, leaves: Sequence[Leaf], *, signed: bool) -> FileTruth:
    """Return the truth of a file with real text."""
    pages = tuple(
        PageTruth(number, leaf.lines, blank=False, upside_down=False, skew=0.0)
        for number, leaf in enumerate(leaves, start=1)
    )
    return _file(name, data, pages, dpi=0, signed=signed)


def papers(files: Sequence[FileTruth], drawn: Sequence[tuple[PaperPlan, Paper, int]]) -> list[PaperTruth]:
    """Return the documents of one planned file: its pages in order, cut by the number of leaves of each paper."""
    places = [(file.name, page.number) for file in files for page in file.pages]
    found: list[PaperTruth] = []
    for plan, paper, count in drawn:
        own, places = tuple(places[:count]), places[count:]
        if own:
            found.append(PaperTruth(paper.kind, _component(own[0][0]), own, paper.fields, plan.confirm))
    return found


def write(path: Path, dossiers: Sequence[DossierTruth], *, seed: int, small: bool) -> None:
    """Write truth.json."""
    document = {"seed": seed, "small": small, "dossiers": [asdict(dossier) for dossier in dossiers]}
    path.write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _file(
    name: str, data: bytes, pages: tuple[PageTruth, ...], *, dpi: int, bad: bool = False, signed: bool = False
) -> FileTruth:
    return FileTruth(
        name=name,
        sha256=of_bytes(data),
        size=len(data),
        media_type=_TYPES[name.rpartition(".")[2]],
        component=_component(name),
        dpi=dpi,
        bad=bad,
        signed=signed,
        born_digital=dpi == 0,
        pages=pages,
    )


def _component(name: str) -> str:
    return name.partition("/")[0] if "/" in name else ""
