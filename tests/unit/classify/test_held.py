"""Values held against the agencies' list, the dated unit tree and their own check digits."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from bench.papers.typed import page_of
from classify.addresses import addresses
from classify.areas import Area, Areas
from classify.extracted import ExtractedField
from classify.held import held
from classify.issuing import with_issuers
from classify.lists import NOTHING, Issuer, Issuers
from classify.paper import paper_of
from classify.proofs import check_digit_fits, proven
from classify.rules import load_rules
from classify.versions import said_of, stamped

MERGER = date(2025, 7, 1)
LONG_AGO = date(1990, 1, 1)
LIST = Issuers(
    (
        Issuer("UBND xã Yên Lậm", ("UBND",), MERGER),
        Issuer("UBND huyện Đông Giang", ("UBND",), LONG_AGO, date(2025, 6, 30)),
        Issuer("Trung tâm Phục vụ hành chính công xã Yên Lậm", ("TTPVHCC", "PVHCC"), MERGER),
    )
)
TREE = Areas(
    (
        Area("H99", "tỉnh Hải Lâm", "tinh", "", LONG_AGO),
        Area("H99.27", "huyện Đông Giang", "huyen", "H99", LONG_AGO, date(2025, 6, 30)),
        Area("H99.27.12", "xã Đông Liễu", "xa", "H99.27", LONG_AGO, date(2025, 6, 30)),
        Area("H99.40", "xã Yên Lậm", "xa", "H99", MERGER),
    )
)
RULES = load_rules()
NOW, BEFORE = "2026-03-05", "2024-03-05"


def read(name: str, value: str, **more: object) -> ExtractedField:
    """Return a value as rules read it."""
    field = ExtractedField(name, value, value, 93.0, 0, None, must_confirm=True, source="a.rule")
    return replace(field, **more)  # type: ignore[arg-type]


def issued(value: str, day: str = NOW, text: str = "") -> ExtractedField:
    """Return an issuer after comparison on a paper of a day."""
    fields = (read("co_quan", value), read("ngay_ban_hanh", day))
    return with_issuers(fields, LIST, "QUYET_DINH", text, RULES.symbols)[0]


def symbol(value: str, issuer: str = "UBND XÃ YÊN LẬM", kind: str = "QUYET_DINH") -> ExtractedField:
    """Return a symbol after comparison on a paper of an issuer."""
    fields = (read("co_quan", issuer), read("ky_hieu", value), read("ngay_ban_hanh", NOW))
    return with_issuers(fields, LIST, kind, "", RULES.symbols)[1]


def test_an_issuer_of_its_day_is_taken() -> None:
    """Case, the place of a tone and the short form are no difference; the list says so in the value's origin."""
    for name in ("ỦY BAN NHÂN DÂN XÃ YÊN LẬM", "Uỷ ban nhân dân xã Yên Lậm, tỉnh Hải Lâm", "UBND xã Yên Lậm"):
        found = issued(name)
        assert (found.value, found.agreed, found.must_confirm) == (name, "agencies", False)
    assert said_of(stamped(found.source, RULES, found.agreed, found.held)) == ("+", "agencies")


def test_a_predecessor_counts_for_its_time() -> None:
    """A district's paper of 2024 is of somebody, one of 2026 is of nobody: a person looks."""
    assert issued("UBND huyện Đông Giang", BEFORE).agreed == "agencies"
    late = issued("UBND huyện Đông Giang")
    assert (late.held, late.must_confirm) == ("!agencies", True)
    assert late.confidence < RULES.bands.show
    assert issued("UBND xã Yên Lậm", BEFORE) == read("co_quan", "UBND xã Yên Lậm")  # the list may only be too short


@pytest.mark.parametrize("name", ["ỦY BAN NHÂN DÂN XÃ YÊN LÂM", "UBND XÃ YÊN LÂM", "ỦY BAN NHÂN DÂN XÃ YẺN LẨM"])
def test_a_near_miss_gets_the_lists_spelling(name: str) -> None:
    """It waits for a person, and what was read stays beside it."""
    found = issued(name)
    assert found.value == name[: -len("YÊN LÂM")] + "YÊN LẬM"
    assert (found.raw, found.held, found.must_confirm) == (name, "~agencies", True)
    assert issued(name, text=f"{name} {name}").value == name  # the paper says twice what was read


