"""Full-page drawings: a plot survey and a floor plan on A3, and the photocopy of an identity card."""

from __future__ import annotations

import math
from collections.abc import Callable
from random import Random

from samples.markup import Paper
from samples.qr import draw_qr
from samples.sheet import A3_LANDSCAPE, A4, Leaf, Sheet, Style

_PLOT = ((120.0, 92.0), (206.0, 84.0), (214.0, 178.0), (128.0, 190.0))
_SIDES = ("18,42", "17,25", "18,60", "17,31")
_NEIGHBOURS = (
    ("Thửa 300", "Nguyễn Khắc Tường"),
    ("Thửa 302", "Lê Thị Nhài"),
    ("Thửa 315", "UBND xã"),
    ("Đường thôn", ""),
)
_ROOMS = (
    ("PHÒNG KHÁCH", (40.0, 62.0), (62.0, 70.0)),
    ("BẾP + ĂN", (102.0, 62.0), (54.0, 70.0)),
    ("CẦU THANG", (156.0, 62.0), (34.0, 38.0)),
    ("VỆ SINH", (156.0, 100.0), (34.0, 32.0)),
    ("SÂN TRƯỚC", (40.0, 132.0), (150.0, 34.0)),
)
_UPPER_ROOMS = (
    ("PHÒNG NGỦ 1", (236.0, 62.0), (70.0, 52.0)),
    ("PHÒNG NGỦ 2", (306.0, 62.0), (70.0, 52.0)),
    ("SẢNH", (236.0, 114.0), (90.0, 40.0)),
    ("BAN CÔNG", (326.0, 114.0), (50.0, 40.0)),
)


def draw(paper: Paper, dpi: int, dice: Random) -> list[Leaf]:
    """Return the pages of a drawn paper."""
    return [_DRAWINGS[paper.drawing](paper, dpi, dice)]


def plot_sketch(sheet: Sheet, corner: tuple[float, float], scale: float = 0.55) -> None:
    """Draw the outline of a plot with its side lengths, as on the second page of a certificate."""
    left, top = corner
    points = [(left + (x - 110.0) * scale, top + (y - 80.0) * scale) for x, y in _PLOT]
    _outline(sheet, points)
    sheet.note(*_SIDES)


def _plot_survey(_paper: Paper, dpi: int, dice: Random) -> Leaf:
    sheet = Sheet(dpi, A3_LANDSCAPE)
    _frame(sheet)
    _lines_centred(
        sheet, 165.0, 22.0, (("TRÍCH ĐO BẢN ĐỒ ĐỊA CHÍNH THỬA ĐẤT", 20.0), ("Thửa đất số: 301; Tờ bản đồ số: 09", 14.0))
    )
    _lines_centred(sheet, 165.0, 41.0, (("Thôn Đình Đoài, xã Đông Liễu, tỉnh Hải Lâm", 14.0),))
    _outline(sheet, list(_PLOT))
    _neighbours(sheet)
    _crosses(sheet, dice)
    _north(sheet, (302.0, 52.0))
    _lines_centred(sheet, 167.0, 128.0, (("301", 16.0), ("318,6", 14.0), ("CLN", 14.0)))
    rows = ("UBND XÃ ĐÔNG LIỄU", "TRÍCH ĐO ĐỊA CHÍNH", "Tỷ lệ 1/500", "Diện tích: 318,6 m2", "Người đo: Lò Văn Khánh")
    _title_block(sheet, (*rows, "Kiểm tra: Lại Văn Quế", "Ngày đo: 05/02/2026", "Hệ tọa độ VN-2000"))
    return sheet.leaf()


