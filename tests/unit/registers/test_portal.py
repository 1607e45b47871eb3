"""What goes to the one-stop software, and what comes back from it: fields, links, folders, batch files, receipts."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from dossier.digest import canonical, of_bytes
from dossier.errors import Code, HososoError, Rejected, Unavailable
from dossier.portal import (
    Answer,
    Content,
    Heard,
    Outcome,
    PackageDocument,
    PackageState,
    SignatureSaid,
    heard,
)
from dossier.register import VIETNAM, Channel, RegisterEntry, Status
from registers.portal.answers import MOST_BYTES, understood
from registers.portal.batch import BatchWay
from registers.portal.fields import columns, edition_on, sync_record
from registers.portal.folder import FolderWay
from registers.portal.links import Links, is_token, token_of
from registers.portal.message import message, rows
from registers.portal.port import Attachment, Parcel
from registers.portal.posting import PostWay
from registers.portal.receipts import Fault, read_receipts

CODE = "H99.27.14-260211-0008"
DAY = date(2026, 3, 2)
KEY = "ab" * 32
FILE = b"%PDF-1.7 signed"
_SIGNED = SignatureSaid(2, "B-LTA", "valid", "2026-03-02T03:00:00Z", development=False)
_AT = datetime(2026, 2, 11, 8, 30, tzinfo=VIETNAM)


def document(name: str, *, is_result: bool = False) -> PackageDocument:
    """Return a document of a package."""
    digest = hashlib.sha256(FILE).hexdigest()
    part = "ket-qua" if is_result else "to-khai"
    return PackageDocument(
        id=name,
        name=f"{name}.pdf",
        component=part,
        kind="GIAY_KHAI_SINH",
        title="Giấy khai sinh",
        is_result=is_result,
        born_digital=False,
        pages=2,
        sha256=digest,
        size=len(FILE),
        signature=_SIGNED,
    )


CONTENT = Content(CODE, 1, (document("ket", is_result=True), document("to")))
ENTRY = RegisterEntry(
    CODE,
    CODE.lower(),
    2,
    "H99.27.14",
    "Hộ tịch",
    "1.001193",
    "Đăng ký khai sinh",
    Channel.DIRECT,
    Status.RETURNED,
    _AT,
    None,
    _AT,
    _AT,
    applicant="Nguyễn Văn Thử",
)


def sent(entry: RegisterEntry | None = ENTRY) -> dict[str, Any]:
    """Return the message of the package."""
    places = {one.id: f"tep/{one.name}" for one in CONTENT.documents}
    return message(CONTENT, entry, places, DAY)


def parcel(told: Mapping[str, Any] | None = None, data: bytes = FILE) -> Parcel:
    """Return the package ready to be sent."""
    own = told or sent()
    attachments = tuple(
        Attachment(one.name, one.sha256, one.size, lambda: io.BytesIO(data)) for one in CONTENT.documents
    )
    return Parcel(CONTENT.key, CODE, 1, own, rows(own, CONTENT, DAY), attachments)


def test_fields_have_their_official_names() -> None:
    """Only what is known is filled; people's names are in no field; the edition and its basis are told."""
    record = sent()["record"]
    assert record == {
        "MaHoSo": CODE.lower(),
        "MaTTHC": "1.001193",
        "KenhThucHien": "1",
        "TrangThaiHoSo": "10",
        "NgayTiepNhan": "20260211083000",
        "NgayKetThucXuLy": "20260211083000",
        "NgayTra": "20260211083000",
        "HoSoCoThanhPhanSoHoa": "1",
        "TaiLieuNop": [
            {
                "TenTepDinhKem": "to.pdf",
                "MaThanhPhanHoSo": "to-khai",
                "DuongDanTaiTepTin": "tep/to.pdf",
                "DuocSoHoa": "1",
            }
        ],
        "GiayToKetQua": [{"TenGiayTo": "Giấy khai sinh", "DuongDanTepTinKetQua": "tep/ket.pdf"}],
    }
    assert "Nguyễn" not in json.dumps(sent(), ensure_ascii=False)
    assert sent()["names"]["checked"] is False
    assert edition_on(date(2001, 1, 1)) == edition_on(DAY)


def test_the_key_is_the_digest_of_the_content() -> None:
    """Whoever takes a package can check it; register and links do not change it, a version does."""
    told = sent()
    assert told["key"] == of_bytes(canonical(told["content"])) == sent(None)["key"]
    later = Content(CODE, 2, CONTENT.documents)
    assert later.key != CONTENT.key
    assert later.digest == CONTENT.digest


