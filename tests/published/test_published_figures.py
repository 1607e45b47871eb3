"""What five monitoring reports printed comes out of rows by the product's own import and report."""

from __future__ import annotations

import csv
import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from dossier.errors import Code, Rejected
from dossier.register import VIETNAM
from registers.procedures import load_procedures
from registers.reading import read_register
from registers.reference_data import Reference
from registers.reference_files import read_here
from reports.indicators.published import published
from reports.numbers import percent
from reports.period import Counting, Period, free_range, whole_year
from reports.shares import Disagreement, counts, disagreements, of_levels, per_month, share
from reports.signable import require_closed
from reports.text import lines
from reports.timeliness import Outcome
from reports.view import Base
from tests.published import make_registers
from tests.reporting import Inspected, inspected

PRINTED: dict[str, dict[str, Any]] = {
    unit["id"]: unit
    for unit in json.loads(Path(__file__).with_name("published_figures.json").read_text(encoding="utf-8"))["units"]
}


def report(path: Path, unit: str, period: Period) -> tuple[Inspected, str]:
    """Return the figures over an imported file and the printed report."""
    register = read_register(path)
    assert list(register.rejected) == []
    found = inspected(
        register.entries,
        {},
        load_procedures(),
        period=period,
        base=Base.B1,
        demo=False,
        as_of=datetime(2026, 10, 1, tzinfo=VIETNAM),
        unit=unit,
    )
    return found, "\n".join(lines(found.figures, "vi"))


def rows(path: Path) -> list[dict[str, str]]:
    """Return the rows of a plain list."""
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream, delimiter=";"))


def test_quang_cu_prints_its_rates(tmp_path: Path) -> None:
    """9.078 settled, 42 late, 2.723 digitised print 99,54 %, 0,46 % and 30,00 %, with both counts beside each."""
    printed = PRINTED["quang_cu"]
    found, text = report(
        make_registers.quang_cu(tmp_path), printed["ten"], free_range(date(2023, 1, 1), date(2024, 9, 30))
    )
    again = printed["tinh_lai"]
    figures = found.figures
    assert figures.total.settled == printed["da_giai_quyet"]
    assert figures.total.of(Outcome.EARLY, Outcome.ON_TIME) == printed["dung_va_truoc_han"]
    assert figures.total.of(Outcome.LATE) == printed["qua_han"]
    assert f"trên số đã giải quyết: {again['ty_le_dung_han']} (9.036/9.078)" in text
    assert f"quá hạn trên số đã giải quyết: {again['ty_le_qua_han']} (42/9.078)" in text
    assert "Tỷ lệ số hóa (theo Bộ chỉ số 766): 30,00% (2.723/9.078)" in text
    assert figures.closes


def test_quang_cu_notices(tmp_path: Path) -> None:
    """125 of 184 procedures posted are 67,93 %."""
    printed = PRINTED["quang_cu"]
    posted = share(rows(make_registers.notices(tmp_path)), lambda row: row["Niêm yết"] == "có")
    assert [posted.numerator, posted.denominator] == printed["niem_yet"]
    assert posted.text == printed["tinh_lai"]["niem_yet"]


def test_lien_chieu_does_not_close(tmp_path: Path) -> None:
    """The report repeats every printed count and shows the 240 dossiers that nobody explained."""
    printed = PRINTED["lien_chieu"]
    period = whole_year(2012, Counting.CALENDAR)
    found, text = report(make_registers.lien_chieu(tmp_path), printed["ten"], period)
    figures = found.figures
    total, again = figures.total, printed["tinh_lai"]
    assert (total.received, total.settled) == (printed["tiep_nhan"], again["da_giai_quyet"])
    assert total.of(Outcome.EARLY) == printed["som_han"]
    assert total.of(Outcome.ON_TIME) == printed["dung_han"]
    assert total.of(Outcome.LATE) == printed["tre_han"]
    assert total.of(Outcome.GIVEN_BACK) == printed["tra_lai"]
    assert dict(figures.late_by_field) == printed["tre_theo_linh_vuc"]
    assert (total.online, total.direct) == (printed["truc_tuyen"], printed["truc_tiep"])
    assert {name for name, _ in figures.fields} == set(printed["linh_vuc"])
    assert not figures.closes
    assert len(found.codes("unexplained")) == again["chua_giai_thich"]
    with pytest.raises(Rejected) as caught:
        require_closed(figures)
    assert caught.value.code is Code.REPORT_NOT_CLOSED
    for line in (
        "Chưa giải thích: 240",
        "Tiếp nhận trong kỳ: 32.843",
        "Quá hạn theo lĩnh vực: Đất đai 39, Hộ tịch 2",
        f"trước hạn trên số đã giải quyết: {again['dung_va_som_tren_da_giai_quyet']} (31.956/31.997)",
        f"quá hạn trên số đã giải quyết: {again['tre_tren_da_giai_quyet']} (41/31.997)",
        f"quá hạn trên số tiếp nhận: {again['tre_tren_tiep_nhan']} (41/32.843)",
        f"{again['truc_tuyen']} (17/2.934)",
    ):
        assert line in text


