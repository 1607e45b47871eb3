"""Values: normal forms, numbers in words, checks inside a document and against what is known outside."""

from __future__ import annotations

import re
from datetime import date, datetime

import pytest

from classify.checks import birth_year
from classify.crosscheck import Known, crosscheck
from classify.extracted import ExtractedField
from classify.fields import extract
from classify.kinds import classify
from classify.normalise import NORMALISERS, normalise
from classify.numerals import amount, number, written_date
from classify.rules import OTHER, UNKNOWN, load_rules
from classify.splitting import split
from tests.readings import reading, sample_text

RULES = load_rules()


def fields(text: str, kind: str, today: date | None = None) -> dict[str, ExtractedField]:
    """Return the first field of each name of a one-page paper."""
    found: dict[str, ExtractedField] = {}
    for field in extract([reading(text)], kind, RULES, today=today):
        found.setdefault(field.name, field)
    return found


@pytest.mark.parametrize(
    ("normaliser", "raw", "value"),
    [
        ("date", "ngày 05 tháng 3 năm 2026", "2026-03-05"),
        ("date", "5/3/2026", "2026-03-05"),
        ("date", "ngày 0l tháng I năm 2026", "2026-01-01"),
        ("date", "31/02/2026", None),
        ("moment", "09 giờ 40 phút, ngày 11 tháng 02 năm 2026", "2026-02-11T09:40:00+07:00"),
        ("moment", "ngày 11 tháng 02 năm 2026", "2026-02-11"),
        ("moment", "25 giờ, ngày 11 tháng 02 năm 2026", None),
        ("identity", "0993 0100 2785", "099301002785"),
        ("identity", "O993Ol002785", "099301002785"),
        ("identity", "09930100278", None),
        ("money", "1.150.000.000", "1150000000"),
        ("decimal", "1.142,5", "1142.5"),
        ("decimal", "1.142", "1142"),
        ("decimal", "142.5", "142.5"),
        ("serial", "DB204718", "DB 204718"),
        ("serial", "số 204718", None),
        ("register", "CS 03162", "CS 03162"),
        ("person", "Ông LƯU ĐÌNH KHẢI và vợ là bà NGÔ THỊ BÍCH THẢO", "LƯU ĐÌNH KHẢI"),
        ("person", "......Nguyễn Thị Chắt......", "Nguyễn Thị Chắt"),
        ("person", "người có tên dưới đây", None),
        ("symbol", "QĐ ~ UBND", "QĐ-UBND"),
        ("dossier_code", "H99.27.14~260211~0008", "H99.27.14-260211-0008"),
        ("dossier_code", "H99.27.14-261311-0008", None),
    ],
)
def test_normal_forms(normaliser: str, raw: str, value: str | None) -> None:
    """Printed forms become stored forms; what cannot be such a value is rejected."""
    found = normalise(normaliser, raw)
    assert (found.value if found else None) == value


def test_letters_read_as_digits_are_told() -> None:
    """A value got by reading letters as digits says so."""
    assert [normalise("identity", raw).repaired for raw in ("O99301002785", "099301002785")] == [True, False]  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("mot ty mot tram nam muoi trieu", 1_150_000_000),
        ("hai nghin khong tram hai muoi sau", 2026),
        ("mot nghin chin tram tam muoi lam", 1985),
        ("muoi tam", 18),
        ("ba muoi mot", 31),
        ("tram le nam", 5),
        ("nha o", None),
    ],
)
def test_numbers_in_words(words: str, value: int | None) -> None:
    """Vietnamese numerals on folded text."""
    assert number(words) == value


def test_amount_stops_at_the_first_other_word() -> None:
    """The amount ends where its unit begins; no numeral, no amount."""
    assert amount("hai trieu dong chan") == 2_000_000
    assert amount("dong") is None