def test_rows_say_what_the_record_says() -> None:
    """One row a document, each with its own digest; every column is a known one."""
    table = rows(sent(), CONTENT, DAY)
    assert [row["MaTaiLieu"] for row in table] == ["to", "ket"]
    assert {row["MaGoi"] for row in table} == {CONTENT.key}
    own = {"MaGoi", "PhienBanGoi", "MaTaiLieu", "LoaiTaiLieu", "SHA256", "KichThuoc", "ChuKySo", "MucChuKy"}
    assert set().union(*table) - own <= set(columns(edition_on(DAY)))
    assert sync_record(Content(CODE, 1, ()), None, {}, edition_on(DAY))["HoSoCoThanhPhanSoHoa"] == "0"


def test_a_link_is_stable_and_scoped() -> None:
    """The same document of the same package has the same link; the token of another one does not open it."""
    links = Links("https://so-hoa.vi-du.vn/", b"k" * 32, 90)
    address = links.address(KEY, "d1")
    assert address == links.address(KEY, "d1")
    assert address.startswith(f"https://so-hoa.vi-du.vn/portal/v1/{KEY}/d1/")
    token = address.rpartition("/")[2]
    assert is_token(links.secret, KEY, "d1", token)
    assert not any(is_token(links.secret, *asked, token) for asked in ((KEY, "d2"), ("cd" * 32, "d1")))
    assert not is_token(links.secret, KEY, "d1", "é" * 43)
    assert token_of(b"x" * 32, KEY, "d1") != token
    assert "kkkk" not in repr(links)


def test_a_folder_is_there_whole_and_once(tmp_path: Path) -> None:
    """Message, files and digests; a second time nothing is written; leftovers of a killed run are taken away."""
    way = FolderWay(tmp_path)
    name = f"{CODE}-v1-{CONTENT.key[:12]}"
    (tmp_path / f".dang-ghi-{name}").mkdir()
    assert way.send([parcel()]) == [Answer(Outcome.RECEIVED)]
    folder = tmp_path / name
    for line in (folder / "SHA256SUMS").read_text().splitlines():
        digest, _, path = line.partition("  ")
        assert hashlib.sha256((folder / path).read_bytes()).hexdigest() == digest
    assert {path.name for path in folder.rglob("*") if path.is_file()} == {
        "goi.json",
        "SHA256SUMS",
        "to.pdf",
        "ket.pdf",
    }
    before = (folder / "goi.json").stat().st_mtime_ns
    assert way.send([parcel()]) == [Answer(Outcome.RECEIVED)]
    assert (folder / "goi.json").stat().st_mtime_ns == before
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_a_damaged_file_is_not_passed_off(tmp_path: Path) -> None:
    """The package is not there at all then."""
    (reply,) = FolderWay(tmp_path).send([parcel(data=b"rotten")])
    assert isinstance(reply, HososoError)
    assert reply.code is Code.OBJECT_DAMAGED
    assert not [path for path in tmp_path.iterdir() if not path.name.startswith(".")]


@pytest.mark.parametrize("way", [FolderWay, BatchWay])
def test_a_folder_that_is_away_is_no_empty_one(tmp_path: Path, way: type[FolderWay | BatchWay]) -> None:
    """A network drive that is not mounted: nothing is made in its place."""
    with pytest.raises(Unavailable) as caught:
        way(tmp_path / "away").send([parcel()])
    assert caught.value.code is Code.PORTAL_UNAVAILABLE
    assert not (tmp_path / "away").exists()


def test_a_batch_file_runs_nothing(tmp_path: Path) -> None:
    """Cells that a spreadsheet would compute are marked; the digest beside the file is its own."""
    told = sent()
    told["record"]["MaTTHC"] = '=HYPERLINK("x")'
    assert BatchWay(tmp_path).send([parcel(told)]) == [Answer(Outcome.RECEIVED)]
    (path,) = tmp_path.glob("*.csv")
    cells = [cell for row in csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"))) for cell in row]
    assert '\'=HYPERLINK("x")' in cells
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]
    (sums,) = tmp_path.glob("*.sha256")
    assert sums.read_text() == f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n"
    BatchWay(tmp_path).send([parcel(told)])
    assert len(list(tmp_path.iterdir())) == 2


@pytest.mark.parametrize("url", ["http://portal.vn/goi", "ftp://portal.vn", "https://", "portal", "https://h:99999/"])
def test_nothing_is_posted_in_the_clear(url: str) -> None:
    """Without TLS only this very machine is talked to."""
    with pytest.raises(Rejected) as caught:
        PostWay(url, "token").send([parcel()])
    assert caught.value.code is Code.SETTINGS_INVALID
    assert "token" not in repr(PostWay(url, "secret-token")).replace("token=", "")


@given(status=st.integers(100, 599), data=st.binary(max_size=300))
def test_only_an_answer_about_the_package_says_anything(status: int, data: bytes) -> None:
    """Whatever bytes come back, they are no answer."""
    assert isinstance(understood(status, data, KEY), HososoError)