def test_hung_yen_procedures_and_the_contradiction(tmp_path: Path) -> None:
    """The levels add up to 1.697; of the two printed numbers for communes only 161 is borne out."""
    printed = PRINTED["hung_yen"]
    procedures, units = map(rows, make_registers.hung_yen(tmp_path))
    by_level = counts(procedures, lambda row: row["Cấp"])
    tthc = printed["tthc"]
    assert by_level == {"Cấp tỉnh": tthc["tinh"], "Cấp huyện": tthc["huyen"], "Cấp xã": tthc["xa"]}
    assert sum(by_level.values()) == tthc["tong"]
    assert len(units) == printed["don_vi"]["tong"]
    shared = share(procedures, lambda row: row["Liên thông"] == "có")
    assert (shared.numerator, shared.text) == (printed["lien_thong"], printed["tinh_lai"]["lien_thong"])
    electronic = share(procedures, lambda row: row["Quy trình điện tử"] == "có")
    assert (electronic.numerator, electronic.text) == (465, printed["tinh_lai"]["quy_trinh_tren_tthc"])
    stated = [("Cấp xã", tthc["xa"]), ("Cấp xã", tthc["xa_cau_khac"])]
    assert disagreements(by_level, stated) == [Disagreement("Cấp xã", 168, 161)]


def test_hung_yens_contradiction_is_flagged(tmp_path: Path) -> None:
    """As reference data the same list is published whole, and bears out 161 procedures of communes, not 168."""
    path = tmp_path / "tthc.csv"
    header = "Mã TTHC;Tên TTHC;Lĩnh vực;Cấp thực hiện;Có kết quả;Lưu hồ sơ giấy;Đã công bố;Hiệu lực từ;Căn cứ"
    levels = {"Cấp tỉnh": "tinh", "Cấp huyện": "huyen", "Cấp xã": "xa"}
    listed = rows(make_registers.hung_yen(tmp_path)[0])
    lines_ = (f"T{row['STT']};{row['Tên TTHC']};Chung;{levels[row['Cấp']]};có;có;có;01/01/2021;QĐ" for row in listed)
    path.write_text("\n".join([header, *lines_]), encoding="utf-8")
    known = Reference(read_here(path).rows).procedures.on(date(2021, 9, 30)).values()
    stated = [("procedures.tinh", 1265), ("procedures.xa", 161), ("procedures.xa", 168)]
    assert disagreements(of_levels(known, ()), stated) == [Disagreement("procedures.xa", 168, 161)]
    assert (published(known).numerator, published(known).text) == (1697, "100,00%")


def test_nghi_loc_fields(tmp_path: Path) -> None:
    """22 procedures were shortened; six fields were announced and five are named."""
    printed = PRINTED["nghi_loc"]
    shortened, fields = map(rows, make_registers.nghi_loc(tmp_path))
    assert counts(shortened, lambda row: row["Lĩnh vực"]) == printed["rut_ngan"]
    assert len(shortened) == printed["tinh_lai"]["rut_ngan"]
    assert disagreements({"Lĩnh vực": len(fields)}, [("Lĩnh vực", 6)]) == [Disagreement("Lĩnh vực", 6, 5)]


def test_huyen_tung_average(tmp_path: Path) -> None:
    """768 dossiers in 7 months are 109,7 a month, none of them late."""
    printed = PRINTED["huyen_tung"]
    period = free_range(date(2019, 1, 1), date(2019, 7, 31))
    found, text = report(make_registers.huyen_tung(tmp_path), printed["ten"], period)
    figures = found.figures
    assert figures.total.received == printed["luot_tthc"]
    assert figures.total.of(Outcome.LATE) == printed["qua_han"]
    assert per_month(figures.total.received, 7) == printed["tinh_lai"]["binh_quan_thang"]
    assert "quá hạn trên số đã giải quyết: 0,00% (0/768)" in text


@pytest.mark.parametrize(
    ("numerator", "denominator", "key"),
    [(206, 240, "thu_phieu"), (455_000_000, 241_302_000_000, "kinh_phi"), (606, 32_843, "tra_lai")],
)
def test_other_printed_shares(numerator: int, denominator: int, key: str) -> None:
    """Shares of the Liên Chiểu report that are over no register round as printed."""
    assert percent(numerator, denominator) == PRINTED["lien_chieu"]["tinh_lai"][key]
