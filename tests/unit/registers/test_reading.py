"""Import of registers: headers wherever they stand, every cell habit of Excel, and each way a row can be bad."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import pytest

from dossier.errors import Code, Rejected
from dossier.register import Channel, Status
from registers.dates import VIETNAM
from registers.reading import read_register
from registers.reasons import RowReason
from registers.register_file import RegisterFile

BOOK = ["STT", "Mã hồ sơ", "Tên TTHC", "Cá nhân, tổ chức", "Cơ quan chủ trì giải quyết"]
BOOK += ["Ngày nhận", "Ngày hẹn trả", "Ngày trả", "Phương thức", "Ghi chú"]
SYNC = ["MaHoSo", "MaTTHC", "MaLinhVuc", "KenhThucHien", "NgayTiepNhan", "NgayHenTra", "NgayKetThucXuLy", "NgayTra"]
SYNC += ["TrangThaiHoSo", "HoSoCoThanhPhanSoHoa", "DuocTaiSuDung", "DuongDanTepTinKetQua"]
CODE = "H99.27.14-260211-0008"


def book_row(code: str = CODE, **changes: str) -> list[str]:
    """Return one row of a register book."""
    values = {
        "name": "Đăng ký khai sinh",
        "received": "11/02/2026 09:40",
        "due": "18/3/2026",
        "returned": "17/03/2026",
        "channel": "Trực tiếp",
    } | changes
    return [
        *("1", code, values["name"], "Quách Thị Vân Kiều", "UBND xã Đông Liễu"),
        *(values["received"], values["due"], values["returned"], values["channel"], "ghi chú"),
    ]


def sync_row(**changes: str) -> list[str]:
    """Return one row with the national sync fields."""
    cells = [CODE, "1.012766.000.00.00.H99", "Đất đai", "2", "20260211094000", "20260318163000", "20260317100000", ""]
    values = dict(zip(SYNC, [*cells, "9", "1", "0", "ket-qua/1.pdf"], strict=True))
    return list((values | changes).values())


def write(path: Path, rows: Sequence[Sequence[str]], delimiter: str = ";", encoding: str = "utf-8-sig") -> Path:
    """Write rows as a .csv file."""
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter).writerows(rows)
    path.write_bytes(text.getvalue().encode(encoding))
    return path


def imported(tmp_path: Path, *rows: Sequence[str]) -> RegisterFile:
    """Return the import of a .csv file of these rows."""
    return read_register(write(tmp_path / "r.csv", rows))


def test_a_register_book_is_read_whole(tmp_path: Path) -> None:
    """Every column of the book lands in its field; a deadline that is a day lasts to its last second."""
    entry = imported(tmp_path, BOOK, book_row()).entries[0]
    assert (entry.code, entry.unit, entry.row) == (CODE, "H99.27.14", 2)
    assert entry.received_at == datetime(2026, 2, 11, 9, 40, tzinfo=VIETNAM)
    assert entry.due_at == datetime(2026, 3, 18, 23, 59, 59, tzinfo=VIETNAM)
    assert entry.returned_at == datetime(2026, 3, 17, tzinfo=VIETNAM)
    assert (entry.channel, entry.status, entry.settled_at) == (Channel.DIRECT, None, None)
    assert (entry.applicant, entry.note) == ("Quách Thị Vân Kiều", "ghi chú")
    assert entry.procedure == "1.001193"
    assert (entry.portal_components, entry.portal_result, entry.portal_reused) == (None, None, None)


def test_the_national_sync_fields_are_read(tmp_path: Path) -> None:
    """Codes, times as yyyyMMddHHmmss and flags of the exchange become typed values."""
    entry = imported(tmp_path, SYNC, sync_row()).entries[0]
    assert (entry.procedure, entry.field) == ("1.012766", "Đất đai")
    assert (entry.channel, entry.status) == (Channel.ONLINE, Status.SETTLED)
    assert entry.due_at == datetime(2026, 3, 18, 16, 30, tzinfo=VIETNAM)
    assert entry.settled_at == datetime(2026, 3, 17, 10, 0, tzinfo=VIETNAM)
    assert (entry.portal_components, entry.portal_reused, entry.portal_result) == (True, False, True)


def test_blank_flags_are_no_and_a_missing_column_is_unknown(tmp_path: Path) -> None:
    """What the software leaves blank in its own column is a no."""
    entry = imported(tmp_path, SYNC, sync_row(HoSoCoThanhPhanSoHoa="", DuongDanTepTinKetQua="")).entries[0]
    assert (entry.portal_components, entry.portal_result) == (False, False)


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_separators_and_encodings(tmp_path: Path, delimiter: str, encoding: str) -> None:
    """Excel writes all of these; commas inside names do not split cells."""
    path = write(tmp_path / "r.csv", [BOOK, book_row()], delimiter, encoding)
    found = read_register(path)
    assert [entry.applicant for entry in found.entries] == ["Quách Thị Vân Kiều"]
    assert found.layout.encoding == encoding


def test_cp1258_is_composed(tmp_path: Path) -> None:
    """Old exports carry tones as separate letters; stored text is NFC."""
    text = ";".join(BOOK) + "\r\n" + ";".join(book_row(name="Đăng ký đất đai")) + "\r\n"
    decomposed = "".join(_split_tone(char) for char in text)
    path = tmp_path / "r.csv"
    path.write_bytes(decomposed.encode("cp1258"))
    found = read_register(path)
    assert found.layout.encoding == "cp1258"
    assert found.entries[0].procedure_name == "Đăng ký đất đai"


def _split_tone(char: str) -> str:
    try:
        char.encode("cp1258")
    except UnicodeEncodeError:
        parts = unicodedata.normalize("NFD", char)
        tones = [part for part in parts if part in "\u0300\u0301\u0303\u0309\u0323"]
        rest = unicodedata.normalize("NFC", "".join(part for part in parts if part not in tones))
        return rest + "".join(tones)
    return char


def test_header_below_titles_and_merged_over_rows(tmp_path: Path) -> None:
    """Title rows, a two-row header, the row of column numbers, sections, totals and signatures are no dossiers."""
    top = ["STT", "Mã hồ sơ", "Tên TTHC", "", "", "Nhận và trả kết quả", "", "", "Phương thức nhận kết quả", "Ghi chú"]
    low = ["", "", "", "", "", "Nhận hồ sơ (Ngày, tháng, năm)", "Hẹn trả kết quả", "Trả kết quả", "", ""]
    found = imported(
        tmp_path,
        ["ỦY BAN NHÂN DÂN XÃ ĐÔNG LIỄU"],
        ["SỔ THEO DÕI HỒ SƠ"],
        [],
        top,
        low,
        [f"({number})" for number in range(1, 11)],
        ["I", "", "Lĩnh vực đất đai"],
        book_row(channel="Tại nhà"),
        ["", "Tổng cộng", "1"],
        ["Tổng cộng", "1 hồ sơ"],
        [],
        ["", "", "NGƯỜI LẬP BIỂU"],
    )
    assert [(entry.code, entry.row, entry.channel) for entry in found.entries] == [(CODE, 8, None)]
    assert list(found.rejected) == []
    assert found.skipped == 6
    assert found.layout.texts["received"] == "Nhận hồ sơ (Ngày, tháng, năm)"


def test_the_way_a_result_is_returned_is_not_the_channel(tmp_path: Path) -> None:
    """`Phương thức nhận kết quả` looks like the channel and is none."""
    header = [name.replace("Phương thức", "Phương thức nhận kết quả") for name in BOOK]
    assert imported(tmp_path, header, book_row(channel="Bưu chính")).entries[0].channel is None


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (book_row("H99.27.14-260231-0008"), RowReason.CODE_INVALID),
        (book_row("không có mã"), RowReason.CODE_INVALID),
        (book_row("12"), RowReason.CODE_INVALID),
        (book_row(""), RowReason.CODE_MISSING),
        (book_row(received="31/02/2026"), RowReason.DATE_IMPOSSIBLE),
        (book_row(received="02/13/2026"), RowReason.DATE_IMPOSSIBLE),
        (book_row(received="11/02/26"), RowReason.DATE_IMPOSSIBLE),
        (book_row(received="11/02/1026"), RowReason.DATE_IMPOSSIBLE),
        (book_row(due="hôm sau"), RowReason.DATE_IMPOSSIBLE),
        (book_row(returned="10/02/2026"), RowReason.FINISHED_BEFORE_RECEIVED),
        (book_row(returned="11/02/2026 08:00"), RowReason.FINISHED_BEFORE_RECEIVED),
        (book_row(channel="bồ câu"), RowReason.CHANNEL_UNKNOWN),
        (book_row(name="x" * 40_000), RowReason.CELL_TOO_LONG),
    ],
)
def test_bad_rows_are_set_aside_whole(tmp_path: Path, row: list[str], reason: RowReason) -> None:
    """A bad row keeps its number, its reason and its cells, and the good rows around it are imported."""
    found = imported(tmp_path, BOOK, book_row("H99.27.14-260211-0001"), row, book_row("H99.27.14-260211-0002"))
    assert [(bad.row, bad.reason_code) for bad in found.rejected] == [(3, reason)]
    assert found.rejected[0].values[1] == row[1]
    assert [entry.code[-1] for entry in found.entries] == ["1", "2"]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"TrangThaiHoSo": "11"}, RowReason.STATUS_UNKNOWN),
        ({"HoSoCoThanhPhanSoHoa": "có thể"}, RowReason.FLAG_UNKNOWN),
        ({"KenhThucHien": "9"}, RowReason.CHANNEL_UNKNOWN),
    ],
)
def test_unknown_codes_of_the_exchange(tmp_path: Path, changes: dict[str, str], reason: RowReason) -> None:
    """A status, flag or channel that the exchange does not know is never guessed."""
    assert [bad.reason_code for bad in imported(tmp_path, SYNC, sync_row(**changes)).rejected] == [reason]


def test_the_second_row_of_a_code_is_set_aside(tmp_path: Path) -> None:
    """Codes are compared in their normal form; a bad row does not take its code from a later good one."""
    found = imported(tmp_path, BOOK, book_row(channel="bồ câu"), book_row(), book_row(CODE.lower()))
    assert [entry.row for entry in found.entries] == [3]
    assert [bad.reason_code for bad in found.rejected] == [RowReason.CHANNEL_UNKNOWN, RowReason.CODE_DUPLICATE]


def test_a_result_returned_the_same_day_is_not_before_its_reception(tmp_path: Path) -> None:
    """A bare day is no time of day."""
    assert list(imported(tmp_path, BOOK, book_row(returned="11/02/2026")).rejected) == []


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ([["a", "b", "c"], ["1", "2", "3"]], Code.REGISTER_COLUMNS),
        ([[name for name in BOOK if name != "Mã hồ sơ"]], Code.REGISTER_COLUMNS),
        ([[name for name in BOOK if name != "Ngày nhận"]], Code.REGISTER_COLUMNS),
        ([BOOK, ["x"] * 400], Code.REGISTER_UNREADABLE),
        ([BOOK, book_row(name="x" * 200_000)], Code.REGISTER_UNREADABLE),
    ],
)
def test_files_that_are_no_register(tmp_path: Path, rows: list[list[str]], code: Code) -> None:
    """The whole file is refused, with a code a person can act on, when its columns cannot be known."""
    with pytest.raises(Rejected) as caught:
        imported(tmp_path, *rows)
    assert caught.value.code is code


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("r.csv", b""),
        ("r.csv", b"\xff\xfe\x00"),
        ("r.csv", bytes(range(256))),
        ("r.xlsx", b"PK\x03\x04 but nothing more"),
        ("r.xlsx", b"<html><table></table></html>"),
        ("r.pdf", b"%PDF-1.7"),
    ],
)
def test_unreadable_files(tmp_path: Path, name: str, data: bytes) -> None:
    """Bytes that are no table are refused."""
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(Rejected) as caught:
        read_register(path)
    assert caught.value.code in {Code.REGISTER_UNREADABLE, Code.REGISTER_COLUMNS}


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    """A path that leads nowhere is the input's fault."""
    with pytest.raises(Rejected):
        read_register(tmp_path / "r.csv")