@pytest.mark.parametrize(
    ("said", "refusal", "reason"),
    [
        ({"code": "TPHS-02", "reason": "Thiếu\n mã\x1b[31m"}, "TPHS-02", "Thiếu mã\\x1b[31m"),
        ({"code": "a b", "reason": ["x"]}, "OTHER", ""),
        ({"reason": "x" * 2000}, "", "x" * 500),
        ({"code": {}, "reason": "a\0b\ud800"}, "OTHER", "ab?"),
    ],
)
def test_words_of_others_are_bounded(said: dict[str, Any], refusal: str, reason: str) -> None:
    """A reason is one line of 500 letters that steers no terminal; a code is one, or OTHER."""
    data = json.dumps({"key": KEY, "state": "refused", **said}).encode()
    found = understood(422, data, KEY)
    assert found == Answer(Outcome.REFUSED, refusal=refusal, reason=reason)


@pytest.mark.parametrize(
    ("status", "body", "code"),
    [
        (401, {"key": KEY, "state": "accepted"}, Code.PORTAL_REFUSED),
        (500, {"key": KEY, "state": "accepted"}, Code.PORTAL_UNAVAILABLE),
        (200, {"key": "cd" * 32, "state": "accepted"}, Code.PORTAL_UNAVAILABLE),
        (200, {"key": KEY, "state": "fine"}, Code.PORTAL_UNAVAILABLE),
        (200, {"key": KEY, "state": ["accepted"]}, Code.PORTAL_UNAVAILABLE),
        (200, {"key": KEY, "state": "accepted", "more": "x" * MOST_BYTES}, Code.PORTAL_UNAVAILABLE),
    ],
)
def test_what_is_no_answer(status: int, body: dict[str, Any], code: Code) -> None:
    """Of another package, in other words, too long, or with a status that says it failed."""
    found = understood(status, json.dumps(body).encode(), KEY)
    assert isinstance(found, HososoError)
    assert found.code is code


def test_receipts_are_read_by_their_column_names(tmp_path: Path) -> None:
    """Below a title, in any order, by dossier or by package; rows that say nothing have a reason."""
    path = tmp_path / "bien-nhan.csv"
    lines = [
        "DANH SÁCH BIÊN NHẬN;;;",
        "Lý do;Kết quả;Mã hồ sơ;MaGoi",
        f";Đã ghi nhận;{CODE};",
        f"Thiếu mã thành phần;TỪ CHỐI;;{KEY.upper()}",
        f";có lẽ;{CODE};",
        ";1;không mã;",
        ";;;",
    ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    found = read_receipts(path)
    assert [(one.row, one.code, one.key, one.fault) for one in found] == [
        (3, CODE, "", None),
        (4, "", KEY, None),
        (5, CODE, "", Fault.STATE),
        (6, "", "", Fault.CODE),
    ]
    assert found[0].answer == Answer(Outcome.ACCEPTED)
    assert found[1].answer == Answer(Outcome.REFUSED, reason="Thiếu mã thành phần")


def test_receipts_come_as_workbooks_too(tmp_path: Path) -> None:
    """With numbers as numbers."""
    path = tmp_path / "bien-nhan.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        for row, cells in enumerate([["MaHoSo", "KetQua", "MaBienNhan"], [CODE, 1, "BN-1"], [CODE, 0, ""]]):
            sheet.write_row(row, 0, cells)
    accepted, refused = (one.answer for one in read_receipts(path))
    assert accepted == Answer(Outcome.ACCEPTED, receipt="BN-1")
    assert refused is not None
    assert refused.outcome is Outcome.REFUSED


@pytest.mark.parametrize("text", ["", "MaHoSo,GhiChu\nx,y\n", "<html></html>", "\0\0\0"])
def test_what_is_no_receipt_file(tmp_path: Path, text: str) -> None:
    """Refused whole, with a code of its own."""
    path = tmp_path / "la.csv"
    path.write_text(text)
    with pytest.raises(Rejected) as caught:
        read_receipts(path)
    assert caught.value.code is Code.RECEIPT_UNREADABLE


@given(said=st.lists(st.sampled_from(Outcome), max_size=8), late=st.sampled_from(PackageState))
def test_answers_in_any_order(said: list[Outcome], late: PackageState) -> None:
    """Once accepted a package stays so; the same answer twice changes nothing the second time."""
    state = late
    for outcome in said:
        before = state
        state, news = heard(before, outcome)
        assert before is not PackageState.ACCEPTED or state is PackageState.ACCEPTED
        assert heard(state, outcome)[0] is state
        if outcome is Outcome.ACCEPTED:
            assert state is PackageState.ACCEPTED
        assert (news is Heard.CONTRADICTS) == (outcome is Outcome.REFUSED and before is PackageState.ACCEPTED)