def _floor_plan(_paper: Paper, dpi: int, _dice: Random) -> Leaf:
    sheet = Sheet(dpi, A3_LANDSCAPE)
    _frame(sheet)
    _lines_centred(sheet, 165.0, 22.0, (("BẢN VẼ THIẾT KẾ XÂY DỰNG NHÀ Ở RIÊNG LẺ", 20.0),))
    for rooms, title in ((_ROOMS, "MẶT BẰNG TẦNG 1 - TL 1/100"), (_UPPER_ROOMS, "MẶT BẰNG TẦNG 2 - TL 1/100")):
        _rooms(sheet, rooms, title)
    _section(sheet)
    rows = ("CÔNG TY CP TƯ VẤN XÂY DỰNG", "PHÚC LỘC HẢI", "Chủ đầu tư: MAI THANH SƠN", "Ký hiệu: MTS-KT-2026")
    _title_block(
        sheet, (*rows, "Thửa đất số 58, tờ bản đồ số 12", "Chủ nhiệm: Tô Hiến Vinh", "Bản vẽ: KT-01", "Ngày: 20/3/2026")
    )
    return sheet.leaf()


def _identity_card(paper: Paper, dpi: int, _dice: Random) -> Leaf:
    sheet = Sheet(dpi, A4)
    _card_front(sheet, paper, (48.0, 38.0))
    _card_back(sheet, paper, (48.0, 122.0))
    return sheet.leaf()


def _card_front(sheet: Sheet, paper: Paper, corner: tuple[float, float]) -> None:
    left, top = corner
    sheet.box(corner, (114.0, 72.0))
    heads = ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc", "CĂN CƯỚC CÔNG DÂN")
    for number, text in enumerate(heads):
        sheet.centred(left + 62.0, top + 3.0 + number * 5.6, text, Style(14.0 if number == 2 else 9.5, bold=True))
        sheet.note(text)
    sheet.box((left + 4.0, top + 26.0), (26.0, 36.0))
    sheet.pen.ellipse(
        [sheet.px(left + 11), sheet.px(top + 31), sheet.px(left + 23), sheet.px(top + 46)], fill=(150, 150, 150)
    )
    draw_qr(sheet, (left + 95.0, top + 21.0), f"{paper.values['so_dinh_danh']}||{paper.values['ho_ten']}", 16.0)
    value = paper.values
    rows = (
        (f"Số: {value['so_dinh_danh']}", 14.0),
        (f"Họ và tên: {value['ho_ten']}", 11.0),
        (f"Ngày sinh: {value['ngay_sinh']}", 11.0),
        (f"Giới tính: {value['gioi_tinh']}   Quốc tịch: Việt Nam", 11.0),
        (f"Quê quán: {value['que_quan']}", 11.0),
        (f"Nơi thường trú: {value['thuong_tru']}", 9.5),
        (f"Có giá trị đến: {value['gia_tri']}", 9.0),
    )
    for number, (text, point) in enumerate(rows):
        sheet.text((left + 34.0, top + 23.0 + number * 6.5), text, Style(point, bold=number == 0))
        sheet.note(" ".join(text.split()))


def _card_back(sheet: Sheet, paper: Paper, corner: tuple[float, float]) -> None:
    left, top = corner
    sheet.box(corner, (114.0, 72.0))
    rows = (
        "Đặc điểm nhận dạng: Nốt ruồi cách 1,5 cm dưới mắt trái",
        f"Ngày, tháng, năm: {paper.values['ngay_cap']}",
        "CỤC TRƯỞNG CỤC CẢNH SÁT",
        "QUẢN LÝ HÀNH CHÍNH VỀ TRẬT TỰ XÃ HỘI",
    )
    for number, text in enumerate(rows):
        sheet.text((left + 8.0, top + 6.0 + number * 6.5), text, Style(10.0))
        sheet.note(text)


def _frame(sheet: Sheet) -> None:
    wide, high = sheet.size
    sheet.box((10.0, 10.0), (wide - 20.0, high - 20.0), 0.7)
    sheet.box((13.0, 13.0), (wide - 26.0, high - 26.0), 0.2)


def _lines_centred(sheet: Sheet, middle: float, top: float, lines: tuple[tuple[str, float], ...]) -> None:
    y = top
    for text, point in lines:
        sheet.centred(middle, y, text, Style(point, bold=True))
        sheet.note(text)
        y += point * 0.5


