"""The code tables before Unicode: every letter there and back, detection by syllables, capitals mended."""

from __future__ import annotations

import csv
import io
import unicodedata
from pathlib import Path

import pytest
import xlsxwriter

from registers.alphabets import LEGACY, reader, writer
from registers.capitals import mended
from registers.reading import read_register
from registers.sheets import likeliest
from registers.syllables import is_syllable, score
from tests.unit.registers.test_reading import BOOK, CODE, book_row

_TONES = ("", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323")
SMALL = [unicodedata.normalize("NFC", base + tone) for base in "aăâeêioôơuưy" for tone in _TONES] + ["đ"]
TEXT = "Ủy ban nhân dân phường Tân Hòa Thượng; Nguyễn Thị Hằng, TRƯỜNG ĐẠI HỌC, quyết định, giấy chứng nhận"


@pytest.mark.parametrize("table", LEGACY)
@pytest.mark.parametrize("letter", SMALL)
def test_every_letter_goes_there_and_back(table: str, letter: str) -> None:
    """All 67 accented letters, small; capitals where the table has them."""
    assert reader(table)(writer(table)(letter)) == letter
    capital = reader(table)(writer(table)(letter.upper()))
    assert capital in {letter, letter.upper()}
    if table in {"cp1258", "vni"}:
        assert capital == letter.upper()


@pytest.mark.parametrize(
    ("table", "written", "read"),
    [
        ("tcvn3", "ñy ban nh©n d©n", "ủy ban nhân dân"),
        ("tcvn3", "NguyÔn V¨n An", "Nguyễn Văn An"),
        ("vni", "Uûy ban nhaân daân phöôøng Ñoâng", "Ủy ban nhân dân phường Đông"),
        ("vni", "TRAÀN THÒ ÑAËNG", "TRẦN THỊ ĐẶNG"),
        ("vps", "Ñ¤ng", "Ñẵng"),
    ],
)
def test_texts_as_they_are_found(table: str, written: str, read: str) -> None:
    """What such texts look like where nobody knows their font."""
    if table == "vps":
        assert reader(table)(writer(table)("Đường Nguyễn Trãi")) == "Đường Nguyễn Trãi"
    else:
        assert reader(table)(written) == read


def test_texts_of_workbooks_hold_the_characters_of_windows() -> None:
    """The byte 0x96 is an en dash to Windows, and ố of VPS; a text with other letters is Unicode already."""
    byte = writer("vps")("Ố")
    assert reader("vps")(byte.encode("latin-1").decode("cp1252")) == "Ố"
    assert reader("tcvn3")("Đường Lê Lợi") == "Đường Lê Lợi"


@pytest.mark.parametrize("table", LEGACY)
def test_the_table_of_a_text_is_found_by_its_syllables(table: str) -> None:
    """Each is told from all others, and from Unicode."""
    assert likeliest([writer(table)(TEXT)], LEGACY) == table
    assert likeliest([TEXT], LEGACY) == ""
    assert likeliest(["no accents here", "12/2026"], LEGACY) == ""


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("ủY BAN", "ỦY BAN"),
        ("TRầN THị HồNG", "TRẦN THỊ HỒNG"),
        ("Hồ THị ANH", "HỒ THỊ ANH"),
        ("TP.Đà Nẵng", "TP.Đà Nẵng"),
        ("Nguyễn Văn An", "Nguyễn Văn An"),
        ("ủy ban", "ủy ban"),
    ],
)
def test_capitals_are_mended_among_capitals(text: str, whole: str) -> None:
    """TCVN3 leaves capitals with tones to the font; names as they should be stay."""
    assert mended(text) == whole


def test_syllables() -> None:
    """What Vietnamese can say, and what a wrong table makes of it."""
    assert all(map(is_syllable, ("nghiêng", "khuya", "quyết", "giữ", "thuở", "Đắk", "huyện", "người", "ƯỚC", "ứ")))
    assert not any(map(is_syllable, ("ñy", "nh©n", "ấấ", "đà́", "daân", "aĐ")))
    assert score(["ASCII alone says nothing"]) == 0


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
@pytest.mark.parametrize("table", LEGACY)
def test_registers_in_old_tables(tmp_path: Path, table: str, delimiter: str) -> None:
    """Header, names and values of a .csv file in each table are those of the Unicode file."""
    text = io.StringIO(newline="")
    rows = [BOOK, book_row(name="Đăng ký đất đai"), book_row(CODE[:-1] + "9", name="Cấp giấy phép xây dựng")]
    csv.writer(text, delimiter=delimiter).writerows([writer(table)(cell) for cell in row] for row in rows)
    path = tmp_path / "r.csv"
    path.write_bytes(text.getvalue().encode("latin-1"))
    found = read_register(path)
    assert (found.layout.encoding, found.layout.separator) == (table, delimiter)
    assert [entry.applicant for entry in found.entries] == ["Quách Thị Vân Kiều"] * 2
    assert found.entries[1].procedure_name == "Cấp giấy phép xây dựng"


@pytest.mark.parametrize("table", LEGACY[1:])
def test_workbooks_in_old_fonts(tmp_path: Path, table: str) -> None:
    """The font .VnTime shows Vietnamese where the file has characters of Windows."""
    with xlsxwriter.Workbook(tmp_path / "r.xlsx") as book:
        sheet = book.add_worksheet()
        for number, row in enumerate([BOOK, book_row()]):
            sheet.write_row(
                number, 0, [writer(table)(cell).encode("latin-1").decode("cp1252", "replace") for cell in row]
            )
    found = read_register(tmp_path / "r.xlsx")
    assert found.layout.encoding == table
    assert found.entries[0].applicant == "Quách Thị Vân Kiều"