def test_date_in_words() -> None:
    """Day, month and year written out, also where "nam" is both five and year; impossible days are none."""
    assert written_date("ngay muoi tam thang hai nam hai nghin khong tram hai muoi sau") == date(2026, 2, 18)
    assert written_date("ngay nam thang nam nam mot nghin chin tram chin muoi") == date(1990, 5, 5)
    assert written_date("ngay ba muoi thang hai nam hai nghin") is None
    assert written_date("khong co") is None


def test_birth_year_of_personal_numbers() -> None:
    """The fourth digit tells the century."""
    assert [birth_year(value) for value in ("099041000352", "099326004417")] == [1941, 2026]


def test_words_confirm_and_contradict_a_date() -> None:
    """The date in words raises a birth date that it repeats and caps one that it contradicts."""
    text = sample_text("01")
    agreed = fields(text, "GIAY_KHAI_SINH")["ngay_sinh"]
    torn = fields(text.replace("18/02/2026", "13/02/2026"), "GIAY_KHAI_SINH")["ngay_sinh"]
    assert agreed.confidence > torn.confidence
    assert torn.confidence <= RULES.checks["contradicted_cap"]


def test_words_confirm_and_contradict_an_amount() -> None:
    """The price in words does the same for the price."""
    text = sample_text("06")
    agreed = fields(text, "HOP_DONG_CHUYEN_NHUONG")["gia_tri_vnd"]
    torn = fields(text.replace("1.150.000", "7.150.000"), "HOP_DONG_CHUYEN_NHUONG")["gia_tri_vnd"]
    assert agreed.confidence > torn.confidence
    assert torn.confidence <= RULES.checks["contradicted_cap"]


def test_identity_number_against_birth_year() -> None:
    """A personal number whose year is not the birth year is never shown as sure."""
    torn = fields(sample_text("04").replace("099301002785", "099307002785"), "TO_KHAI_HO_TICH")
    assert torn["so_dinh_danh"].confidence <= RULES.checks["contradicted_cap"]


@pytest.mark.parametrize("name", ["01", "02", "04", "07", "08", "09", "11", "12"])
def test_no_sure_wrong_identity_number(name: str) -> None:
    """Look-alike letters for digits: the number is right or in doubt, never wrong and sure."""
    text = sample_text(name)
    kind = classify([reading(text)], RULES).kind
    right = fields(text, kind)["so_dinh_danh"].value
    bent = re.sub(r"\d{12}", lambda m: m[0].replace("1", "I").replace("0", "O", 2), text)
    for field in extract([reading(bent)], kind, RULES):
        assert field.must_confirm or field.name != "so_dinh_danh"
        if field.name == "so_dinh_danh" and field.value != right:
            assert field.confidence < RULES.bands.show


def test_two_people_do_not_contradict_each_other() -> None:
    """With more numbers than birth years, a number of another year is only left unconfirmed."""
    text = "Sinh ngày: 04/12/2003\nCCCD số 099203001174\nCCCD số 099300002261"
    numbers = [f for f in extract([reading(text)], "TO_KHAI_HO_TICH", RULES) if f.name == "so_dinh_danh"]
    assert [f.value for f in numbers] == ["099203001174", "099300002261"]
    assert all(f.confidence > RULES.bands.accept and f.must_confirm for f in numbers)


def test_signer_beside_the_receivers() -> None:
    """The position counts where the receivers' list runs up to it, in its right spelling; a sealed name is left out."""
    text = "Nội dung\n" * 30 + "Nơi nhận:          KT. CHỦ TỊCH\n- Lưu: VT, TP. PHÓ CHỦ TICH\n\n          "
    signed = fields(text + "\nHà Minh Triết", "QUYET_DINH")
    assert (signed["chuc_vu"].value, signed["nguoi_ky"].value) == ("PHÓ CHỦ TỊCH", "Hà Minh Triết")
    sealed = fields(text, "QUYET_DINH")
    assert sealed["chuc_vu"].value == "PHÓ CHỦ TỊCH"
    assert "nguoi_ky" not in sealed