@pytest.mark.parametrize(
    "name", ["UBND xã Phú Khê", "Sở Tư pháp", "", "UBND", "UBND phường Yên Lậm", "UBND XÃ LÂM YÊN", "UBND xã Yên An"]
)
def test_what_the_list_does_not_know_it_says_nothing_of(name: str) -> None:
    """No list has everybody, and another name is no slip."""
    assert issued(name) == read("co_quan", name)


def test_a_symbol_is_its_issuers() -> None:
    """The paper's type and an abbreviation of its issuer: nobody is asked; another abbreviation is doubted."""
    assert symbol("QĐ-UBND").agreed == "agencies"
    centre = "TRUNG TÂM PHỤC VỤ HÀNH CHÍNH CÔNG XÃ YÊN LẬM"
    assert symbol("TB-TTPVHCC", centre, "THONG_BAO").agreed == "agencies"
    near = symbol("TB-TTPVHOC", centre, "THONG_BAO")
    assert (near.value, near.raw, near.held, near.must_confirm) == ("TB-TTPVHCC", "TB-TTPVHOC", "~agencies", True)
    assert symbol("TB-STP", centre, "THONG_BAO").held == "!agencies"


@pytest.mark.parametrize("value", ["QĐ-UBND-VP", "GPXD-UBND", "QĐ", "2026/QĐ-UBND", "KH-UBND", ""])
def test_a_symbol_with_more_in_it_is_left_alone(value: str) -> None:
    """A drafting unit, a type that is in no list or that another kind has, a year: only a person knows."""
    assert symbol(value) == read("ky_hieu", value)


def test_empty_lists_change_nothing() -> None:
    """Neither issuers, symbols nor addresses are touched where the office has loaded nothing."""
    fields = (read("co_quan", "UBND XÃ YÊN LÂM"), read("ky_hieu", "QĐ-UBNO"), read("ngay_ban_hanh", NOW))
    pages = (page_of(["Nơi cư trú: thôn Chùa, xã Yên Lậm, tỉnh Hải Lâm"]),)
    assert held(fields, paper_of(pages, "QUYET_DINH", RULES), NOTHING) == fields


def lives(text: str, day: date | None = date(2026, 3, 5)) -> list[ExtractedField]:
    """Return the addresses of a paper of one row."""
    return list(addresses(paper_of((page_of([text]),), "KHAC", RULES), TREE, day))


def test_an_address_that_the_tree_knows_is_taken() -> None:
    """Province and commune stand in the tree letter by letter; what stands before them stays in the reading."""
    (found,) = lives("Nơi cư trú: thôn Chùa, xã Yên Lậm, tỉnh Hải Lâm. Điện thoại: 0912345678")
    assert (found.name, found.value) == ("noi_cu_tru", "xã Yên Lậm, tỉnh Hải Lâm")
    assert found.raw.startswith("thôn Chùa")
    assert (found.agreed, found.must_confirm) == ("units", False)
    (old,) = lives("Nơi sinh: xã Đông Liễu, huyện Đông Giang, tỉnh Hải Lâm", date(2020, 1, 1))
    assert (old.name, old.agreed) == ("noi_sinh", "units")


def test_a_slip_in_an_address_gets_the_trees_spelling() -> None:
    """A person looks; the reading stays."""
    for wrong in ("thôn Chùa, xã Yên Lâm, tỉnh Hải Lâm", "thôn Chùa, xã Yên Lậm, tỉnh Hải Lầm"):
        (found,) = lives(f"Địa chỉ: {wrong}")
        assert (found.value, found.raw) == ("xã Yên Lậm, tỉnh Hải Lâm", wrong)
        assert (found.held, found.must_confirm) == ("~units", True)


def test_a_commune_in_another_district_is_doubted() -> None:
    """The tree knows where it lay; a slip of that district's name is put right, and waits too."""
    (found,) = lives("Quê quán: xã Đông Liễu, huyện Phú Lương, tỉnh Hải Lâm", date(2020, 1, 1))
    assert (found.held, found.must_confirm) == ("!units", True)
    (near,) = lives("Quê quán: xã Đông Liễu, huyện Đồng Giang, tỉnh Hải Lâm", date(2020, 1, 1))
    assert (near.value, near.held) == ("xã Đông Liễu, huyện Đông Giang, tỉnh Hải Lâm", "~units")