def _outline(sheet: Sheet, points: list[tuple[float, float]]) -> None:
    for number, start in enumerate(points):
        end = points[(number + 1) % len(points)]
        sheet.rule(start, end, 0.5)
        middle = ((start[0] + end[0]) / 2, (start[1] + end[1]) / 2)
        sheet.text((middle[0] + 1.5, middle[1] - 5.0), _SIDES[number % len(_SIDES)], Style(10.0))
        x, y = sheet.px(start[0]), sheet.px(start[1])
        reach = sheet.px(0.9)
        sheet.pen.ellipse([x - reach, y - reach, x + reach, y + reach], fill=(0, 0, 0))


def _neighbours(sheet: Sheet) -> None:
    places = ((150.0, 66.0), (226.0, 128.0), (152.0, 200.0), (78.0, 134.0))
    for (title, owner), place in zip(_NEIGHBOURS, places, strict=True):
        sheet.text(place, title, Style(11.0))
        sheet.text((place[0], place[1] + 5.5), owner, Style(10.0, italic=True))
        sheet.note(title, owner)
    for start, end in zip(_PLOT, ((96.0, 66.0), (240.0, 60.0), (246.0, 204.0), (104.0, 216.0)), strict=True):
        sheet.rule(start, end, 0.25)


def _crosses(sheet: Sheet, dice: Random) -> None:
    """Draw the coordinate grid's crosses and a few tree marks."""
    for x in range(60, 300, 50):
        for y in range(70, 240, 50):
            sheet.rule((x - 2.0, y), (x + 2.0, y), 0.15)
            sheet.rule((x, y - 2.0), (x, y + 2.0), 0.15)
    for _ in range(14):
        east, south = dice.uniform(135, 200), dice.uniform(150, 176)
        sheet.rule((east - 1.0, south), (east + 1.0, south), 0.2)
        sheet.rule((east, south - 1.6), (east, south), 0.2)


def _north(sheet: Sheet, foot: tuple[float, float]) -> None:
    x, y = foot
    sheet.rule((x, y), (x, y - 22.0), 0.5)
    for side in (-1, 1):
        angle = math.radians(70.0)
        sheet.rule((x, y - 22.0), (x + side * 6 * math.cos(angle), y - 22.0 + 6 * math.sin(angle)), 0.5)
    sheet.text((x - 2.0, y + 1.0), "B", Style(14.0, bold=True))


def _rooms(sheet: Sheet, rooms: tuple[tuple[str, tuple[float, float], tuple[float, float]], ...], title: str) -> None:
    for name, corner, size in rooms:
        sheet.box(corner, size, 0.7)
        sheet.centred(corner[0] + size[0] / 2, corner[1] + size[1] / 2 - 2.5, name, Style(9.0))
    bottom = max(corner[1] + size[1] for _, corner, size in rooms)
    middle = (rooms[0][1][0] + rooms[1][1][0] + rooms[1][2][0]) / 2
    sheet.note(*(name for name, _, _ in rooms))
    _lines_centred(sheet, middle, bottom + 6.0, ((title, 12.0),))


def _section(sheet: Sheet) -> None:
    for level in range(4):
        y = 262.0 - level * 20.0
        sheet.rule((40.0, y), (150.0, y), 0.6)
        sheet.text((152.0, y - 4.0), ("+0,45", "+4,05", "+7,65", "+11,90")[level], Style(9.0))
    sheet.rule((48.0, 262.0), (48.0, 202.0), 0.9)
    sheet.rule((140.0, 262.0), (140.0, 202.0), 0.9)
    _lines_centred(sheet, 95.0, 266.0, (("MẶT CẮT A-A - TL 1/100", 12.0),))


def _title_block(sheet: Sheet, rows: tuple[str, ...]) -> None:
    left, wide, high = 318.0, 89.0, 9.5
    top = sheet.size[1] - 13.0 - high * len(rows)
    for number, text in enumerate(rows):
        sheet.box((left, top + number * high), (wide, high))
        sheet.text((left + 3.0, top + number * high + 2.2), text, Style(11.5, bold=number < 2))
        sheet.note(text)


_DRAWINGS: dict[str, Callable[[Paper, int, Random], Leaf]] = {
    "plot_survey": _plot_survey,
    "floor_plan": _floor_plan,
    "identity_card": _identity_card,
}
