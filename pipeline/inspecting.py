"""Inspection of a sample: each dossier judged again, and everything an inspector takes along to judge it elsewhere."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from catalog import intakes
from dossier.digest import of_file
from dossier.errors import Rejected
from dossier.status import Cause
from dossier.wording import say
from pipeline.export import export, filling
from pipeline.services import Services
from pipeline.verification import verify_dossier
from reports.wording import name_of

_PAGE = "kiem-tra.md"


@dataclass(frozen=True, slots=True)
class Inspected:
    """One dossier of a sample.

    Attributes:
        code: Its code.
        cause: What the report says of it by the archival reading.
        archived: Whether the archive has it at all.
        problems: What judging it again found: `kind:subject:detail`, no names.
    """

    code: str
    cause: Cause
    archived: bool
    problems: tuple[str, ...] = ()

    @property
    def holds(self) -> bool:
        """Whether it is digitised as the report says, and nothing was found against it."""
        return self.cause is Cause.COUNTED and self.archived and not self.problems


def inspected(code: str, cause: Cause, services: Services) -> Inspected:
    """Judge a dossier of a sample again: its event chain, every object, every signature."""
    with services.catalogue.read() as tx:
        dossier = intakes.find_dossier(tx, code)
    if dossier is None:
        return Inspected(code, cause, archived=False)
    findings = (each for each in verify_dossier(dossier, services) if each.verdict != "valid")
    problems = tuple(f"{each.kind}:{each.subject}:{each.detail}" for each in findings)
    return Inspected(code, cause, archived=True, problems=problems)


def listed(population: Iterable[str]) -> bytes:
    """Return what a sample was drawn from as a text, a code a line, in order."""
    return "".join(f"{code}\n" for code in sorted(population)).encode()


def bundle(
    sample: Sequence[Inspected], population: Iterable[str], said: dict[str, Any], target: Path, services: Services
) -> int:
    """Write what an inspector takes along, and return how many files it is.

    Args:
        sample: In the order in which it was drawn.
        population: Every code that it was drawn from.
        said: What the report says and the sample shows, as it is printed for programs.
        target: A folder that is empty, or not there yet.
        services: The archive.

    Raises:
        Rejected(EXPORT_TARGET): The folder exists and is not empty.
        Unavailable: EXPORT_TARGET, DISK_FULL: the folder cannot be written.
    """
    with filling(target):
        return _written(sample, population, said, target, services)


def _written(
    sample: Sequence[Inspected], population: Iterable[str], said: dict[str, Any], target: Path, services: Services
) -> int:
    for name, data in _sheets(sample, population, said, services):
        path = target / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    for one in sample:
        _export(one, target / "ho-so" / one.code, services)
    written = sorted(path for path in target.rglob("*") if path.is_file())
    sums = "".join(f"{of_file(path)[0]}  {path.relative_to(target).as_posix()}\n" for path in written)
    (target / "SHA256SUMS").write_text(sums, encoding="utf-8")
    return len(written) + 1


def _sheets(
    sample: Sequence[Inspected], population: Iterable[str], said: dict[str, Any], services: Services
) -> Iterator[tuple[str, bytes]]:
    yield "KIEM-TRA.md", (files("pipeline") / "data" / _PAGE).read_bytes()
    yield "mau.json", (json.dumps(said, ensure_ascii=False, indent=1) + "\n").encode()
    yield "mau.csv", _table(sample)
    yield "mau-so.txt", listed(population)
    for number, anchor in enumerate(services.trust.anchors, start=1):
        certificate = x509.load_der_x509_certificate(anchor)
        yield f"chung-thu/goc-{number:02}.pem", certificate.public_bytes(Encoding.PEM)


def _table(sample: Sequence[Inspected]) -> bytes:
    out = io.StringIO()
    rows = csv.writer(out, delimiter=";", lineterminator="\n")
    rows.writerow(say("inspect.columns").split(";"))
    for number, one in enumerate(sample, start=1):
        kept = say("inspect.archived" if one.archived else "inspect.not_archived")
        found = say("inspect.holds" if one.holds else "inspect.not_held")
        rows.writerow((number, one.code, name_of(one.cause, "vi"), kept, found, " | ".join(one.problems)))
    return out.getvalue().encode()


def _export(one: Inspected, target: Path, services: Services) -> None:
    """Write a dossier; one that the archive cannot give out whole is left out, and its problems say so."""
    with services.catalogue.read() as tx:
        dossier = intakes.find_dossier(tx, one.code) if one.archived else None
    if dossier is None:
        return
    try:
        export(dossier, target, services)
    except Rejected:
        if not one.problems:
            raise
