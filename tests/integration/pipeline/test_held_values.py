"""Lists that the office loads hold values of its papers, from the import to the stored origin of each value."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from classify.versions import said_of
from dossier.model import FieldValue
from pipeline.known_lists import lists_of
from pipeline.referring import enter
from pipeline.rereading import reread
from registers.reference_data import of_files
from registers.reference_files import read_reference
from tests.fakes.office import PaperOffice
from tests.integration.pipeline.test_learning import _values

PAPER = """ỦY BAN NHÂN DÂN
XÃ YÊN LẬM
Số: 12/QĐ-UBND
Yên Lậm, ngày 05 tháng 3 năm 2026
QUYẾT ĐỊNH
Về việc trợ cấp
Điều 1. Ông Nguyễn Văn Thử, nơi cư trú: thôn Chùa, xã Yên Lâm, tỉnh Hải Lâm
TM. ỦY BAN NHÂN DÂN XÃ YÊN LẬM
CHỦ TỊCH
Lê Văn Tám
"""
AGENCIES = """Mã cơ quan;Tên cơ quan;Chữ viết tắt trong ký hiệu;Hiệu lực từ;Hiệu lực đến;Căn cứ
YL;UBND xã Yên Lậm;UBND;01/07/2025;;NQ
YL-TT;Trung tâm Phục vụ hành chính công xã Yên Lậm;TTPVHCC PVHCC;01/07/2025;;NQ
"""
UNITS = """Mã đơn vị;Tên đơn vị;Cấp;Mã đơn vị cấp trên;Hiệu lực từ;Hiệu lực đến;Căn cứ
H77;UBND tỉnh Hải Lâm;tinh;;01/01/1990;;NQ
H77.1;UBND xã Yên Lậm;xa;H77;01/01/1990;30/06/2025;NQ
H77.1;UBND xã Yên Lậm;xa;H77;01/07/2025;;NQ
"""


@pytest.fixture
def lists(tmp_path: Path) -> list[Path]:
    """Return an agencies' list and a unit tree as an office writes them."""
    files = []
    for name, text in (("coquan.csv", AGENCIES), ("donvi.csv", UNITS)):
        files.append(tmp_path / name)
        files[-1].write_text(text, encoding="utf-8-sig")
    return files


def _held(office: PaperOffice) -> dict[str, tuple[FieldValue, tuple[str, str] | None]]:
    (document,) = office.documents()
    return {value.name: (value, said_of(value.source)) for value in _values(office, document)}


def test_loaded_lists_hold_what_was_read(office: PaperOffice, lists: list[Path]) -> None:
    """Before, nothing but the paper speaks; after the import the same paper read again has the lists' word."""
    office.page("1.jpg", 40, text=PAPER)
    office.digitise()
    before = _held(office)
    assert {said for _, said in before.values()} == {None}
    assert before["ky_hieu"][0].must_confirm
    assert "noi_cu_tru" not in before
    for path in lists:
        assert enter(read_reference(path), office.services, "lan.nt").added
    assert reread(office.services, lambda _: None).changed == 1
    after = _held(office)
    assert after["ky_hieu"][1] == ("+", "agencies")
    assert not after["ky_hieu"][0].must_confirm
    assert after["co_quan"][1] is None  # a rule that was never seen to find the issuer of such a paper
    home, said = after["noi_cu_tru"]
    assert (home.value, said, home.must_confirm) == ("xã Yên Lậm, tỉnh Hải Lâm", ("+", "units"), False)
    assert "Yên Lâm" in home.raw  # put right: the tree and the head of the paper have the other spelling
    assert after["so"][0].must_confirm


def test_the_rows_that_come_with_the_program_hold_nothing() -> None:
    """The samples' invented units are no list of an office."""
    packaged = lists_of(of_files(None, None))
    assert not packaged.areas
    assert not packaged.issuers.rows


def test_a_row_lasts_until_the_next_of_its_key(lists: list[Path]) -> None:
    """A unit that goes on under a new row is one row after the other, none of them without end but the last."""
    known = of_files(None, None).with_edition(read_reference(lists[1]).rows, 1)
    ends = [(one.since, one.until) for one in lists_of(known).areas.rows if one.name == "xã Yên Lậm"]
    assert ends == [(date(1990, 1, 1), date(2025, 6, 30)), (date(2025, 7, 1), None)]
