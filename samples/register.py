"""The one-stop register of the set: the sample dossiers and others of which no paper was handed over."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

import xlsxwriter

from samples.plan import HANOI, DossierPlan, procedure_field, procedure_name

TOTAL = 40
HEADERS = (
    "STT",
    "Mã hồ sơ",
    "Mã TTHC",
    "Tên TTHC",
    "Lĩnh vực",
    "Số lượng hồ sơ (bộ)",
    "Tên cá nhân, tổ chức",
    "Địa chỉ, số điện thoại",
    "Cơ quan chủ trì giải quyết",
    "Kênh thực hiện",
    "Ngày tiếp nhận",
    "Ngày hẹn trả",
    "Ngày kết thúc xử lý",
    "Ngày trả",
    "Phương thức nhận kết quả",
    "Trạng thái hồ sơ",
    "HoSoCoThanhPhanSoHoa",
    "DuocTaiSuDung",
    "DuongDanTepTinKetQua",
    "Ký nhận",
    "Ghi chú",
)
_WIDTHS = (6, 27, 12, 44, 20, 10, 26, 40, 28, 13, 17, 17, 17, 17, 14, 22, 10, 10, 30, 9, 24)
_STATUS = {
    4: "Đang xử lý",
    5: "Yêu cầu bổ sung giấy tờ",
    7: "Công dân yêu cầu rút hồ sơ",
    9: "Đã xử lý xong",
    10: "Đã trả kết quả",
}
_CHANNEL = {1: "Trực tiếp", 2: "Trực tuyến", 3: "Bưu chính"}
_PROCEDURES = (
    "1.001193",
    "2.000635",
    "1.012766",
    "1.012753",
    "1.013225",
    "1.001612",
    "1.001776",
    "1.000894",
    "1.000656",
)
_FAMILY = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Vũ", "Đặng", "Bùi", "Đỗ", "Hồ", "Ngô", "Lý", "Mạc", "Tôn Nữ")
_GIVEN = (
    "Văn An",
    "Thị Ánh",
    "Đình Ấn",
    "Thanh Bình",
    "Việt Dũng",
    "Minh Đức",
    "Ngọc Em",
    "Thị Hạnh",
    "Quốc Khánh",
    "Thu Quý",
)
_DATE = "%d/%m/%Y %H:%M"
_MADE = datetime(2026, 7, 1)  # noqa: DTZ001 - the file property has no zone
_COPY_PROCEDURE = "2.000815"

Cell = str | int | datetime | None
Row = tuple[Cell, ...]


def rows(plans: Sequence[DossierPlan], seed: int) -> list[Row]:
    """Return the lines of the register in the order of reception: 40, or the plans' own when there are more."""
    dice = Random(f"register:{seed}")
    others = [_other(number, dice) for number in range(max(0, TOTAL - len(plans)))]
    ordered = sorted([*plans, *others], key=lambda plan: (plan.received, plan.code))
    return [_row(number, plan) for number, plan in enumerate(ordered, start=1)]


def write_csv(path: Path, lines: Sequence[Row]) -> None:
    """Write the register as Vietnamese office software exports it: UTF-8 with BOM, semicolons, dates as dd/MM/yyyy."""
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream, delimiter=";", lineterminator="\r\n")
        writer.writerow(HEADERS)
        writer.writerows([_printed(cell) for cell in line] for line in lines)


def write_xlsx(path: Path, lines: Sequence[Row]) -> None:
    """Write the register as a work book: title rows above the header, real dates, a row of totals below."""
    book = xlsxwriter.Workbook(str(path))
    book.set_properties({"title": "Sổ theo dõi hồ sơ", "created": _MADE})
    sheet = book.add_worksheet("So theo doi")
    plain = {"font_name": "Times New Roman", "font_size": 12, "border": 1, "valign": "top", "text_wrap": True}
    title = book.add_format({"font_name": "Times New Roman", "font_size": 14, "bold": True})
    head = book.add_format({**plain, "bold": True, "align": "center"})
    cell, moment = book.add_format(plain), book.add_format({**plain, "num_format": "dd/mm/yyyy hh:mm"})
    sheet.write(0, 0, "SỔ THEO DÕI HỒ SƠ", title)
    sheet.write(1, 0, "Từ ngày 01/01/2026 đến ngày 30/6/2026 (số liệu bịa, chỉ để thử phần mềm)", cell)
    for column, (text, width) in enumerate(zip(HEADERS, _WIDTHS, strict=True)):
        sheet.set_column(column, column, width)
        sheet.write(3, column, text, head)
    for number, line in enumerate(lines, start=4):
        for column, value in enumerate(line):
            if isinstance(value, datetime):
                sheet.write_datetime(number, column, value.replace(tzinfo=None), moment)
            else:
                sheet.write(number, column, value, cell)
    sheet.write(4 + len(lines), 1, "Tổng cộng", head)
    sheet.write(4 + len(lines), 5, len(lines), head)
    sheet.freeze_panes(4, 2)
    sheet.set_landscape()
    sheet.set_paper(9)
    book.close()