def test_tilde_in_codes_and_symbols() -> None:
    """A dash read as a tilde is set right in the dossier code and the symbol; a lost stroke of Đ too."""
    assert (
        fields(sample_text("12").replace("-", "~"), "GIAY_TIEP_NHAN_HEN_TRA")["ma_ho_so"].value
        == "H99.27.14-260211-0008"
    )
    assert fields(sample_text("09").replace("QĐ-UBND", "QD~UBND"), "QUYET_DINH")["ky_hieu"].value == "QĐ-UBND"


def test_code_broken_by_the_margin() -> None:
    """A dossier code that the row's end cut after its dash is read whole."""
    text = "Mã hồ sơ: H99.27.14-\n260211-0008"
    assert fields(text, OTHER)["ma_ho_so"].value == "H99.27.14-260211-0008"


def test_dates_that_lie_ahead() -> None:
    """A past date after today is rejected; an appointment may lie ahead."""
    found = fields(sample_text("12"), "GIAY_TIEP_NHAN_HEN_TRA", date(2026, 2, 12))
    assert found["ngay_hen_tra"].value.startswith("2026-03-18")
    assert "ngay_tiep_nhan" not in fields(sample_text("12"), "GIAY_TIEP_NHAN_HEN_TRA", date(2026, 2, 10))


def test_dates_before_the_earliest_year() -> None:
    """1991 read as 1391 is no date."""
    text = sample_text("03").replace("15/11/2016", "15/11/1316")
    assert "ngay_ban_hanh" not in fields(text, "GIAY_CHUNG_NHAN_KET_HON")


def test_component_count_is_no_parcel() -> None:
    """A count "thửa đất số: 01 bản chính" in a list of papers is not a parcel number."""
    assert "so_thua" not in fields("Trích đo thửa đất số: 01 bản chính", "BIEN_BAN")


def test_low_reading_confidence_reaches_the_field() -> None:
    """Badly read words make doubtful fields that wait for a person."""
    found = extract([reading(sample_text("04"), confidence=20.0)], "TO_KHAI_HO_TICH", RULES)
    assert found
    assert all(field.confidence < RULES.bands.show and field.must_confirm for field in found)


def test_own_dossier_code_needs_no_confirmation() -> None:
    """The dossier's own code, its day and the register's name are independent sources."""
    found = extract([reading(sample_text("12"))], "GIAY_TIEP_NHAN_HEN_TRA", RULES)
    received = datetime.fromisoformat("2026-02-11T09:40:00+07:00")
    known = Known("H99.27.14-260211-0008", "Quách Thị Vân Kiều", received=received)
    after = {f.name: f for f in crosscheck(found, known)}
    assert {name for name, field in after.items() if not field.must_confirm} >= {"ma_ho_so", "ngay_tiep_nhan", "ho_ten"}
    assert (after["ma_ho_so"].agreed, after["ngay_tiep_nhan"].agreed) == ("dossier_code", "register")
    assert after["so_dinh_danh"].must_confirm
    assert after["ngay_hen_tra"].must_confirm


def test_foreign_dossier_code_is_doubted() -> None:
    """Another dossier's code or day caps the field: the page may lie in the wrong dossier."""
    found = extract([reading(sample_text("12"))], "GIAY_TIEP_NHAN_HEN_TRA", RULES)
    after = {f.name: f for f in crosscheck(found, Known("H99.27.14-260212-0009"))}
    for name in ("ma_ho_so", "ngay_tiep_nhan"):
        assert after[name].must_confirm
        assert after[name].confidence < RULES.bands.show
    assert [f for f in crosscheck(found, Known("")) if f not in found] == []


def test_unknown_kinds() -> None:
    """UNKNOWN and a code from elsewhere are read as KHAC: whoever names the kind has values already."""
    page = [reading(sample_text("11"))]
    unknown, other = ([(one.name, one.value) for one in extract(page, kind, RULES)] for kind in (UNKNOWN, OTHER))
    assert unknown == other != []
    assert extract(page, "SOMETHING_ELSE", RULES) == extract(page, OTHER, RULES)


