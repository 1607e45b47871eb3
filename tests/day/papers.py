"""The papers of a day: short pages that a clerk would recognise, each with what is written on it about whose it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Final

import cv2
import numpy as np

from bench.paper import Pixels
from samples.sheet import Sheet, Style, wrapped

DPI: Final = 200
AGENCY: Final = "H99.27.14"
_SIZE: Final = (148.0, 62.0)
_TITLE, _BODY = Style(15, bold=True), Style(13)
_FAMILY = (
    "Nguyễn",
    "Trần",
    "Lê",
    "Phạm",
    "Hoàng",
    "Vũ",
    "Đặng",
    "Bùi",
    "Đỗ",
    "Hồ",
    "Ngô",
    "Dương",
    "Lý",
    "Phan",
    "Mạc",
)
_MIDDLE = ("Văn", "Thị", "Đình", "Minh", "Ngọc", "Hữu", "Thanh", "Quốc", "Xuân", "Thu", "Bảo", "Khánh")
_GIVEN = (
    "An",
    "Bình",
    "Chi",
    "Dũng",
    "Đạt",
    "Giang",
    "Hạnh",
    "Hiếu",
    "Khoa",
    "Lan",
    "Mận",
    "Nga",
    "Oanh",
    "Phúc",
    "Quý",
)
_GIVEN += (
    "Sơn",
    "Tâm",
    "Thảo",
    "Tiến",
    "Trang",
    "Tuấn",
    "Uyên",
    "Vân",
    "Yến",
    "Kiều",
    "Lộc",
    "Nhài",
    "Sửu",
    "Thắm",
    "Vượng",
)
_MATTERS = (
    "đăng ký khai sinh cho con",
    "cấp bản sao trích lục hộ tịch",
    "xác nhận tình trạng hôn nhân",
    "đăng ký biến động đất đai",
    "cấp phép xây dựng nhà ở riêng lẻ",
    "trợ giúp xã hội hằng tháng",
)
_SENTENCES = (
    "Các bên đã đọc lại, công nhận đúng nội dung và cùng ký tên dưới đây.",
    "Thửa đất có ranh giới rõ ràng, không có tranh chấp với các hộ liền kề.",
    "Văn bản này được lập thành hai bản có giá trị như nhau, mỗi bên giữ một bản.",
    "Người khai cam đoan những lời khai trên là đúng sự thật và chịu trách nhiệm.",
    "Ủy ban nhân dân xã xác nhận nội dung trên đúng với sổ sách đang quản lý.",
    "Số tiền đã giao nhận đủ một lần bằng đồng Việt Nam, không còn vướng mắc.",
    "Thời hạn thực hiện tính từ ngày ký, kéo dài không quá ba mươi ngày làm việc.",
)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who hands in a dossier: name, identity number."""

    name: str
    identity: str


@dataclass(frozen=True, slots=True)
class Dossier:
    """A dossier of the day."""

    code: str
    person: Person
    matter: str


@dataclass(frozen=True, slots=True)
class Paper:
    """One page.

    Attributes:
        dossier: Whose it is.
        sign: By what anybody could tell: `code`, `identity`, `name`; empty: nothing on it says whose it is.
        pixels: As a good scanner sees it.
    """

    dossier: str
    sign: str
    pixels: Pixels


def dossiers(count: int, day: date, dice: Random) -> list[Dossier]:
    """Return so many dossiers with codes of a day; two of a hundred applicants have the name of another."""
    names: set[str] = set()
    found: list[Dossier] = []
    for serial in range(1, count + 1):
        name = f"{dice.choice(_FAMILY)} {dice.choice(_MIDDLE)} {dice.choice(_GIVEN)}"
        while name in names:
            name = f"{dice.choice(_FAMILY)} {dice.choice(_MIDDLE)} {dice.choice(_MIDDLE)} {dice.choice(_GIVEN)}"
        if dice.random() >= 0.02 or not names:
            names.add(name)
        else:
            name = dice.choice(sorted(names))
        born = date(1950, 1, 1) + timedelta(days=dice.randrange(20_000))
        identity = f"099{dice.randrange(2)}{born:%y}{serial:06d}"
        found.append(Dossier(f"{AGENCY}-{day:%y%m%d}-{serial:04d}", Person(name, identity), dice.choice(_MATTERS)))
    return found


def papers(own: Dossier, count: int, dice: Random) -> list[Paper]:
    """Return the pages of a dossier: its application first, then what goes with it; each page is like no other."""
    made = [_application(own, dice)]
    while len(made) < count:
        made.append(dice.choices((_receipt, _certificate, _annex, _drawing), (1, 4, 3, 1))[0](own, dice))
    return made


