"""The access log as a folder that an auditor takes along and checks with coreutils and openssl alone."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from contextlib import ExitStack
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryFile
from typing import BinaryIO
from zipfile import ZIP_DEFLATED, ZipFile

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from catalog import Transaction, access_segments, accounts
from catalog.seals import ACCESS_LOG, Seal
from dossier.digest import of_bytes, of_file
from dossier.errors import Code, Rejected
from pipeline.access_log import store_access_log
from pipeline.export import filling
from pipeline.scratch import working_folder
from pipeline.sealing import seal, seals_of_access_log
from pipeline.services import Services
from storage.disk import translated

_FORMULA = ("=", "+", "-", "@")  # what a spreadsheet would reckon with
_PAGE = "kiem-tra-nhat-ky.md"


def export_access_log(target: Path, services: Services, *, most_lines: int | None = None) -> list[str]:
    """Write the access log into a folder and return the names of its files, `SHA256SUMS` last.

    What is not in the archive store yet is put there and sealed before. `nhat-ky/` holds the segments, `niem-phong/`
    the seals that name one of them, each with its time stamp and the path that leads from the segment to what is
    stamped, `chung-thu/` the certificates that the office trusts, `tai-khoan.csv` whose the accounts are,
    `KIEM-TRA.md` how all of it is checked.

    Args:
        target: A folder that is empty, or not there yet.
        services: The archive.
        most_lines: Only the newest segments, up to about so many lines; None: all.

    Raises:
        Rejected: EXPORT_TARGET when the folder is not empty; OBJECT_MISSING, OBJECT_DAMAGED when a segment cannot be
            given out.
        Unavailable: EXPORT_TARGET, DISK_FULL: the folder cannot be written; or the store does not answer.
    """
    store_access_log(services)
    seal(services)
    with filling(target), services.catalogue.read() as tx:
        names: list[str] = []
        for name, data in _parts(tx, services, most_lines):
            path = target / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
            names.append(name)
        sums = "".join(f"{of_file(target / name)[0]}  {name}\n" for name in sorted(names))
        (target / "SHA256SUMS").write_text(sums, encoding="utf-8")
    return [*names, "SHA256SUMS"]


def packed_access_log(services: Services, most_lines: int) -> BinaryIO:
    """Return the folder of `export_access_log` as a ZIP file without a name, which the caller closes.

    Raises:
        Unavailable: DISK_FULL, STORE_UNAVAILABLE; otherwise as `export_access_log`.
    """
    with translated(), working_folder(services.scratch) as folder, ExitStack() as stack:
        packed = stack.enter_context(TemporaryFile(dir=services.scratch))
        names = export_access_log(folder / "nhat-ky", services, most_lines=most_lines)
        with ZipFile(packed, "w", ZIP_DEFLATED) as whole:
            for name in names:
                whole.write(folder / "nhat-ky" / name, name)
        packed.seek(0)
        stack.pop_all()
        return packed


def _parts(tx: Transaction, services: Services, most_lines: int | None) -> Iterator[tuple[str, bytes]]:
    begin = 0 if most_lines is None else access_segments.begin_of(tx, most_lines)
    written = set()
    for own in access_segments.every(tx):
        if own.number >= begin:
            yield f"nhat-ky/{own.number:06}.jsonl", _segment(own.sha256, services)
            written.add(own.sha256)
    for entry, path in seals_of_access_log(tx):
        if entry.heads[ACCESS_LOG] in written:
            yield from _seal(entry, path)
    yield from _certificates(services)
    yield "tai-khoan.csv", _accounts(tx).encode()
    yield "KIEM-TRA.md", (files("pipeline") / "data" / _PAGE).read_bytes()


def _segment(sha256: str, services: Services) -> bytes:
    data = services.store.read(sha256)
    if of_bytes(data) != sha256:
        raise Rejected(Code.OBJECT_DAMAGED, subject=sha256)
    return data


def _seal(entry: Seal, path: list[bytes]) -> Iterator[tuple[str, bytes]]:
    said = {
        "at": entry.at,
        "segment": entry.heads[ACCESS_LOG],
        "path": " ".join(each.hex() for each in path),
        "root": entry.root,
        "previous": entry.previous,
    }
    yield f"niem-phong/{entry.id:06}.json", (json.dumps(said, indent=1) + "\n").encode()
    if entry.token is not None:
        yield f"niem-phong/{entry.id:06}.tst", entry.token


def _certificates(services: Services) -> Iterator[tuple[str, bytes]]:
    roots = dict.fromkeys((*services.trust.anchors, *services.trust.timestamp_anchors))
    for name, some in (("goc", roots), ("trung-gian", services.trust.intermediates)):
        for number, der in enumerate(some, start=1):
            certificate = x509.load_der_x509_certificate(der)
            yield f"chung-thu/{name}-{number:02}.pem", certificate.public_bytes(Encoding.PEM)


def _accounts(tx: Transaction) -> str:
    out = io.StringIO()
    rows = csv.writer(out, delimiter=";", lineterminator="\n")
    for own in accounts.every(tx):
        name = f"'{own.name}" if own.name.startswith(_FORMULA) else own.name
        rows.writerow((own.id, own.login, name, " ".join(sorted(own.roles))))
    return out.getvalue()
