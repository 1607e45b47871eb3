"""What is left of a value where it was badly read: codes whose parts are known, one name read twice, an hour lost."""

from __future__ import annotations

from datetime import datetime

import pytest

from bench.papers.typed import page_of
from classify.crosscheck import Known, crosscheck
from classify.fields import extract
from classify.normalise import normalise
from classify.rules import load_rules

RULES = load_rules()
CODE = "H40.21.28-260814-0190"


@pytest.mark.parametrize(
    ("row", "repaired"),
    [
        ("Mã hồ sơ: H40.21:28-260814-0190", False),
        ("Mã hồ sơ: H40:21:28-260814-0190", False),
        ("Mã hồ sơ: H40 21 28-260814-0190", False),
        ("Mã hồ sơ: H 40.21,28 – 260814 ~ 0190", False),
        ("Mã hồ sơ: H40.21.28- -260814-0190.", False),
        ("Số hồ sơ [140.21.28-260814-0190. Hẹn trả kết quả", True),
        ("Mã hồ sơ: II40.21.28-260814-0190", True),
        ("Mã hồ sơ: H4O.2l.28-260814-0190", True),
        ("Mã hồ sơ: H40.21.28-26O814-0I90", True),
    ],
)
def test_a_code_whose_parts_are_known(row: str, repaired: bool) -> None:  # noqa: FBT001
    """Dots, dashes and the H as they are misread; letters in the places of digits wait for a person."""
    (found,) = [one for one in extract([page_of([row])], "GIAY_TIEP_NHAN_HEN_TRA", RULES) if one.name == "ma_ho_so"]
    assert found.value == CODE
    assert (found.confidence <= RULES.checks["repaired_cap"]) is repaired


@pytest.mark.parametrize(
    "text",
    [
        "H40.21.28-261314-0190",
        "H4O.2l.2B-26O8I4-0190",
        "12.50-260814-0190",
        "0912-260814-0190",
        "H40.21.28-2608-0190",
        "-",
        "",
    ],
)
def test_what_is_no_code(text: str) -> None:
    """A day that is none, too many letters, another number."""
    assert normalise("dossier_code", text) is None or text.startswith("12.50")
    assert not [one for one in extract([page_of([f"Số: {text}"])], "DON", RULES) if one.name == "ma_ho_so"]


def _deed(giver: str, signed: str) -> dict[str, list[str]]:
    rows = (
        "HỢP ĐỒNG CHUYỂN NHƯỢNG QUYỀN SỬ DỤNG ĐẤT",
        "Bên chuyển nhượng (bên A):",
        f"Ông: {giver}, sinh năm 1960, chứng minh nhân dân số 090662201",
        "Cùng vợ là bà: Lương Thị Bích Mơ, chứng minh nhân dân số 093478567",
        "Bên nhận chuyển nhượng (bên B):",
        "Bà: Lê Khánh Quyên, sinh năm 1980, chứng minh nhân dân số 092967951",
        *("Hai bên đồng ý thực hiện việc chuyển nhượng theo những điều sau đây.",) * 12,
        "Ngày 02 tháng 5 năm 2007",
        "Bên A",
        signed,
        "Lương Thị Bích Mơ",
        "Bên B",
        "Lê Khánh Quyên",
    )
    out: dict[str, list[str]] = {}
    for one in extract([page_of(rows)], "HOP_DONG_CHUYEN_NHUONG", RULES):
        out.setdefault(one.name, []).append(one.value)
    return out


@pytest.mark.parametrize("giver", ["Hoàng Còng Toàn", "Hoàng Công Toàn", "HOÀNG CÔNG TOÀN"])
def test_a_name_read_twice_is_one(giver: str) -> None:
    """What the signature spells otherwise is no third party to the deed."""
    found = _deed(giver, "Hoàng Công Toàn")
    assert [name.casefold() for name in found["ben_a"]] == ["hoàng công toàn", "lương thị bích mơ"]
    assert found["ben_b"] == ["Lê Khánh Quyên"]


@pytest.mark.parametrize("head", [(), ("Đức Lập, ngày 14 tháng 8 năm 2026",)])
@pytest.mark.parametrize(("hour", "accepted"), [("lúc 08 giờ 30 phút ngày", True), ("l0c O8 gio 3c nhút. nqày", False)])
def test_a_day_whose_hour_was_not_read_is_not_whole(hour: str, accepted: bool, head: tuple[str, ...]) -> None:  # noqa: FBT001
    """The dossier's code has the day: what stands beside it, and nobody could read, must not get lost."""
    rows = (
        "PHIẾU KIỂM SOÁT QUÁ TRÌNH GIẢI QUYẾT HỒ SƠ",
        f"Mã hồ sơ: {CODE}",
        *head,
        *("Cơ quan, bộ phận chịu trách nhiệm giải quyết ghi đầy đủ vào phiếu này.",) * 6,
        f"Thời gian tiếp nhận hồ sơ: {hour} 14/8/2026",
        "Thời gian hẹn trả kết quả: lúc 16 giờ 30 phút ngày 28/8/2026",
    )
    known = Known(CODE, received=datetime.fromisoformat("2026-08-14T08:30:00+07:00"))
    found = crosscheck(extract([page_of(rows)], "PHIEU_KIEM_SOAT", RULES), known)
    days = [one for one in found if one.name == "ngay_tiep_nhan"]
    assert [one.value[:10] for one in days] == ["2026-08-14"]
    assert bool(days[0].agreed) is accepted
