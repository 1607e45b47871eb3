"""A person says what a paper is: through the form, once, and only of what the form has shown."""

from __future__ import annotations

import re

import pytest

from catalog import documents, events, fields, samples
from catalog.samples import Sampled
from dossier.model import FieldValue
from dossier.people import Role
from tests.fakes.office import CODE, PaperOffice
from tests.fakes.visitor import Visitor
from tests.integration.site.conftest import FOREIGN, TEXT, UNIT, document_of
from web.wording import word

_SEEN = re.compile(r'name="seen" value="([0-9a-f]{32})"')
_SECOND = "H99.27.14-260302-0077"
_READ = (
    ("ho_ten", "NGUYỄN VĂN THỬ", "NGUYEN VAN THU", "rule@1-a/2/3"),
    ("ngay_sinh", "1990-02-01", "01/02/1990", "rule@1-a/2/3!dates"),
)


@pytest.fixture
def paper(office: PaperOffice) -> str:
    """Return a document that waits, with two fields that were read on its page."""
    own = document_of(office)
    with office.services.catalogue.write() as tx:
        page = documents.get(tx, own).page_ids[0]
        read = [FieldValue(name, value, raw, 70.0, page, (40, 60, 200, 80), by) for name, value, raw, by in _READ]
        fields.replace_read(tx, own, read)
    return own


def _form(checker: Visitor, paper: str) -> tuple[str, str]:
    """Return the form and what it was made of."""
    text = checker.get(f"/confirm/{paper}").body.decode()
    found = _SEEN.search(text)
    assert found
    return text, found[1]


def test_a_person_confirms_what_the_form_shows(
    visitors: dict[Role | None, Visitor], office: PaperOffice, paper: str
) -> None:
    """Kind and values with who said it, in the chain without the values; the next follows; the form is over."""
    checker = visitors[Role.CHECKER]
    text, seen = _form(checker, paper)
    assert word("confirm.raw", "vi", raw="NGUYEN VAN THU") in text
    assert text.count(word("held.against_dates", "vi")) == 1
    assert text.count("<rect ") == 2
    assert word("confirm.lacking", "vi") in text
    assert f'name="more-{_READ[0][0]}"' not in text
    said = {"seen": seen, "kind": "KHAC", "field-0": "Nguyễn Văn Thử", "field-1": ""}
    said |= {"more-so_dinh_danh": "099190000001", "more-ho_ten": "read already", "more-other": "no field"}
    assert document_of(office, FOREIGN) not in checker.get("/confirm").body.decode()
    reply = checker.post(f"/confirm/{paper}", said)
    assert reply.status == 303
    assert reply.headers["location"].startswith("/confirm")
    assert paper not in reply.headers["location"]
    with office.services.catalogue.read() as tx:
        document, values = documents.get(tx, paper), fields.of_document(tx, paper)
        last = [event for event in events.chain(tx, document.dossier_id) if event.kind == "confirmed"][-1]
    assert (document.confirmed, document.kind) == (True, "KHAC")
    confirmed = {value.name: value.value for value in values if value.confirmed_by}
    assert confirmed == {"ho_ten": "Nguyễn Văn Thử", "so_dinh_danh": "099190000001"}
    assert (last.actor, last.payload["fields"]) == ("checker", ["ho_ten", "ngay_sinh", "so_dinh_danh"])
    assert "Nguyễn" not in repr(last)
    assert checker.post(f"/confirm/{paper}", said).status == 400


def test_what_is_no_answer_changes_nothing(
    visitors: dict[Role | None, Visitor], office: PaperOffice, paper: str
) -> None:
    """An unknown kind, a value that never ends, a form of something else."""
    checker = visitors[Role.CHECKER]
    _, seen = _form(checker, paper)
    with office.services.catalogue.read() as tx:
        before = len(list(events.chain(tx, office.dossier(CODE).id)))
    for said in (
        {"seen": seen, "kind": "unknown"},
        {"seen": seen, "kind": "KHAC", "field-0": "x" * 3000},
        {"seen": seen, "kind": "KHAC", "field-0": "a\0b"},
        {"seen": seen, "kind": "KHAC", "more-dien_thoai": "x" * 3000},
        {"seen": "0" * 32, "kind": "KHAC"},
        {"kind": "KHAC"},
    ):
        assert checker.post(f"/confirm/{paper}", said).status in (400, 422)
    with office.services.catalogue.read() as tx:
        assert len(list(events.chain(tx, office.dossier(CODE).id))) == before


