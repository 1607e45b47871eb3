"""Cross-checks: what the register, the dossier's code and the paper itself have in common, letter by letter."""

from __future__ import annotations

from datetime import datetime

import pytest

from classify.crosscheck import Known, crosscheck
from classify.extracted import ExtractedField
from classify.fields import extract
from tests.unit.classify.test_ways_of_saying import FILLING, HEAD, RULES, laid

CODE = "H99.27.14-260211-0008"


def read(name: str, value: str, placed: float = 1.0) -> ExtractedField:
    """Return a value as rules read it."""
    return ExtractedField(name, value, value, 93.0, 0, None, must_confirm=True, source="a.rule", placed=placed)


def after(field: ExtractedField, known: Known, text: str = "") -> ExtractedField:
    """Return a value after the cross-check."""
    (found,) = crosscheck([field], known, text)
    return found


def test_a_name_with_the_registers_tones_is_accepted() -> None:
    """Case, and where a tone is put, are no difference."""
    found = after(read("ho_ten", "NGUYỄN THỊ HOÀ"), Known(CODE, "Nguyễn Thị Hòa"))
    assert not found.must_confirm
    assert (found.value, found.agreed, found.confidence) == ("NGUYỄN THỊ HOÀ", "register", 99.0)


def test_tones_that_differ_are_decided_by_a_person() -> None:
    """One of the two is wrong, and nobody knows which: the register's spelling is proposed, nothing is accepted."""
    found = after(read("ho_ten", "NGUYÊN THỊ HOA"), Known(CODE, "Nguyễn Thị Hòa"))
    assert found.must_confirm
    assert (found.value, found.raw, found.agreed) == ("NGUYỄN THỊ HÒA", "NGUYÊN THỊ HOA", "")
    assert found.confidence < 70


def test_a_second_place_on_the_paper_decides_on_tones() -> None:
    """Where the paper spells the name as the register does elsewhere, two sources say the same."""
    text = "Họ và tên: NGUYÊN THỊ HOA\nNgười làm đơn\nNguyễn Thị Hòa."
    found = after(read("ho_ten", "NGUYÊN THỊ HOA"), Known(CODE, "Nguyễn Thị Hòa"), text)
    assert not found.must_confirm
    assert (found.value, found.agreed) == ("NGUYỄN THỊ HÒA", "register")
    assert after(read("ho_ten", "NGUYÊN THỊ HOA"), Known(CODE, "Nguyễn Thị Hòa"), "Nguyễn Thị Hòai").must_confirm


def test_a_register_without_tones_proposes_nothing() -> None:
    """A name typed without marks is no better spelling."""
    found = after(read("ho_ten", "Nguyễn Thị Hòa"), Known(CODE, "Nguyen Thi Hoa"))
    assert found.must_confirm
    assert found.value == "Nguyễn Thị Hòa"


def test_the_applicants_name_in_a_doubtful_place_is_not_accepted() -> None:
    """That a paper names the applicant does not say that this field is about them."""
    assert after(read("ho_ten", "Nguyễn Thị Hòa", placed=0.8), Known(CODE, "Nguyễn Thị Hòa")).must_confirm


@pytest.mark.parametrize(("number", "accepted"), [("099084006018", True), ("099084006019", False)])
def test_an_identity_number_is_accepted_digit_by_digit(number: str, accepted: bool) -> None:  # noqa: FBT001
    """The register's number is an independent source; a number of which one digit differs is not."""
    found = after(read("so_dinh_danh", number), Known(CODE, identity="099084006018"))
    assert found.must_confirm is not accepted
    assert after(read("so_dinh_danh", ""), Known(CODE)).must_confirm


@pytest.mark.parametrize(
    ("value", "accepted"),
    [
        ("2026-02-11", True),
        ("2026-02-11T09:40:00+07:00", True),
        ("2026-02-11T09:46:00+07:00", False),
        ("2026-02-12", False),
    ],
)
def test_an_hour_needs_a_source_too(value: str, accepted: bool) -> None:  # noqa: FBT001
    """The code has the day alone: an hour is accepted where the register has the same."""
    moment = datetime.fromisoformat("2026-02-11T02:40:00+00:00")
    known = Known(CODE, received=moment, due=moment)
    assert after(read("ngay_tiep_nhan", value), known).must_confirm is not accepted
    assert after(read("ngay_hen_tra", value), known).must_confirm is not accepted


@pytest.mark.parametrize(
    ("received", "sure"),
    [
        ("Hồ sơ vào sổ: 09h40, 05/03/2021", False),
        ("Hồ sơ vào sổ lúc 9 giờ 40 phút ngày 05/03/2021", False),
        ("Hồ sơ vào sổ: 05/03/2021 09:40", False),
        ("Hồ sơ vào sổ: 05/03/2021", True),
    ],
)
def test_a_day_that_has_an_hour_elsewhere_is_not_proved_by_the_code(received: str, sure: bool) -> None:  # noqa: FBT001
    """The closing row has the same day without it: the code knows the day alone."""
    rows = (*HEAD, "", "GIẤY TIẾP NHẬN HỒ SƠ", "", received, *FILLING, "Ngày nhận hồ sơ: 05/03/2021")
    known = Known("H99.27.14-210305-0012")
    fields = crosscheck(extract([laid(rows)], "GIAY_TIEP_NHAN_HEN_TRA", RULES), known)
    days = [field for field in fields if field.name == "ngay_tiep_nhan" and field.value == "2021-03-05"]
    assert all(bool(field.agreed) is sure for field in days)
    assert days or not sure
