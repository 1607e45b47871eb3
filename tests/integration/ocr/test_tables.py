"""Real Tesseract on a ruled table, as an office scanner gives it."""

from __future__ import annotations

import pytest
from PIL import ImageDraw

from bench.paper import Paper, blank_paper, jpeg, scanned, serif
from dossier.page import PageReading, Verdict
from dossier.scan import Encoding, PageScan
from ocr.engines.choice import start_engine
from ocr.page import read_page

DPI = 200
COLUMNS = (0.9, 1.35, 3.6, 4.2, 4.8, 7.4)
# Narrow columns of lone digits beside cells of two lines.
ROWS = (
    ("TT", "Tên giấy tờ", "Bản chính", "Bản chụp", "Ghi chú"),
    ("1", "Đơn đăng ký biến động\nđất đai", "1", "0", "Theo mẫu số 18"),
    ("2", "Giấy chứng nhận quyền\nsử dụng đất", "1", "2", "Số phát hành\nAA 01234567"),
    ("3", "Hợp đồng tặng cho", "2", "1", "Đã công chứng"),
    ("4", "Giấy khai sinh của\nông Nguyễn Văn An", "0", "3", ""),
    ("5", "Tờ khai lệ phí trước bạ", "2", "0", "Nộp trực tiếp"),
    ("6", "Sơ đồ thửa đất số 45,\ntờ bản đồ số 12", "1", "7", "Tỷ lệ 1/500"),
)
ABOVE = ("GIẤY TIẾP NHẬN HỒ SƠ", "Bộ phận Một cửa phường Tân Hòa đã nhận các giấy tờ sau đây:")
BELOW = "Thời gian trả kết quả: ngày 18 tháng 11 năm 2026."
EXPECTED = " ".join([*ABOVE, *(cell.replace("\n", " ") for row in ROWS for cell in row if cell), BELOW])


def table_paper() -> Paper:
    """Return a receipt with a table of seven rows and five columns."""
    paper = blank_paper(DPI)
    draw, font = ImageDraw.Draw(paper.image), serif(12, DPI)
    xs, pitch, y = [round(inch * DPI) for inch in COLUMNS], 46, 440
    for at, text in enumerate(ABOVE):
        draw.text((xs[0], 220 + 80 * at), text, font=font, fill=(25, 25, 28))
    ys = [y]
    for row in ROWS:
        wrapped = [cell.replace(" ", "\n") if row is ROWS[0] and at in (2, 3) else cell for at, cell in enumerate(row)]
        for x, cell in zip(xs, wrapped, strict=False):
            for number, text in enumerate(cell.split("\n")):
                draw.text((x + 16, y + 14 + pitch * number), text, font=font, fill=(25, 25, 28))
        y += 28 + pitch * max(cell.count("\n") + 1 for cell in wrapped)
        ys.append(y)
    for place in ys:
        draw.line((xs[0], place, xs[-1], place), fill=(25, 25, 28), width=2)
    for place in xs:
        draw.line((place, ys[0], place, ys[-1]), fill=(25, 25, 28), width=2)
    draw.text((xs[0], y + 60), BELOW, font=font, fill=(25, 25, 28))
    return paper


@pytest.fixture(scope="module")
def reading() -> PageReading:
    """The reading of the scanned receipt."""
    pixels = scanned(table_paper().rgb)
    engine = start_engine("tesserocr")
    scan = PageScan(Encoding.JPEG, pixels.shape[1], pixels.shape[0], DPI, DPI, 3)
    found = read_page(engine, jpeg(pixels), scan)
    engine.close()
    return found


def test_a_ruled_table_is_read_cell_by_cell(reading: PageReading) -> None:
    """Every word and every lone digit is read rightly, row after row and cell after cell."""
    assert reading.text.plain().split() == EXPECTED.split()
    assert reading.verdict is Verdict.GOOD


def test_the_words_of_a_table_stand_where_they_are_printed(reading: PageReading) -> None:
    """Read from a sheet of cut-out cells, each digit's box is in the column that it is printed in."""
    digits = [word for word in reading.text.words if len(word.text) == 1 and word.text.isdigit()]
    edges = [round(inch * DPI) for inch in COLUMNS]
    columns = [sum(edge < (word.box.left + word.box.right) / 2 for edge in edges) for word in digits]
    assert columns == [1, 3, 4] * 6
    assert len({word.line for word in digits}) == len(digits)
    assert [word.box.top for word in digits[::3]] == sorted(word.box.top for word in digits[::3])
