"""Pairs of scans: of the same sheet with other noise, light, lean and place; of sheets that look much alike."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from bench.legibility.conditions.fields import Rng
from bench.legibility.style import SetName
from bench.page_checks import sheets
from bench.page_checks.cases import Case, Draft, coded
from bench.page_checks.glass import a_bed, laid, scanned
from bench.page_checks.sheets import DPI
from bench.paper import Pixels, add_seal, typed_paper

_FAMILY: Final = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Võ", "Đặng", "Bùi")
_MIDDLE: Final = ("Văn", "Thị", "Minh", "Quốc", "Ngọc", "Thanh", "Hữu", "Kim")
_GIVEN: Final = ("An", "Bình", "Cường", "Dung", "Giang", "Hạnh", "Khoa", "Loan", "Nam", "Phượng", "Quyên", "Sơn")
_FORM: Final = """CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc

TỜ KHAI ĐĂNG KÝ KHAI SINH
Kính gửi: Ủy ban nhân dân phường Tân Hòa, tỉnh Hải Lâm

Họ, chữ đệm, tên người yêu cầu: {a}
Nơi cư trú: số {n} đường Lê Lợi, phường Tân Hòa, tỉnh Hải Lâm
Giấy tờ tùy thân: căn cước số {id} do Cục Cảnh sát quản lý hành chính cấp
Quan hệ với người được khai sinh: cha
Đề nghị cơ quan đăng ký khai sinh cho người dưới đây:
Họ, chữ đệm, tên: {b}
Ngày, tháng, năm sinh: {d}
Giới tính: Nam    Dân tộc: Kinh    Quốc tịch: Việt Nam
Nơi sinh: Bệnh viện đa khoa tỉnh Hải Lâm
Quê quán: xã Đông Phú, tỉnh Hải Lâm
Họ, chữ đệm, tên người mẹ: {c}
Nơi cư trú: phường Tân Hòa, tỉnh Hải Lâm
Tôi cam đoan nội dung đề nghị đăng ký khai sinh trên đây là đúng sự thật, được sự thỏa thuận nhất trí của các bên liên
quan theo quy định pháp luật. Tôi chịu hoàn toàn trách nhiệm trước pháp luật về nội dung cam đoan của mình.
Làm tại: phường Tân Hòa, ngày {e} tháng 5 năm 2026
Người yêu cầu: {a}"""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two scans; `same`: of one sheet."""

    kind: str
    first: Case
    second: Case
    same: bool


def pairs(count: int, seed: int, name: SetName) -> Iterator[Pair]:
    """Yield so many pairs of each kind, the same for the same seed."""
    for kind in ("same sheet", "same form sheet", "other person", "other name only", "other page"):
        for number in range(count):
            key = hashlib.sha256(f"{seed}|{kind}|{number}".encode()).digest()
            rng = np.random.default_rng(int.from_bytes(key[:8], "big"))
            one, other = _two(kind, rng, name)
            yield Pair(kind, _scan(one, rng), _scan(other, rng), kind.startswith("same"))


def _two(kind: str, rng: Rng, name: SetName) -> tuple[Pixels, Pixels]:
    if kind == "same sheet":
        sheet = (sheets.plain, sheets.sealed, sheets.yellowed, sheets.written)[int(rng.integers(4))](rng, name)
        return sheet, sheet
    if kind == "other page":
        return sheets.print_of(name, int(rng.integers(0, 12))), sheets.print_of(name, int(rng.integers(12, 24)))
    said = _said(rng)
    changed = (
        said if kind == "same form sheet" else {**said, "b": _person(rng)} if kind == "other name only" else _said(rng)
    )
    tint = np.random.default_rng(int(rng.integers(1 << 30)))
    seed = tint.bit_generator.state
    first = sheets.on_paper(_form(said), tint)
    tint.bit_generator.state = seed
    return first, sheets.on_paper(_form(changed), tint)


def _form(said: dict[str, str]) -> Pixels:
    paper = typed_paper(_FORM.format(**said), DPI, 13)
    add_seal(paper, (5.8, 9.4))
    return paper.rgb


def _said(rng: Rng) -> dict[str, str]:
    numbers = {
        "n": f"{rng.integers(1, 200)}",
        "id": f"0{rng.integers(10**10, 10**11 - 1)}",
        "e": f"{rng.integers(1, 29)}",
    }
    days = f"{rng.integers(1, 29):02}/{rng.integers(1, 13):02}/20{rng.integers(10, 27)}"
    return {**numbers, "d": days, **{key: _person(rng) for key in "abc"}}


def _person(rng: Rng) -> str:
    return " ".join(str(rng.choice(part)) for part in (_FAMILY, _MIDDLE, _GIVEN))


def _scan(sheet: Pixels, rng: Rng) -> Case:
    return coded("pair", Draft(scanned(laid(sheet, a_bed(rng), DPI), rng)), int(rng.integers(70, 93)))
