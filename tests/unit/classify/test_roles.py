"""Names, days and numbers on papers, and whose they are by what stands around them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bench.papers.typed import page_of
from classify.candidates import candidates
from classify.checks import Draft
from classify.displaced import in_place
from classify.fields import extract, found_on, weighed
from classify.filling import PREFIX
from classify.paper import paper_of
from classify.roles import GROUPS, chance_of, load_roles
from classify.rules import PACKAGED, load_rules

RULES = load_rules()
_PAPER = (
    "ĐƠN ĐỀ NGHỊ XÁC NHẬN",
    "Kính gửi: Ủy ban nhân dân phường Mai Động",
    "Tên tôi là: Nguyễn Thị Mỹ Hạnh, tuổi 40, ngày sinh 04/07/1984",
    "Thẻ căn cước mang số 099184000123 cấp 12.3.2021; điện thoại liên lạc 0912 345 678",
    *("Nay tôi làm đơn này kính mong quý cơ quan xem xét, giải quyết theo quy định.",) * 12,
    "Mai Động, ngày 5 tháng 6 năm 2024",
    "NGƯỜI LÀM ĐƠN",
    "Nguyễn Thị Mỹ Hạnh",
)


@pytest.mark.parametrize(
    ("row", "found"),
    [
        ("Ông Nguyễn Văn An và bà TRẦN THỊ BÍCH", {("name", "Nguyễn Văn An"), ("name", "TRẦN THỊ BÍCH")}),
        ("Nguyễn Văn An Sinh năm 1975", {("name", "Nguyễn Văn An Sinh"), ("year", "1975")}),
        ("LÊ VĂN Ba", {("name", "LÊ VĂN")}),
        ("Thị trấn Lê Lợi, Hà Nội", {("name", "Lê Lợi")}),
        ("ngày 05 tháng 6 năm 2024", {("day", "2024-06-05")}),
        ("từ 1/2/2020 đến 31-12-2021, không phải 31/31/2021", {("day", "2020-02-01"), ("day", "2021-12-31")}),
        ("số 099 184 000 123 và 012345678", {("personal", "099184000123"), ("card", "012345678")}),
        ("12345678 và 12345678901234", set()),
        ("năm 1899, 1975, 2024 và 2099", {("year", "1975"), ("year", "2024")}),
        (
            "Mã giấy: 512/QĐ-UBND",
            {("paper", "512"), ("paper_whole", "512/QĐ-UBND"), ("symbol", "QĐ-UBND")},
        ),
        ("338 CV/ĐC", {("paper", "338"), ("paper_whole", "338/CV/ĐC"), ("symbol", "CV/ĐC")}),
        (
            "27/2019/TLKH-BS",
            {("paper", "27"), ("paper_whole", "27/2019/TLKH-BS"), ("symbol", "TLKH-BS")},
        ),
        ("Sổ 3, tờ 9: 115/2010", {("paper_bare", "3"), ("paper_year", "115/2010")}),
        ("41C8005112, 5 Điều và 7 Khoản", {("paper_business", "41C8005112")}),
        ("", set()),
    ],
)
def test_what_could_be_a_value(row: str, found: set[tuple[str, str]]) -> None:
    """Names begin with a family and keep to one case; days are days; numbers have as many digits as numbers have."""
    text = paper_of([page_of([row])], "KHAC", RULES).stream
    assert {(one.sort, one.value) for one in candidates(text) if one.sort not in ("small", "body")} == found
    for one in candidates(text):
        start, end = text.source_span(*one.span)
        assert text.text[start:end] == one.raw


def test_a_papers_number_whose_wording_no_rule_knows() -> None:
    """In the head beside other numbers; filled in from where it stands, and a person looks at it."""
    rows = (
        "PHÒNG NÔNG NGHIỆP VÀ MÔI TRƯỜNG | CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Công văn đi thứ 512 CV/NNMT năm nay | Độc lập - Tự do - Hạnh phúc",
        "Kính gửi: Ủy ban nhân dân phường Mai Động",
        *("Căn cứ hồ sơ đã nộp, đề nghị quý cơ quan xem xét, giải quyết theo quy định.",) * 8,
    )
    found = {one.name: one for one in extract([page_of(list(rows))], "CONG_VAN", RULES)}
    assert (found["so"].value, found["so"].source) == ("512", f"{PREFIX}so")
    assert (found["ky_hieu"].value, found["ky_hieu"].must_confirm) == ("CV/NNMT", True)


def test_small_numbers_and_bodies() -> None:
    """Parcels and areas are numbers of few digits that are no part of a day; a body goes to a comma or the end."""
    rows = (
        "Thửa 12, tờ 5, diện tích 1.342,5 m2, ngày 5/6/2024",
        "Kính gửi: Ủy ban nhân dân phường Mai Động, tỉnh Hà Nam",
    )
    found = [(one.sort, one.value) for one in candidates(paper_of([page_of(rows)], "DON", RULES).stream)]
    assert [value for sort, value in found if sort == "small"] == ["12", "5", "1342.5"]
    assert [value for sort, value in found if sort == "body"] == ["Ủy ban nhân dân phường Mai Động"]


def test_no_rule_knows_the_wording_and_fields_are_filled_in_all_the_same() -> None:
    """What is filled in says what it comes from, stands where it was read, and waits for a person."""
    paper = paper_of([page_of(_PAPER)], "DON", RULES)
    none = replace(
        paper,
        rules=replace(
            RULES,
            fields={key: replace(rule, pattern=None, finder="", under=None) for key, rule in RULES.fields.items()},
        ),
    )
    found = {one.field.name: one.field for one in weighed(none, found_on(none))}
    assert found["ho_ten"].value == "Nguyễn Thị Mỹ Hạnh"
    assert found["so_dinh_danh"].value == "099184000123"
    assert found["ngay_lap"].value == "2024-06-05"
    assert all(one.must_confirm and one.source.startswith(PREFIX) and one.box for one in found.values())
    assert set(found) <= {RULES.fields[rule].field for rule in RULES.kind("DON").rules}


def test_what_a_rule_found_is_not_filled_in_again() -> None:
    """A field with a value keeps it, unless papers have several of them; no value is told twice."""
    rows = ["Họ và tên: Trần Văn Bình", "Người làm chứng: Lê Thị Cúc", *_PAPER[3:-1], "Trần Văn Bình"]
    found = extract([page_of(rows)], "DON", RULES)
    assert [one.value for one in found if one.name == "ho_ten"] == ["Trần Văn Bình"]
    assert len({(one.name, one.value) for one in found}) == len(found)


def test_a_place_is_likelier_than_another() -> None:
    """The same name by its label, by the signature, and nowhere."""
    rows = ["Họ, chữ đệm, tên người yêu cầu: Trần Văn Bình", "Người ký thay: Lê Thị Cúc", "Giám đốc", "Lê Thị Cúc"]
    paper = paper_of([page_of(rows)], "TO_KHAI_HO_TICH", RULES)
    said = [chance_of("ho_ten", name, (0, 0), paper.roles) for name in ("Trần Văn Bình", "Lê Thị Cúc")]
    assert said[0] is not None
    assert said[1] is not None
    assert said[0] > said[1]
    assert chance_of("ho_ten", "Đỗ Thị Em", (0, 0), paper.roles) is None
    assert chance_of("trich_yeu", "Trần Văn Bình", (0, 0), paper.roles) is None


def test_the_weights_that_come_with_the_program() -> None:
    """Every field of every group has weights, under half a megabyte."""
    roles = load_roles(PACKAGED)
    assert roles.version.startswith("roles-")
    assert {field for group in roles.groups.values() for field in group.fields} >= set(sum(GROUPS.values(), ())) - {
        "so_dinh_danh_2"
    }
    assert (PACKAGED / "data" / "roles.npz").stat().st_size < 1 << 19


_TAX_FORM = (
    "TỜ KHAI LỆ PHÍ TRƯỚC BẠ NHÀ, ĐẤT",
    "Người nộp thuế: Cao Quang Vượng",
    "Địa chỉ: thôn Đoài, xã Đông Liễu, tỉnh Hải Lâm",
    "Nguồn gốc: nhận tặng cho từ ông/bà: Bùi Thị Trâm",
    *("Tôi khai đúng và chịu trách nhiệm trước pháp luật về số liệu đã khai trên đây.",) * 8,
    "NGƯỜI NỘP THUẾ",
    "Cao Quang Vượng",
)


def test_what_a_rule_took_from_anothers_place_gives_way() -> None:
    """A value that hardly stands in its place goes where the paper has a likelier one, and nowhere else."""
    paper = paper_of([page_of(_TAX_FORM)], "TO_KHAI_LPTB", RULES)
    own = [RULES.fields[rule] for rule in RULES.kind("TO_KHAI_LPTB").rules]
    rule = next(one for one in own if one.field == "ho_ten")
    named = [one for one in paper.roles if one.candidate.value in ("Bùi Thị Trâm", "Cao Quang Vượng")]
    chances = {"Bùi Thị Trâm": 0.02, "Cao Quang Vượng": 0.8}
    roles = [replace(one, chances={"ho_ten": chances[one.candidate.value]}) for one in named]
    payer, giver, signer = (
        Draft(rule, one.candidate.value, one.candidate.raw, 90.0, one.candidate.place, one.candidate.span)
        for one in roles
    )
    assert in_place([payer, giver, signer], own, roles, RULES.roles) == [payer, signer]
    assert in_place([giver], own, roles[1:2], RULES.roles) == [giver]
    assert in_place([giver], own, [], RULES.roles) == [giver]


def test_fields_with_several_values_keep_unlikely_ones() -> None:
    """Of several givers of a deed the likelier does not drive the other out."""
    rows = ("Bên A: Ông Lê Văn Bình", "và bà Trần Thị Cúc")
    paper = paper_of([page_of(rows)], "HOP_DONG_TANG_CHO", RULES)
    own = [RULES.fields[rule] for rule in RULES.kind("HOP_DONG_TANG_CHO").rules]
    rule = next(one for one in own if one.field == "ben_a" and one.pick == "all")
    named = [one for one in paper.roles if one.candidate.sort == "name"]
    roles = [replace(one, chances={"ben_a": chance}) for one, chance in zip(named, (0.95, 0.05), strict=True)]
    drafts = [
        Draft(rule, one.candidate.value, one.candidate.raw, 90.0, one.candidate.place, one.candidate.span)
        for one in roles
    ]
    assert in_place(drafts, own, roles, RULES.roles) == drafts