@pytest.mark.parametrize(
    "text",
    [
        "Nơi cư trú: thôn Chùa, xã Phú Khê, tỉnh Hải Lâm",  # three communes are no whole province
        "Nơi cư trú: xã Yên Lậm, tỉnh Bình Sơn",
        "Nơi cư trú: xã Yên Lậm, huyện Phú Lương, tỉnh Hải Lâm",  # the tree has no district of this one
        "Địa chỉ thửa đất: xã Yên Lậm, tỉnh Hải Lâm",
        "Địa chỉ: ,,,, - -, tỉnh Hải Lâm",
        "Nơi sinh: Bệnh viện Hải Lâm",
    ],
)
def test_of_what_the_tree_does_not_know_no_address_is_made(text: str) -> None:
    """Places of other provinces, of parcels, and no places."""
    assert lives(text) == []


def test_a_commune_is_not_there_before_its_day() -> None:
    """A name that a merger made later is not taken on an older paper."""
    assert lives("Nơi cư trú: xã Yên Lậm, tỉnh Hải Lâm", date(2020, 1, 1)) == []


def proved(*fields: ExtractedField, kind: str = "DON", text: str = "") -> tuple[ExtractedField, ...]:
    """Return fields after their proofs."""
    return proven(fields, kind, text, RULES.bands.show)


def test_a_tax_code_is_as_good_as_its_check_digit() -> None:
    """Right: nobody is asked; one digit off: never right; a branch is only held against its first ten."""
    good = "0123456787"
    assert check_digit_fits(good)
    (found,) = proved(read("ma_so_thue", good))
    assert (found.agreed, found.must_confirm) == ("checksum", False)
    wrong = {good[:at] + digit + good[at + 1 :] for at in range(10) for digit in "0123456789"} - {good}
    assert not any(check_digit_fits(one) for one in wrong)
    assert proved(read("ma_so_thue", "0123456786"))[0].held == "!checksum"
    branch = read("ma_so_thue", f"{good}-001")
    assert proved(branch) == (branch,)
    assert proved(read("ma_so_thue", "0123456786-001"))[0].held == "!checksum"
    hardly = read("ma_so_thue", good, confidence=50.0)
    assert proved(hardly) == (hardly,)
    household = read("so", "0123456786", source="biz.so")
    assert proved(household, kind="GCN_DANG_KY_HO_KINH_DOANH") == (household,)


def test_a_personal_number_fits_its_paper() -> None:
    """Nobody is born after the paper; the sex beside it is that of the number; another person's sex says nothing."""
    day, number = read("ngay_ban_hanh", NOW), read("so_dinh_danh", "099185001234")
    assert proved(number, day)[0] == number
    assert proved(read("so_dinh_danh", "099228001234"), day)[0].held == "!identity"
    same = "Họ và tên: LÊ THỊ MƠ. Giới tính: {} Số định danh cá nhân: 099 185 001 234"
    assert proved(number, day, text=same.format("Nữ"))[0] == number
    assert proved(number, day, text=same.format("Nam"))[0].held == "!identity"
    assert proved(number, day, text=same.format("Nam/Nữ"))[0] == number
    other = "Họ và tên con: LÊ AN. Giới tính: Nam. Họ và tên mẹ: LÊ THỊ MƠ, số định danh 099185001234"
    assert proved(number, day, text=other)[0] == number


def test_days_that_cannot_follow_each_other_are_doubted() -> None:
    """Born after the paper, promised before it came: both wait."""
    born, made = proved(read("ngay_sinh", "2026-04-01"), read("ngay_ban_hanh", NOW))
    assert born.held == made.held == "!dates"
    came, due = proved(read("ngay_tiep_nhan", "2026-04-01T08:30:00+07:00"), read("ngay_hen_tra", NOW))
    assert came.held == due.held == "!dates"
    fine = (read("ngay_sinh", NOW), read("ngay_ban_hanh", NOW))
    assert proved(*fine) == fine
