"""Learning: confirmed papers are cases; rules of later read again what nobody has confirmed, and nothing else."""

from __future__ import annotations

import re
import shutil
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from catalog import documents, events, fields, words
from catalog.words import Word
from classify.cases import cases_in
from classify.judgement import judged, score
from classify.rules import PACKAGED, load_rules
from classify.versions import versions
from dossier.model import Document, FieldValue
from pipeline.confirmation import record
from pipeline.learning import export_cases
from pipeline.rereading import reread
from tests.fakes.office import CODE, PaperOffice

SLIP = """Mã hồ sơ: {code}
GIẤY TIẾP NHẬN HỒ SƠ VÀ HẸN TRẢ KẾT QUẢ
Tiếp nhận hồ sơ của: {name}
Thời gian nhận hồ sơ: 11/02/2026
"""
NAMES = ("Nguyễn Thị Hoa", "Trần Văn Hùng", "Lê Thị Lan")


def _digitised(office: PaperOffice) -> list[Document]:
    for number, name in enumerate(NAMES):
        office.page(f"{number}.jpg", 40 * number + 20, text=SLIP.format(code=CODE, name=name))
    office.digitise()
    found = office.documents()
    assert len(found) == len(NAMES)
    return found


def _values(office: PaperOffice, document: Document) -> list[FieldValue]:
    with office.services.catalogue.read() as tx:
        return fields.of_document(tx, document.id)


def _said(office: PaperOffice, document: Document, kind: str, values: Mapping[str, list[str]]) -> None:
    with office.services.catalogue.write() as tx:
        record(tx, document, kind, values, ("can-bo",), office.services)


def _use_other_rules(office: PaperOffice, folder: Path) -> None:
    """Have the office work with rules that find no name, and weigh no evidence."""
    for part in ("rules", "data"):
        shutil.copytree(PACKAGED / part, folder / part)
    (folder / "data" / "confidence.json").write_text('{"version": "other", "groups": {}}', encoding="utf-8")
    file = folder / "rules" / "fields.toml"
    text = file.read_text(encoding="utf-8")
    rule = re.compile(r'(rules\."slip\.person"\]\nfield = "ho_ten"\nanchors = ).*')
    file.write_text(rule.sub(r'\1["khong co"]', text), encoding="utf-8")
    settings = folder / "rules" / "settings.toml"
    never = re.sub(r"(?m)^(take|another) = [0-9.]+", r"\1 = 2.0", settings.read_text(encoding="utf-8"))
    settings.write_text(never, encoding="utf-8")
    office.services = replace(office.services, rules=load_rules(folder))


def test_what_a_person_said_is_not_read_over(office: PaperOffice, tmp_path: Path) -> None:
    """Bulk rereading with other rules: what is confirmed, or half so, stays; the rest is of the new rules."""
    confirmed, half, free = _digitised(office)
    assert [value.value for value in _values(office, confirmed) if value.name == "ho_ten"]
    _said(office, confirmed, "DON", {"ho_ten": ["Nguyễn Thị Hoa Sửa"], "ngay_tiep_nhan": []})
    with office.services.catalogue.write() as tx:
        words.add(tx, half.id, 1, Word("a1", "mot", office.clock(), "seen", half.kind, {"ho_ten": ["Ai Đó"]}))
    before = _values(office, confirmed), _values(office, half)
    _use_other_rules(office, tmp_path / "other")
    done = reread(office.services, lambda _: None)
    assert (done.looked, done.changed, done.unreadable) == (2, 1, 0)
    assert (_values(office, confirmed), _values(office, half)) == before
    assert [value.value for value in before[0] if value.name == "ho_ten"] == ["Nguyễn Thị Hoa Sửa"]
    with office.services.catalogue.read() as tx:
        assert documents.get(tx, confirmed.id).kind == "DON"
        last = [event for event in events.chain(tx, free.dossier_id) if event.kind == "classified"][-1]
        events.check_chain(tx, free.dossier_id)
    made = versions(office.services.rules)
    assert last.payload == {"document": free.id, "kind": free.kind, **made}
    now = _values(office, free)
    assert now
    assert not [value for value in now if value.name == "ho_ten"]
    assert all(value.source.partition("@")[2].startswith("/".join(made.values())) for value in now)
    office.drain()
    assert reread(office.services, lambda _: None).changed == 0


def test_confirmed_papers_are_cases(office: PaperOffice, tmp_path: Path) -> None:
    """A case has the words and what was said, an emptied field too; only its owner may read it."""
    first, second, _ = _digitised(office)
    _said(office, first, first.kind, {"ho_ten": ["Nguyễn Thị Hoa"], "ngay_tiep_nhan": []})
    _said(office, second, second.kind, {"ho_ten": ["Trần Văn Hừng"]})
    folder = tmp_path / "cases"
    done = export_cases(folder, office.services)
    assert (done.cases, done.values, done.unreadable) == (2, 2, 0)
    assert {file.name for file in folder.iterdir()} == {f"{one.id}.case" for one in (first, second)}  # nobody's name
    found = {case.name: case for case in cases_in(folder)}
    assert found[first.id].values == {"ho_ten": ("Nguyễn Thị Hoa",), "ngay_tiep_nhan": ()}
    assert found[second.id].values == {"ho_ten": ("Trần Văn Hừng",)}
    assert NAMES[0] in found[first.id].pages[0].text.plain()
    assert folder.stat().st_mode & 0o077 == 0
    assert all(file.stat().st_mode & 0o077 == 0 for file in folder.iterdir())
    rules = office.services.rules
    told = score(found.values(), rules)
    assert (told.papers, told.kinds_right, told.values, told.values_right) == (2, 2, 2, 1)
    assert sorted(one.right for one in judged(found.values(), rules) if one.said.field == "ho_ten") == [False, True]
    again = {file.name: file.read_bytes() for file in folder.iterdir()}
    export_cases(folder, office.services)
    assert {file.name: file.read_bytes() for file in folder.iterdir()} == again
