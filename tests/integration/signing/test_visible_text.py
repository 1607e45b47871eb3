"""The visible text as poppler shows it: upright, top right, in Vietnamese, and made as PDF/A wants it."""

from __future__ import annotations

import io
import subprocess
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from unicodedata import normalize

import numpy as np
import pikepdf
import pytest
from fontTools.ttLib import TTFont
from PIL import Image

from dossier.errors import Code, Unavailable
from signing import rules
from signing.port import Appearance
from signing.typeface import subset
from tests.integration.signing import documents

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.integration.signing.conftest import Sign

DPI = 72
PANGRAM = "Ằ Ẳ Ẵ Ặ Ầ Ẩ Ẫ Ậ Ề Ể Ễ Ệ Ồ Ổ Ỗ Ộ Ờ Ở Ỡ Ợ Ừ Ử Ữ Ự Ỳ Ỷ Ỹ Ỵ Đ ắ ế ố ớ ứ ý đ"
AT = datetime(2026, 11, 5, 20, 30, 9, tzinfo=UTC)


def ink(path: Path) -> tuple[float, float, float, float]:
    """Return left, top, right and bottom edge of what is drawn on the shown page 1, as shares of its size."""
    command = ["pdftoppm", "-cropbox", "-gray", "-r", str(DPI), "-l", "1", str(path)]
    page = Image.open(io.BytesIO(subprocess.run(command, capture_output=True, check=True).stdout))
    rows, columns = np.nonzero(np.asarray(page) < 200)
    return (
        columns.min() / page.width,
        rows.min() / page.height,
        (columns.max() + 1) / page.width,
        (rows.max() + 1) / page.height,
    )


def empty_page(path: Path) -> None:
    """Take the words off the pages, so that only the visible text is left."""
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        for page in pdf.pages:
            page.Contents = pdf.make_stream(b"")
        pdf.save(path)


@pytest.mark.parametrize(
    "make",
    [
        documents.classic,
        documents.inherited,
        documents.cropped,
        documents.tiny,
        *(documents.turned(rotate) for rotate in (90, 180, 270)),
    ],
    ids=["plain", "inherited", "cropped", "tiny", "90", "180", "270"],
)
def test_the_text_is_at_the_top_right_as_shown(make: Callable[[Path], None], tmp_path: Path, sign: Sign) -> None:
    """On turned, cropped and tiny pages too; wider than high, so it is upright."""
    make(tmp_path / "in.pdf")
    empty_page(tmp_path / "in.pdf")
    sign(tmp_path / "in.pdf", tmp_path / "out.pdf")
    left, top, right, bottom = ink(tmp_path / "out.pdf")
    assert right > 0.88
    assert top < 0.15
    assert 1 - right < left
    assert top < 1 - bottom


def shown_text(path: Path) -> list[str]:
    """Return the lines that poppler reads in the appearance stream, drawn on a page of its own."""
    with pikepdf.open(path) as pdf, pikepdf.new() as alone:
        form = alone.copy_foreign(pdf.Root.AcroForm.Fields[-1].AP.N)
        page = alone.add_blank_page(page_size=(600, 200))
        page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(X=form))
        page.Contents = alone.make_stream(b"/X Do")
        alone.save(path.with_suffix(".alone.pdf"))
    command = ["pdftotext", "-layout", str(path.with_suffix(".alone.pdf")), "-"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return [line.strip() for line in done.stdout.replace("\f", "").splitlines() if line.strip()]


def test_the_text_can_be_read_and_copied(tmp_path: Path, sign: Sign) -> None:
    """Form, agency, time with seconds and zone, and the warning of the development key."""
    documents.classic(tmp_path / "in.pdf")
    sign(tmp_path / "in.pdf", tmp_path / "out.pdf", at=AT)
    assert shown_text(tmp_path / "out.pdf") == [
        "SAO Y",
        "ỦY BAN NHÂN DÂN PHƯỜNG HOÀN KIẾM",
        "Thời gian ký: 2026-11-06T03:30:09+07:00",
        "Chữ ký thử nghiệm, không có giá trị pháp lý",
    ]


def test_every_vietnamese_letter_has_its_glyph(tmp_path: Path, sign: Sign) -> None:
    """Also when the name was typed in decomposed letters."""
    documents.classic(tmp_path / "in.pdf")
    sign(
        tmp_path / "in.pdf",
        tmp_path / "out.pdf",
        appearance=Appearance("SAO Y", normalize("NFD", PANGRAM), development=False),
    )
    assert PANGRAM.replace(" ", "") in "".join(shown_text(tmp_path / "out.pdf")).replace(" ", "")


def test_the_appearance_is_as_pdf_a_wants_it(tmp_path: Path, sign: Sign) -> None:
    """One normal appearance that is a stream, printed, with an embedded subset whose widths are the program's."""
    documents.classic(tmp_path / "in.pdf")
    sign(tmp_path / "in.pdf", tmp_path / "out.pdf")
    with pikepdf.open(tmp_path / "out.pdf") as pdf:
        widget = pdf.Root.AcroForm.Fields[0]
        assert list(widget.AP.keys()) == ["/N"]
        assert isinstance(widget.AP.N, pikepdf.Stream)
        assert int(widget.F) & 0b100111 == 0b100  # printed; neither invisible, hidden, without view nor toggled
        assert "/NeedAppearances" not in pdf.Root.AcroForm
        font = widget.AP.N.Resources.Font["/F1"]
        assert b"/GS" not in widget.AP.N.read_bytes()
        descendant = font.DescendantFonts[0]
        program = TTFont(io.BytesIO(descendant.FontDescriptor.FontFile2.read_bytes()))
        scale = 1000 / program["head"].unitsPerEm
        widths = [round(program["hmtx"][name][0] * scale) for name in program.getGlyphOrder()]
        assert [int(width) for width in descendant.W[1]] == widths
        assert b"beginbfchar" in font.ToUnicode.read_bytes()


def test_only_the_letters_used_are_embedded(tmp_path: Path, sign: Sign) -> None:
    """A seal costs about 25 kB, half of it the room for the CMS."""
    documents.classic(tmp_path / "in.pdf")
    record = sign(tmp_path / "in.pdf", tmp_path / "out.pdf")
    assert record.size - (tmp_path / "in.pdf").stat().st_size < 32_000


def test_a_font_without_the_letters_is_not_used(tmp_path: Path) -> None:
    """Boxes instead of letters would be worse than waiting; the next font of the list is tried."""
    rule = rules.in_force(AT)
    full = next(path for path in rule.fonts if Path(path).is_file())
    poor = subset((full,), frozenset("abc")).program
    (tmp_path / "poor.ttf").write_bytes(poor)
    wanted = frozenset("Ệ ")
    assert subset((str(tmp_path / "poor.ttf"), full), wanted).glyphs.keys() == wanted
    with pytest.raises(Unavailable) as caught:
        subset((str(tmp_path / "poor.ttf"), str(tmp_path / "none.ttf")), wanted)
    assert caught.value.code is Code.FONT_MISSING


def test_without_a_font_nothing_is_written(tmp_path: Path, sign: Sign, monkeypatch: pytest.MonkeyPatch) -> None:
    """Sealing waits for the font."""
    bare = replace(rules.in_force(AT), fonts=())
    monkeypatch.setattr(rules, "in_force", lambda _: bare)
    documents.classic(tmp_path / "in.pdf")
    with pytest.raises(Unavailable) as caught:
        sign(tmp_path / "in.pdf", tmp_path / "out.pdf")
    assert caught.value.code is Code.FONT_MISSING
    assert list(tmp_path.iterdir()) == [tmp_path / "in.pdf"]
