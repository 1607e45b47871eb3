"""Row-level lists that bear out the figures of five published monitoring reports.

Reports print totals only; these rows are made so that counting them gives what was printed. Names, days and dossier
codes are invented. Run as a script to write all files into a folder: `python make_registers.py FOLDER`.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from itertools import chain, repeat
from pathlib import Path

import xlsxwriter

Cell = str | int | datetime | None

BOOK_COLUMNS = (
    *("STT", "Mã hồ sơ", "Tên TTHC", "Lĩnh vực", "Tên cá nhân, tổ chức", "Cơ quan chủ trì giải quyết"),
    *("Ngày nhận", "Ngày hẹn trả", "Ngày trả", "Phương thức", "Trạng thái", "Ghi chú"),
)
SYNC_COLUMNS = (
    *("MaHoSo", "MaTTHC", "MaLinhVuc", "KenhThucHien", "NgayTiepNhan", "NgayHenTra", "NgayKetThucXuLy", "NgayTra"),
    *("TrangThaiHoSo", "HoSoCoThanhPhanSoHoa", "DuocTaiSuDung", "DuongDanTepTinKetQua"),
)


def quang_cu(folder: Path) -> Path:
    """Write 9.078 settled dossiers of 01/2023 to 09/2024, 42 late, 2.723 digitised, as a sync export (csv, `;`)."""
    late, digitised = 42, 2723
    path = folder / "quang_cu.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream, delimiter=";")
        writer.writerow(SYNC_COLUMNS)
        for index, (received, code) in enumerate(_arrivals("H56.15.09", date(2023, 1, 3), 9078, per_day=15)):
            due = received + timedelta(days=5)
            done = due + timedelta(days=2) if index < late else due - timedelta(days=index % 3)
            flag = int(index >= 9078 - digitised)
            link = f"ket-qua/{index}.pdf" if flag else ""
            stamps = (f"{moment:%Y%m%d%H%M%S}" for moment in (received, due, done, done))
            writer.writerow([code, "2.000635", "Hộ tịch", 2 if index % 50 == 0 else 1, *stamps, 10, flag, 0, link])
    return path


def lien_chieu(folder: Path) -> Path:
    """Write 32.843 dossiers of 2012 as a register book (xlsx): 606 given back, 240 of which it says nothing."""
    fates = chain(
        repeat("early", 16018), repeat("on_time", 15938), repeat("late", 41), repeat("back", 606), repeat("", 240)
    )
    channels = chain(repeat("Trực tuyến", 17), repeat("Trực tiếp", 2917), repeat(""))
    arrivals = _arrivals("H17.32", date(2012, 1, 3), 32_843, per_day=95)
    rows = (
        _book_row(index, code, received, fate, channel)
        for index, ((received, code), fate, channel) in enumerate(zip(arrivals, fates, channels, strict=False))
    )
    return _book(folder / "lien_chieu.xlsx", "QUẬN LIÊN CHIỂU", rows)


def huyen_tung(folder: Path) -> Path:
    """Write 768 dossiers of 01 to 07/2019, none late, as a register book (csv, `,`)."""
    path = folder / "huyen_tung.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["SỔ THEO DÕI HỒ SƠ"])
        writer.writerow(BOOK_COLUMNS)
        for index, (received, code) in enumerate(_arrivals("H03.01.05", date(2019, 1, 2), 768, per_day=4)):
            cells = _book_row(index, code, received, "early" if index % 2 else "on_time", "Trực tiếp")
            writer.writerow([f"{cell:%d/%m/%Y %H:%M}" if isinstance(cell, datetime) else cell for cell in cells])
    return path


def hung_yen(folder: Path) -> tuple[Path, Path]:
    """Write the list of 1.697 procedures by level (101 of them liên thông) and the list of 188 units."""
    levels = [*repeat("Cấp tỉnh", 1265), *repeat("Cấp huyện", 271), *repeat("Cấp xã", 161)]
    processes = {"Cấp tỉnh": 378, "Cấp huyện": 72, "Cấp xã": 15}
    done: dict[str, int] = dict.fromkeys(processes, 0)
    rows: list[tuple[Cell, ...]] = []
    for index, level in enumerate(levels):
        done[level] += 1
        process = "có" if done[level] <= processes[level] else "không"
        rows.append(
            (index + 1, f"Thủ tục {index + 1}", level, "có" if index % 16 == 0 and index < 1616 else "không", process)
        )
    procedures = _list(
        folder / "hung_yen_tthc.csv", ("STT", "Tên TTHC", "Cấp", "Liên thông", "Quy trình điện tử"), rows
    )
    kinds = chain(repeat("Sở, ngành", 17), repeat("Huyện, thị xã, thành phố", 10), repeat("Xã, phường, thị trấn", 161))
    units = ((index, f"Đơn vị {index}", kind) for index, kind in enumerate(kinds, start=1))
    return procedures, _list(folder / "hung_yen_don_vi.csv", ("STT", "Đơn vị", "Loại"), units)


def nghi_loc(folder: Path) -> tuple[Path, Path]:
    """Write the 22 shortened procedures by field and the five fields that the report names of the six it announces."""
    named = {"Đất đai": 10, "Giao dịch bảo đảm": 6, "Tài chính - kế hoạch - xây dựng cơ bản": 6}
    kinds = chain.from_iterable(repeat(name, number) for name, number in named.items())
    rows = ((index, f"Thủ tục {index}", kind) for index, kind in enumerate(kinds, start=1))
    fields = ((index, f"Lĩnh vực {index}") for index in range(1, 6))
    return (
        _list(folder / "nghi_loc_rut_ngan.csv", ("STT", "Tên TTHC", "Lĩnh vực"), rows),
        _list(folder / "nghi_loc_linh_vuc.csv", ("STT", "Lĩnh vực"), fields),
    )


def notices(folder: Path) -> Path:
    """Write Quảng Cư's 184 procedures, 125 of them posted."""
    rows = ((index, f"Thủ tục {index}", "có" if index <= 125 else "không") for index in range(1, 185))
    return _list(folder / "quang_cu_niem_yet.csv", ("STT", "Tên TTHC", "Niêm yết"), rows)


