"""Fonts: the invisible one, and the serif one cut down."""

from __future__ import annotations

import io
import unicodedata
from pathlib import Path

import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.ttLib import TTFont
from fontTools.ttLib.tables._g_l_y_f import Glyph

from dossier.errors import Code, Unavailable
from rendition.fonts import ALPHABET, find_serif, serif_for
from rendition.glyphless import InvisibleFont, font_program
from rendition.sink import PdfSink
from rendition.tounicode import cmap


def test_the_found_font_writes_vietnamese() -> None:
    """Every letter of the alphabet with every tone is in the font that is found."""
    with TTFont(find_serif()) as font:
        assert set(map(ord, ALPHABET)) <= font.getBestCmap().keys()


def test_the_alphabet_is_whole() -> None:
    """Each vowel takes each of the five tones, in both cases, besides the plain letters."""
    vowels = "aăâeêioôơuưy"
    toned = {
        unicodedata.normalize("NFC", vowel + tone) for vowel in vowels for tone in "\u0300\u0301\u0303\u0309\u0323"
    }
    assert {*toned, *vowels, *"đĐ", *"".join(toned).upper()} <= set(ALPHABET)


def test_a_font_without_vietnamese_is_passed_over(tmp_path: Path) -> None:
    """A file of the right name that lacks letters, and one that is no font, are not used."""
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder([".notdef", "a"])
    builder.setupCharacterMap({97: "a"})
    builder.setupGlyf({".notdef": Glyph(), "a": Glyph()})
    builder.setupHorizontalMetrics({".notdef": (500, 0), "a": (500, 0)})
    builder.setupHorizontalHeader()
    builder.setupOS2()
    builder.setupPost()
    builder.save(tmp_path / "LiberationSerif-Regular.ttf")
    (tmp_path / "times.ttf").write_bytes(b"no font")
    with pytest.raises(Unavailable) as caught:
        find_serif((tmp_path, tmp_path / "absent"))
    assert caught.value.code is Code.FONT_MISSING


def test_a_subset_holds_the_text_and_little_else() -> None:
    """The cut font has the characters, their widths, and the same bytes each time."""
    font = serif_for("Đổi văn bản", find_serif())
    assert font == serif_for("Đổi văn bản", find_serif())
    assert set("Đổi văn bản?") == set(font.glyphs)
    assert len(font.program) < 12_000
    assert font.width("Đổi") == pytest.approx(sum(font.width(char) for char in "Đổi"))
    assert 0.2 < font.width("n") < 0.8
    assert len(font.encode("Đổi")) == 3 * 4 + 2


def test_a_character_the_font_lacks_is_a_question_mark() -> None:
    """PDF/A forbids the empty glyph: what cannot be drawn is shown to be missing."""
    font = serif_for("Ông 𠀀", find_serif())
    assert font.shown("Ông 𠀀") == "Ông ?"
    assert font.encode("𠀀") == font.encode("?")


def test_the_invisible_font_has_sizes_and_draws_nothing() -> None:
    """Each glyph spans its width and the em with two lone points; the day the font was made is a constant."""
    with TTFont(io.BytesIO(font_program())) as font:
        glyphs = [font["glyf"][name] for name in font.getGlyphOrder()[1:]]
        assert [(glyph.xMin, glyph.yMin, glyph.yMax) for glyph in glyphs] == [(0, -200, 800)] * len(glyphs)
        assert [glyph.xMax for glyph in glyphs] == [font["hmtx"][name][0] for name in font.getGlyphOrder()[1:]]
        assert all(list(glyph.endPtsOfContours) == [0, 1] for glyph in glyphs)
        assert (glyphs[0].xMax, glyphs[-1].xMax) == (20, 20_067)
        assert font["head"].created == font["head"].modified == 3_802_636_800


def test_codes_are_given_in_order_and_nonsense_is_left_out() -> None:
    """A character of one width keeps its code; control and unassigned ones have none; rare planes do."""
    font = InvisibleFont(PdfSink(io.BytesIO()))
    assert font.encode("aba", 1.5) == (b"<000200030002>", pytest.approx(1.5, rel=0.01))
    assert font.encode("a", 0.7)[0] == b"<0004>"
    assert font.encode("\0\ud800\uffff", 1.0) == (b"<>", 0)
    assert font.encode("𠀀", 1.0)[0] == b"<0005>"


@pytest.mark.parametrize("each", [0.0201, 0.1, 0.333, 0.5, 1.0, 19.0])
def test_a_text_is_as_wide_as_was_asked(each: float) -> None:
    """Within one per cent, from a stroke to a dash across the page, but for the steps that a thousandth makes."""
    _, width = InvisibleFont(PdfSink(io.BytesIO())).encode("chữ", 3 * each)
    assert width == pytest.approx(3 * each, rel=0.0101, abs=0.0015)


def test_the_unicode_map_is_cut_into_blocks() -> None:
    """No block has more than a hundred entries; pairs of surrogates are written whole."""
    written = cmap({code: chr(0x4E00 + code) for code in range(1, 151)} | {151: "𠀀"}).decode()
    assert "100 beginbfchar\n" in written
    assert "51 beginbfchar\n" in written
    assert "<0097> <D840DC00>" in written
