"""Personal data lies where it is meant to lie, and nowhere else under the home."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from pypdf import PdfReader
from sqlalchemy import select
from structlog.testing import capture_logs

from catalog.schema import event_link, metadata
from dossier.errors import Code, Rejected
from pipeline.confirmation import confirm, read_confirmations
from tests.fakes.office import CODE, PaperOffice, jpeg

NAME, NUMBER, PHONE, PLACE = "Lò Thị Mai Sương", "099301002785", "0900000041", "thôn Đình Đoài"
PERSONAL = (NAME, NUMBER, PHONE, PLACE)
PAGE = f"GIẤY KHAI SINH\nHọ và tên: {NAME}\nSố định danh: {NUMBER}\nĐiện thoại: {PHONE}\nNơi cư trú: {PLACE}"
# A clerk names files after people: a name is kept where the file is meant, and in the manifest that proves it.
FILE = f"to khai {NAME}.jpg"
HOLDERS = {"field", "register_entry", "register_history"}
FILE_NAMES = {"source_file", "problem", "intake"}


@dataclass
class Worked:
    """An office with a finished dossier, and what it logged."""

    office: PaperOffice
    log: Sequence[Mapping[str, object]]


@pytest.fixture
def worked(office: PaperOffice) -> Worked:
    """Return an office with a finished dossier, a damaged file, one of no kind, and a signature that had to wait."""
    office.page(FILE, 10, text=PAGE)
    (office.folder() / f"{NAME} hong.jpg").write_bytes(jpeg(11)[:300])
    (office.folder() / f"a.{NAME}").write_bytes(jpeg(12))
    office.tsa.silent = True
    with capture_logs() as log:
        office.digitise()
        office.tsa.silent = False
        office.clock.later(600)
        office.drain()
    return Worked(office, log)


def personal(found: str) -> set[str]:
    """Return the personal data in a text."""
    return {value for value in PERSONAL if value.casefold() in found.casefold()}


def tables(office: PaperOffice) -> dict[str, str]:
    """Return all that the catalogue holds, by table."""
    with office.services.catalogue.read() as tx:
        return {
            table.name: "\n".join(str(tuple(row)) for row in tx.execute(select(table)))
            for table in metadata.sorted_tables
        }


def test_only_tables_that_are_meant_to_hold_personal_data(worked: Worked) -> None:
    """Values lie with the fields; a file's name with the file and on the list of what a person must deal with."""
    found = {name: personal(rows) for name, rows in tables(worked.office).items()}
    assert found["field"] >= {NUMBER}
    assert {name for name, values in found.items() if values} <= HOLDERS | FILE_NAMES
    assert all(found[name] <= {NAME} for name in FILE_NAMES)


def test_details_of_problems_hold_no_names(worked: Worked) -> None:
    """The file is named by the subject; the technical phrase goes into logs too and names nobody."""
    listed = worked.office.problems()
    assert {item.code for item in listed} >= {Code.TYPE_MISMATCH}
    assert any(NAME in item.subject for item in listed)
    assert not any(personal(item.detail) for item in listed)


def test_chain_log_and_names_on_disk_name_nobody(worked: Worked, tmp_path: Path) -> None:
    """What lasts for ever, what is read by technicians and what a listing shows is free of personal data."""
    with worked.office.services.catalogue.read() as tx:
        chain = tx.execute(select(event_link.c.payload)).scalars().all()
    assert len(chain) > 3
    assert worked.log
    log = json.dumps(worked.log, default=str, ensure_ascii=False)
    places = "\n".join(str(path) for path in tmp_path.rglob("*") if worked.office.inbox not in path.parents)
    assert personal("\n".join(chain)) | personal(log) | personal(places) == set()


@pytest.mark.usefixtures("worked")
def test_a_signed_file_says_nothing_of_persons_about_itself(tmp_path: Path) -> None:
    """Title, XMP and Info name kind, code and agency."""
    final = [path for path in (tmp_path / "archive" / "objects").rglob("*") if path.is_file() and _is_pdf(path)]
    assert final
    for path in final:
        reader = PdfReader(path)
        packet = reader.root_object["/Metadata"].get_object().get_data().decode()  # type: ignore[union-attr] # a stream
        assert CODE in packet
        assert personal(packet + str(reader.metadata) + str(reader.trailer.get("/ID"))) == set()


def _is_pdf(path: Path) -> bool:
    with path.open("rb") as stream:
        return stream.read(5) == b"%PDF-"


def test_a_confirmation_cannot_put_a_name_into_the_chain(worked: Worked, tmp_path: Path) -> None:
    """Where a value stands in the place of a field's name, nothing is recorded, and the error does not repeat it."""
    said = {"dossier": CODE, "file": "x.jpg", "page": 1, "kind": "GIAY_KHAI_SINH", "fields": {NAME: NUMBER}}
    path = tmp_path / "said.json"
    path.write_text(json.dumps({"documents": [said]}), encoding="utf-8")
    with pytest.raises(Rejected) as caught:
        confirm(read_confirmations(path), "lan.nt", worked.office.services)
    assert caught.value.code is Code.CONFIRMATION_INVALID
    assert personal(f"{caught.value} {caught.value.subject}") == set()