@pytest.mark.parametrize(
    ("kind", "text", "name", "value"),
    [
        ("CT01", "(1) Họ, chữ đệm và tên khai sinh:\nCAO DUY TOÀN\n(7) Chủ hộ:\nLê Bá Kiên", "ho_ten", "CAO DUY TOÀN"),
        ("GIAY_TIEP_NHAN_HEN_TRA", "Hồ sơ của ông (bà): Lê Thị Vân", "ho_ten", "Lê Thị Vân"),
        ("GIAY_TIEP_NHAN_HEN_TRA", "Người nộp: Lê Thị Vân Số CMND: 095274980", "ho_ten", "Lê Thị Vân"),
        ("GIAY_CHUNG_NHAN_KET_HON", "Họ tên chồng: Lê Bá Kiên Họ tên vợ: Bùi Thị Hoa", "ho_ten_2", "Lê Bá Kiên"),
        ("TO_KHAI_HO_TICH", "Tôi tên là: Bùi Thị Hoa\nHọ và tên: LÊ BÁ KIÊN", "ho_ten", "Bùi Thị Hoa"),
        ("GIAY_UY_QUYEN", "tôi ủy quyền cho ông: Bùi Duy Thuấn\nlà cháu ruột của tôi", "ben_b", "Bùi Duy Thuấn"),
        (
            "BIEN_BAN",
            "Bên giao đất:\nÔng: Lê Bá Kiên\nBên nhận đất:\nHộ ông (bà): Tạ Thị Tuyết",
            "ho_ten",
            "Tạ Thị Tuyết",
        ),
    ],
)
def test_names_in_many_layouts(kind: str, text: str, name: str, value: str) -> None:
    """The right one of several people is taken, and nothing of the next label."""
    assert fields(text, kind)[name].value == value


def test_a_relative_below_a_label_is_not_the_person_of_the_paper() -> None:
    """The father on a certificate of birth is not its mother."""
    assert "ho_ten" not in fields("HỌ TÊN CHA / FATHER'S FULL NAME\nLÊ BÁ KIÊN", "GIAY_CHUNG_SINH")


def test_an_agency_is_no_name_of_a_signer() -> None:
    """A line of the agency's name under the position is passed over."""
    text = "TUQ. CHỦ TỊCH\nGIÁM ĐỐC TRUNG TÂM\nPHỤC VỤ HÀNH CHÍNH CÔNG\nLê Bá Kiên"
    assert fields(text, "QUYET_DINH")["nguoi_ky"].value == "Lê Bá Kiên"


def test_rule_files_are_whole() -> None:
    """Rules have a normaliser and one way to a value; kinds have a name and a field; codes are unique."""
    assert RULES.version
    for rule in RULES.fields.values():
        assert rule.normaliser in NORMALISERS, rule.id
        matches = rule.pattern and "value" in rule.pattern.groupindex
        assert sum(map(bool, (rule.finder, rule.under, matches and not rule.under))) == 1, rule.id
        assert matches or not rule.pattern, rule.id
        assert rule.section is None or (rule.pattern and "section" in rule.section.groupindex), rule.id
        assert rule.zone in {"all", "head", "tail"}, rule.id
        assert rule.side in {"", "left", "right"}, rule.id
        assert rule.pick in {"first", "last", "all"}, rule.id
    for kind in RULES.kinds.values():
        assert kind.name, kind.code
        assert kind.field, kind.code
    assert {OTHER, UNKNOWN, "CONG_VAN"} <= set(RULES.kinds)
    assert set(RULES.symbols.values()) <= set(RULES.kinds)


def test_hostile_text_is_bounded() -> None:
    """Long runs of look-alike letters and digits do not send the patterns astray."""
    text = "\n".join(["lIo0|1" * 40, "so: " + "1" * 400, "ho va ten " + "a " * 300, "H99" + ".1" * 300] * 20)
    page = reading(text)
    assert classify([page], RULES).kind == UNKNOWN
    assert split([page, page], RULES) == [(0, 1)]
    assert extract([page], OTHER, RULES) == ()