def _application(own: Dossier, dice: Random) -> Paper:
    lines = [
        f"Tôi tên là: {own.person.name}",
        f"Số định danh cá nhân: {own.person.identity}",
        f"Đề nghị: {own.matter}.",
    ]
    return _drawn(own, "identity", "TỜ KHAI", lines, dice)


def _receipt(own: Dossier, dice: Random) -> Paper:
    lines = [f"Mã hồ sơ: {own.code}", f"Người nộp: {own.person.name}", f"Nội dung: {own.matter}."]
    return _drawn(own, "code", "GIẤY TIẾP NHẬN HỒ SƠ", lines, dice)


def _certificate(own: Dossier, dice: Random) -> Paper:
    return _drawn(own, "name", "GIẤY XÁC NHẬN", [f"Xác nhận ông (bà): {own.person.name}"], dice)


def _annex(own: Dossier, dice: Random) -> Paper:
    return _drawn(own, "", dice.choice(("PHỤ LỤC", "BIÊN BẢN", "BẢN CAM KẾT")), [], dice)


def _drawing(own: Dossier, dice: Random) -> Paper:
    sheet = Sheet(DPI, _SIZE)
    sheet.centred(_SIZE[0] / 2, 6, "SƠ ĐỒ VỊ TRÍ", _TITLE)
    for _ in range(dice.randint(5, 9)):
        corner = (dice.uniform(10, 100), dice.uniform(16, 38))
        sheet.box(corner, (dice.uniform(8, 40), dice.uniform(6, 14)))
    sheet.text((12, 54), f"Tỷ lệ 1/{dice.choice((200, 500, 1000))}, tờ {dice.randrange(10_000)}", _BODY)
    return Paper(own.code, "", _scanned(np.asarray(sheet.leaf().pixels), dice))


def _drawn(own: Dossier, sign: str, title: str, lines: list[str], dice: Random) -> Paper:
    sheet = Sheet(DPI, _SIZE)
    sheet.centred(_SIZE[0] / 2, 6, title, _TITLE)
    said = [*lines, dice.choice(_SENTENCES), f"Số vào sổ: {dice.randrange(100_000)}."]
    y = 18.0
    for paragraph in said:
        for line in wrapped(sheet, paragraph, _BODY, _SIZE[0] - 24):
            sheet.text((12, y), line, _BODY)
            y += 7.0
    return Paper(own.code, sign, _scanned(np.asarray(sheet.leaf().pixels), dice))


def _scanned(pixels: Pixels, dice: Random) -> Pixels:
    """Return a page as a usual scanner gives it: gray, a little askew, some grain."""
    rng = np.random.default_rng(dice.randrange(2**32))
    gray = np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), np.uint8)
    return grained(askew(gray, float(rng.uniform(-0.8, 0.8))), 4.0, rng)


def askew(gray: Pixels, degrees: float) -> Pixels:
    """Return a page fed askew."""
    height, width = gray.shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
    return np.asarray(cv2.warpAffine(gray, matrix, (width, height), borderValue=(255,)), np.uint8)


def grained(gray: Pixels, levels: float, rng: np.random.Generator) -> Pixels:
    """Return a page with so many gray levels of noise: no two scans are the same."""
    noise = rng.normal(0, levels, gray.shape).astype(np.float32)
    return np.clip(gray.astype(np.float32) + noise, 0, 255).astype(np.uint8)


def damaged(gray: Pixels, dice: Random) -> tuple[str, Pixels]:
    """Return how a sheet is damaged, and its scan: torn, crumpled to a blur, too dark, or soaked."""
    height, width = gray.shape
    kind = dice.choice(("torn", "blurred", "dark", "stained"))
    out = gray.copy()
    if kind == "torn":
        corner = np.asarray([[width, height], [width // 2, height], [width, height // 3]], np.int32)
        cv2.fillPoly(out, [corner], (40,))
    elif kind == "blurred":
        out = np.asarray(cv2.GaussianBlur(out, (0, 0), 3.5), np.uint8)
    elif kind == "dark":
        out = (out.astype(np.float32) * 0.35).astype(np.uint8)
    else:
        for _ in range(9):
            centre = (dice.randrange(width), dice.randrange(height))
            cv2.circle(out, centre, dice.randrange(20, 110), (dice.randrange(20, 90),), -1)
    return kind, out