def _row(number: int, plan: DossierPlan) -> Row:
    components, result, reused = plan.portal
    return (
        number,
        plan.code,
        plan.procedure,
        procedure_name(plan.procedure),
        procedure_field(plan.procedure),
        1,
        plan.applicant,
        f"{plan.address}; {plan.phone}",
        "UBND xã Đông Liễu" if plan.unit[1] == "xã Đông Liễu" else "UBND phường Tân Hòa Thượng",
        _CHANNEL[plan.channel],
        plan.received,
        plan.due,
        plan.settled,
        plan.returned,
        "Trực tuyến" if plan.channel == 2 else "Trực tiếp",
        _STATUS[plan.status],
        int(components),
        int(reused),
        f"/ket-qua/{plan.code}.pdf" if result else "",
        "",
        "Không lưu bản giấy" if plan.procedure == _COPY_PROCEDURE else "",
    )


def _printed(cell: Cell) -> str:
    if isinstance(cell, datetime):
        return cell.strftime(_DATE)
    return "" if cell is None else str(cell)


def _other(number: int, dice: Random) -> DossierPlan:
    """Return a dossier that stands in the register only: on time, late, online, withdrawn, or still open."""
    day = datetime(2026, 1, 5, 7, 45, tzinfo=HANOI) + timedelta(days=number * 6 + dice.randrange(3))
    received = _working_day(day) + timedelta(minutes=dice.randrange(0, 480))
    allowed = dice.choice((1, 3, 5, 10, 15))
    due = _working_day(received + timedelta(days=allowed)).replace(hour=16, minute=30)
    status = 7 if number == 9 else dice.choices((10, 9, 4), weights=(8, 1, 2))[0]
    settled, returned = _ends(received, due, status, dice)
    agency = dice.choice(("H99.27.12", "H99.27.14"))
    return DossierPlan(
        code=f"{agency}-{received:%y%m%d}-{900 + number:04d}",
        procedure=_COPY_PROCEDURE if number == 4 else dice.choice(_PROCEDURES),
        applicant=f"{dice.choice(_FAMILY)} {dice.choice(_GIVEN)}".upper(),
        address="xã Đông Liễu, tỉnh Hải Lâm" if agency.endswith("14") else "phường Tân Hòa Thượng, tỉnh Hải Lâm",
        phone=f"0900 000 {200 + number}",
        received=received,
        due=due,
        status=status,
        settled=settled,
        returned=returned,
        channel=dice.choices((1, 2, 3), weights=(6, 3, 1))[0],
        portal=(dice.random() < 0.6, status == 10 and dice.random() < 0.5, dice.random() < 0.2),
    )


def _ends(received: datetime, due: datetime, status: int, dice: Random) -> tuple[datetime | None, datetime | None]:
    """Return when it was settled and returned; one in four is late."""
    if status not in {9, 10}:
        return None, None
    late = timedelta(days=dice.randrange(1, 9)) if dice.random() < 0.25 else timedelta(0)
    settled = max(due + late - timedelta(hours=dice.randrange(2, 7)), received + timedelta(hours=1))
    return settled, settled + timedelta(hours=1) if status == 10 else None


def _working_day(moment: datetime) -> datetime:
    return (
        moment
        + timedelta(days=max(0, 7 - moment.isoweekday()) if moment.isoweekday() > 5 else 0)
        + (timedelta(days=1) if moment.isoweekday() > 5 else timedelta(0))
    )