def test_the_queue_has_what_needs_a_person(visitors: dict[Role | None, Visitor], office: PaperOffice) -> None:
    """A sure kind with sure values stays out of it, until one is doubtful or sampled; the whole list has it always."""
    checker = visitors[Role.CHECKER]
    with office.services.catalogue.write() as tx:
        own = next(each for each in documents.unconfirmed(tx, [UNIT], 50))
        documents.set_kind(tx, own.id, "KHAC", 99.0, "", [])
        fields.replace_read(tx, own.id, [FieldValue("so", "12", "12", 97.0, own.page_ids[0], None, "rule")])

    def _listed() -> tuple[bool, bool]:
        found = [checker.get(address).body.decode() for address in ("/confirm", "/confirm?all=1")]
        return f'/confirm/{own.id}"' in found[0], f"/confirm/{own.id}?all=1" in found[1]

    assert _listed() == (False, True)
    with office.services.catalogue.write() as tx:
        samples.add(tx, "2026-11-22", [own.id], 1, office.clock.now)
    assert _listed() == (True, True)
    with office.services.catalogue.write() as tx:
        samples.check(tx, Sampled(own.id, checked=True, fields=1), "ai", office.clock.now)
        fields.replace_read(tx, own.id, [FieldValue("so", "12", "12", 60.0, own.page_ids[0], None, "rule")])
    assert _listed() == (True, True)


def test_another_kind_has_the_document_read_as_one(visitors: dict[Role | None, Visitor], office: PaperOffice) -> None:
    """The form has that kind's values, nothing is stored before the word; then values stand where they were read."""
    checker = visitors[Role.CHECKER]
    office.page("to-khai/1.jpg", 50, text=TEXT, code=_SECOND)
    office.digitise()
    paper = document_of(office, _SECOND)
    with office.services.catalogue.read() as tx:
        before, had = documents.get(tx, paper), fields.of_document(tx, paper)
    kind = "TO_KHAI_HO_TICH" if before.kind != "TO_KHAI_HO_TICH" else "DON"
    text = checker.get(f"/confirm/{paper}?kind={kind}").body.decode()
    shown = re.search(r'name="shown" value="([0-9a-f]{32})"', text)
    values = re.findall(r'name="(field-[0-9]+)" value="([^"]*)"', text)
    assert shown
    assert f'<option value="{kind}" selected>' in text
    assert word("confirm.read_as", "vi") in text
    assert values
    assert checker.get(f"/confirm/{paper}?kind=NONE").body.decode().count('name="as"') == 0
    with office.services.catalogue.read() as tx:
        assert documents.get(tx, paper).kind == before.kind
        assert fields.of_document(tx, paper) == had
    said = {"seen": _form(checker, paper)[1], "kind": kind, "as": kind, **dict(values)}
    assert checker.post(f"/confirm/{paper}", said).status == 400
    assert checker.post(f"/confirm/{paper}", said | {"as": "NONE", "shown": shown[1]}).status in (400, 422)
    assert checker.post(f"/confirm/{paper}", said | {"shown": shown[1]}).status == 303
    with office.services.catalogue.read() as tx:
        after, stored = documents.get(tx, paper), fields.of_document(tx, paper)
    assert (after.kind, after.confirmed) == (kind, True)
    assert {value.name for value in stored} >= {"ho_ten", "so_dinh_danh"}
    assert sorted(value.value for value in stored) == sorted(value for _, value in values if value)
    assert all(value.page_id and value.confirmed_by for value in stored)