def _arrivals(agency: str, first: date, total: int, per_day: int) -> Iterator[tuple[datetime, str]]:
    for index in range(total):
        day = first + timedelta(days=index // per_day)
        received = datetime.combine(day, time(8)) + timedelta(minutes=index % per_day * 3)
        yield received, f"{agency}-{day:%y%m%d}-{index % per_day + 1:04d}"


def _book_row(index: int, code: str, received: datetime, fate: str, channel: str) -> tuple[Cell, ...]:
    due: datetime | None = received + timedelta(days=7)
    done = {
        "early": received + timedelta(days=4),
        "on_time": received + timedelta(days=7),
        "late": received + timedelta(days=9),
    }.get(fate)
    if not fate:
        due = None
    late_in_civil_status = fate == "late" and index >= 16018 + 15938 + 39
    field = "Hộ tịch" if late_in_civil_status else "Đất đai" if fate == "late" else _FIELDS[index % len(_FIELDS)]
    status = "Trả lại" if fate == "back" else "Đã trả kết quả" if done else ""
    return (
        index + 1,
        code,
        f"Thủ tục về {field}",
        field,
        "Người nộp (đã ẩn)",
        "",
        received,
        due,
        done,
        channel,
        status,
        "",
    )


_FIELDS = ("Đất đai", "Chứng thực", "Kinh doanh", "Hộ tịch", "Thuế", "Chứng minh nhân dân", "Hộ khẩu")


def _book(path: Path, office: str, rows: Iterable[tuple[Cell, ...]]) -> Path:
    """Write a register book as offices keep it: title rows, a merged header of two rows, a totals row."""
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
        sheet = book.add_worksheet("Sổ theo dõi")
        stamp = book.add_format({"num_format": "dd/mm/yyyy hh:mm"})
        sheet.write_row(0, 0, [f"ỦY BAN NHÂN DÂN {office}"])
        sheet.write_row(1, 0, ["SỔ THEO DÕI HỒ SƠ"])
        top = list(BOOK_COLUMNS)
        top[6:9] = ["Nhận và trả kết quả", "", ""]
        sheet.write_row(3, 0, top)
        sheet.write_row(4, 0, ["", "", "", "", "", "", "Nhận hồ sơ", "Hẹn trả kết quả", "Trả kết quả"])
        sheet.write_row(5, 0, [f"({number})" for number in range(1, len(top) + 1)])
        last = 5
        for last, cells in enumerate(rows, start=6):
            for column, cell in enumerate(cells):
                if isinstance(cell, datetime):
                    sheet.write_datetime(last, column, cell, stamp)
                elif cell is not None and cell != "":
                    sheet.write(last, column, cell)
        sheet.write_row(last + 1, 0, ["Tổng cộng", last - 5])
    return path


def _list(path: Path, columns: tuple[str, ...], rows: Iterable[tuple[Cell, ...]]) -> Path:
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream, delimiter=";")
        writer.writerow(columns)
        writer.writerows(rows)
    return path


def main() -> None:
    """Write every list into the folder named on the command line."""
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for make in (quang_cu, lien_chieu, huyen_tung, hung_yen, nghi_loc, notices):
        make(folder)


if __name__ == "__main__":
    main()
