"""Doubtful values are read again while their pages are held, and what that gave outlives rereading by later rules."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

from catalog import fields
from classify.rules import PACKAGED, load_rules
from dossier.errors import Code, Rejected
from dossier.model import FieldValue
from pipeline.rereading import reread
from tests.fakes.office import PaperOffice
from tests.fakes.reader import ScriptedSecondReader

TEXT = """CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
GIẤY CHỨNG NHẬN ĐĂNG KÝ DOANH NGHIỆP
Mã số doanh nghiệp: 7443559199
Họ và tên: NGUYỄN XUÂN TÙNG Giới tính: Nam
Số giấy tờ pháp lý của cá nhân: {number}
"""
NUMBER, MISREAD = "099077433873", "0990774338731"


def _digitised(office: PaperOffice, reader: ScriptedSecondReader, number: str) -> dict[str, FieldValue]:
    given: Any = reader
    office.services = replace(office.services, second_reader=given)
    office.page("1.jpg", 60, text=TEXT.format(number=number))
    office.digitise()
    return _values(office)


def _values(office: PaperOffice) -> dict[str, FieldValue]:
    (document,) = office.documents()
    with office.services.catalogue.read() as tx:
        return {value.name: value for value in fields.of_document(tx, document.id)}


def _use_rules_of(office: PaperOffice, folder: Path) -> None:
    for part in ("rules", "data"):
        shutil.copytree(PACKAGED / part, folder / part)
    (folder / "data" / "confidence.json").write_text('{"version": "other", "groups": {}}', encoding="utf-8")
    office.services = replace(office.services, rules=load_rules(folder))


def test_a_number_that_was_none_is_proposed_and_stays(office: PaperOffice, tmp_path: Path) -> None:
    """A digit too many at first; later rules reread the words alone, and what was found on the page stays."""
    found = _digitised(office, ScriptedSecondReader((NUMBER,) * 5), MISREAD)["so_dinh_danh"]
    assert (found.value, found.must_confirm) == (NUMBER, True)
    assert found.source.endswith("*new")
    assert found.box is not None
    _use_rules_of(office, tmp_path / "other")
    assert reread(office.services, lambda _: None).changed == 1
    assert _values(office)["so_dinh_danh"] == found


def test_a_second_reader_that_dies_does_no_harm(office: PaperOffice) -> None:
    """The paper is classified as it was read at first."""
    reader = ScriptedSecondReader(fault=Rejected(Code.READ_CRASHED, "a page"))
    found = _digitised(office, reader, MISREAD)
    assert reader.calls == 1
    assert "so_dinh_danh" not in found
    assert found["ho_ten"].value == "NGUYỄN XUÂN TÙNG"
