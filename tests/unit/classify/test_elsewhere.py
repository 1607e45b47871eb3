"""Whose a page is by what is written on it."""

from __future__ import annotations

import pytest

from classify.elsewhere import Elsewhere, Owner, PageSigns, Sign, elsewhere

_OWN = Owner("H99.27.14-260311-0001", "Trần Thị Mận", "099180000001")
_OTHER = Owner("H99.27.14-260311-0002", "LÊ VĂN ĐẠT", "099180000002")
_THIRD = Owner("H99.27.14-260311-0003", "Phan Thị Đào", "")


def _found(text: str) -> Elsewhere | None:
    return elsewhere(PageSigns(text), _OWN, [_OWN, _OTHER, _THIRD])


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        ("Mã hồ sơ: H99.27.14 – 260311 - 0002", Sign.CODE),
        ("Số căn cước: 099 180 000 002, cấp ngày 1/2/2022", Sign.IDENTITY),
        ("Tôi tên là: Lê Văn Đạt, sinh năm 1980", Sign.NAME),
        ("TÔI LÀ LE VAN\nDAT", Sign.NAME),
    ],
)
def test_a_page_of_another_dossier(text: str, sign: Sign) -> None:
    """By its code, by a number, by a name however it is broken or marked."""
    assert _found(text) == Elsewhere(_OTHER.code, sign)


def test_namesakes_are_one() -> None:
    """Two others of the same name: the page is of one of them, and not of this dossier."""
    namesake = Owner("H99.27.14-260311-0009", "Lê Văn Đạt", "099180000009")
    found = elsewhere(PageSigns("Xác nhận ông Lê Văn Đạt"), _OWN, [namesake, _OTHER])
    assert found == Elsewhere(_OTHER.code, Sign.NAME)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Bên A: Trần Thị Mận. Bên B: Lê Văn Đạt",
        "Hồ sơ H99.27.14-260311-0001 kèm theo hồ sơ H99.27.14-260311-0002",
        "Danh sách: Lê Văn Đạt; Phan Thị Đào",
        "Hồ sơ H99.27.14-260311-00021, số 0991800000021",
        "Lê Văn Đạtt",
    ],
)
def test_a_page_that_may_be_of_its_own(text: str) -> None:
    """It says something of its dossier, or nothing, or too much."""
    assert _found(text) is None
