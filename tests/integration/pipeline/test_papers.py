"""Forms filled in from a real catalogue: register, procedures and archive each say what they know, nothing more."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from dossier.errors import Code, Rejected
from dossier.register import VIETNAM
from pipeline import papers
from pipeline.papers import Request
from pipeline.referring import reference
from pipeline.registering import Order, import_register
from registers.reference_data import of_files
from tests.fakes.office import CODE, OTHER_CODE, PaperOffice

_HEADER = "Mã hồ sơ;MaTTHC;Tên cá nhân, tổ chức;Địa chỉ;Số bộ;Ngày nhận;Ngày hẹn trả;Ngày trả;Trạng thái;Ghi chú\n"
_AT = datetime(2026, 3, 1, 9, tzinfo=VIETNAM)


@pytest.fixture
def database() -> str:
    """Work with one database: what is at stake here lies in the forms, not in the catalogue."""
    return "sqlite"


@pytest.fixture
def registered(office: PaperOffice) -> PaperOffice:
    """Return an office with two dossiers in its register, one of which has been delivered on paper."""
    office.services = replace(office.services, reference=of_files(None, None))
    path = office.inbox.parent / "so.csv"
    lines = (
        f"{CODE};1.001193;Nguyễn Thị Hoa;Thôn 3;1;12/02/2026;;;;=1+1\n",
        f"{OTHER_CODE};1.001193;Đỗ Văn An;;;11/02/2026;20/02/2026;19/02/2026;10;\n",
    )
    path.write_text(_HEADER + "".join(lines), encoding="utf-8")
    import_register(path, Order(as_of=office.services.clock()), office.services)
    office.page("to-khai/1.jpg", 10)
    office.page("giay-chung-sinh/1.jpg", 20)
    office.deliver()
    office.drain()
    return office


def _request(office: PaperOffice, *lines: str) -> Request:
    with office.services.catalogue.read() as tx:
        return Request(reference(tx, office.services), "UBND xã", _AT, lines)


def test_each_form_says_what_is_known_and_no_more(registered: PaperOffice) -> None:
    """The book in the order of reception, the slip with its procedure's papers, the contents as they were scanned."""
    _judge_book(registered)
    _judge_slip(registered)
    _judge_contents(registered)


def _judge_book(registered: PaperOffice) -> None:
    request = _request(registered, "Kỳ")
    with registered.services.catalogue.read() as tx:
        listing = papers.book(tx, [CODE, OTHER_CODE], request)
    assert [row["code"] for row in listing.rows] == [OTHER_CODE, CODE]
    first, second = listing.table.rows
    assert (first[4], first[7:10]) == ("Đỗ Văn An", ("11/02/2026", "20/02/2026", "19/02/2026"))
    assert (second[3], second[5], second[-1]) == (1, "Thôn 3", "=1+1")
    assert first[-2] == ""


def _judge_slip(registered: PaperOffice) -> None:
    request = _request(registered)
    with registered.services.catalogue.read() as tx:
        slip = papers.slip(tx, f" {CODE.lower()} ", request)
        with pytest.raises(Rejected) as unknown:
            papers.slip(tx, "H99.27.14-260211-7777", request)
    known = request.known.procedures.find("1.001193", _AT.date())
    assert known is not None
    assert slip.components == tuple(part.name for part in known.components if part.code != "ket-qua")
    assert (slip.applicant, slip.address, slip.sets) == ("Nguyễn Thị Hoa", "Thôn 3", "01")
    assert slip.received.endswith("ngày 12/02/2026")
    assert slip.due == ""
    assert unknown.value.code is Code.DOSSIER_UNKNOWN


def _judge_contents(registered: PaperOffice) -> None:
    with registered.services.catalogue.read() as tx:
        listing = papers.contents(tx, registered.dossier(), registered.services, _request(registered))
    assert [(row["pages"], row["note"]) for row in listing.rows] == [(1, "Chưa xác nhận")] * 2
    assert f"Mã hồ sơ: {CODE}" in listing.lines
    assert listing.table.total[-2] == 2


def test_a_handover_counts_what_is_digitised_and_claims_nothing_of_the_rest(registered: PaperOffice) -> None:
    """A dossier that is only in the register has no counts; one that is nowhere is refused; sides may stay free.

    Above the limit a form is refused as a whole: half a book would look like all of it.
    """
    request = _request(registered)
    with registered.services.catalogue.read() as tx:
        listing = papers.handover(tx, [CODE, OTHER_CODE], ("Phường A", ""), request)
        plain = papers.dossier_list(tx, [OTHER_CODE, CODE], request)
        with pytest.raises(Rejected) as nowhere:
            papers.handover(tx, ["H99.27.14-260211-7777"], ("", ""), request)
    scanned, paper = listing.rows
    assert (scanned["documents"], scanned["pages"]) == (2, 2)
    assert "pages" not in paper
    assert "note" not in paper
    assert listing.lines[0] == "Bên giao: Phường A"
    assert set(listing.lines[1].removeprefix("Bên nhận: ")) == {"."}
    assert listing.closing[0] == "Tổng số: 2 hồ sơ, 2 văn bản đã số hóa, 2 trang quét."
    assert [row["time"] for row in plain.rows] == ["11/02/2026 - 19/02/2026", "12/02/2026"]
    assert "Đỗ Văn An" in str(plain.rows[0]["title"])
    assert nowhere.value.code is Code.DOSSIER_UNKNOWN
    codes = [f"H99.27.14-260211-{n:06}" for n in range(papers.MOST_ROWS + 1)]
    with registered.services.catalogue.read() as tx, pytest.raises(Rejected) as caught:
        papers.book(tx, codes, request)
    assert (caught.value.code, caught.value.subject) == (Code.PRINT_TOO_LONG, "2.001 > 2.000")
