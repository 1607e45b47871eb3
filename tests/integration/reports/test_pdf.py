"""Printed files as poppler and qpdf see them: PDF/A-2b, A4, one embedded typeface, the right words and figures."""

from __future__ import annotations

import builtins
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pikepdf
import pytest
from PIL import ImageFile

from dossier.errors import Code, Unavailable
from reports.printed.forms import SheetKey
from reports.printed.listing import write_listing_pdf, write_listing_xlsx, write_sheets_pdf
from reports.printed.pdf import as_pdf, write_pdf
from reports.printed.report import report_html, write_report_pdf
from reports.printed.slip import write_slip_pdf
from reports.worklist.listing import sheets
from tests.integration.reports.prints import book, history, huyen_tung_figures, slip
from tests.integration.reports.test_workbook import cells as sheet_cells
from tests.reporting import Inspected
from tests.unit.reports.test_worklist import work_list, work_row

_PORTRAIT = "595.276 x 841.89"


def tool(*call: str | Path) -> str:
    """Return what a tool prints; it must be content."""
    return subprocess.run([str(part) for part in call], capture_output=True, text=True, check=True).stdout


def words(path: Path) -> str:
    """Return the text of a PDF in reading order, spaces collapsed."""
    return re.sub(r"\s+", " ", tool("pdftotext", path, "-"))


def check(path: Path) -> str:
    """Check what must hold of every printed file and return what pdfinfo says."""
    tool("qpdf", "--check", path)
    fonts = tool("pdffonts", path).splitlines()[2:]
    assert fonts
    for line in fonts:
        assert re.match(r"[A-Z]{6}\+Liberation-Serif(-Bold|-Italic|-BoldItalic)?\s+CID TrueType", line), line
        assert line.split()[-5:-2] == ["yes", "yes", "yes"], line
    described = tool("pdfinfo", "-meta", path)
    assert re.search(r'pdfaid:part(>|=")2', described)
    assert re.search(r'pdfaid:conformance(>|=")B', described)
    with pikepdf.open(path) as opened:
        assert opened.Root.OutputIntents[0].S == "/GTS_PDFA1"
    return tool("pdfinfo", path)


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Inspected:
    """Return the figures of the Huyền Tụng register."""
    return huyen_tung_figures(tmp_path_factory.mktemp("register"))


def test_the_report_on_paper(found: Inspected, tmp_path: Path) -> None:
    """Both heads, the period with its days, each rate with counts, version and base, tables, charts, signatures."""
    path = tmp_path / "report.pdf"
    write_report_pdf(found.figures, path, "vi", [history(found)])
    about = check(path)
    assert re.search(r"841\.89 x 595\.276 pts \(A4\)", about)
    assert "Title:           BÁO CÁO TÌNH HÌNH GIẢI QUYẾT" in about
    assert "CreationDate:" in about
    text = words(path)
    for said in (
        "UBND PHƯỜNG HUYỀN TỤNG",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM Độc lập - Tự do - Hạnh phúc",
        "từ 01/01/2019 đến 31/07/2019",
        "Cơ sở tính tỷ lệ số hóa: B1",
        "Mã kiểm tra số liệu (SHA-256): " + found.figures.cells_sha256,
        "NGƯỜI LẬP BIỂU",
        "THỦ TRƯỞNG ĐƠN VỊ",
        "Tỷ lệ số hóa (theo Bộ chỉ số 766), theo tháng tiếp nhận",
        "Không đạt mốc 80% trong kỳ",
        "1/",
    ):
        assert said in text
    assert re.search(r"0 768 0,00% hososo-qua-han", text)
    assert report_html(found.figures, "vi", [history(found)]) == report_html(found.figures, "vi", [history(found)])


def test_a_slip_on_one_sheet(tmp_path: Path) -> None:
    """Giấy tiếp nhận is one A4 page; characters that the typeface lacks come as question marks, not in another one.

    The same slip gives the same bytes.
    """
    write_slip_pdf(slip(), tmp_path / "slip.pdf")
    write_slip_pdf(slip(), tmp_path / "again.pdf")
    assert (tmp_path / "again.pdf").read_bytes() == (tmp_path / "slip.pdf").read_bytes()
    about = check(tmp_path / "slip.pdf")
    assert "Pages:           1\n" in about
    assert _PORTRAIT in about
    text = words(tmp_path / "slip.pdf")
    assert "GIẤY TIẾP NHẬN HỒ SƠ VÀ HẸN TRẢ KẾT QUẢ" in text
    assert "NGUYỄN VĂN ?? ?" in text
    assert "05 ngày làm việc" in text


def test_a_long_book_repeats_its_head_on_every_page(tmp_path: Path) -> None:
    """Sổ theo dõi as PDF and as workbook: every row, column names on each page, no formula from a register."""
    write_listing_pdf(book(), tmp_path / "book.pdf")
    about = check(tmp_path / "book.pdf")
    pages = int(re.search(r"Pages:\s+(\d+)", about)[1])  # type: ignore[index]
    text = words(tmp_path / "book.pdf").replace(" ", "")
    assert pages > 1
    assert text.count("Mãhồsơ") == pages
    assert f"{pages}/{pages}" in text
    assert all(row["code"] in text for row in book().rows)
    write_listing_xlsx(book(), tmp_path / "book.xlsx")
    sheet = sheet_cells(tmp_path / "book.xlsx", "Biểu mẫu")
    head = next(row for row in sheet if row[0] == "STT")
    first = sheet[sheet.index(head) + 1]
    assert (len(head), first[0], first[1], first[-1]) == (13, 1, "H99.27.14-260203-0000", "'=1+1")
    flat = [cell for row in sheet for cell in row]
    assert {"CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "NGƯỜI LẬP BIỂU", "THỦ TRƯỞNG ĐƠN VỊ"} <= set(flat)


@pytest.mark.parametrize("url", ["http://127.0.0.1:9/x.png", "file:///etc/hostname", "data:image/png;base64,AAAA"])
def test_nothing_is_fetched(url: str) -> None:
    """A page that asks for anything outside itself is a bug and is refused."""
    with pytest.raises(RuntimeError, match="asks for"):
        as_pdf(f'<html><body><img src="{url}"></body></html>')


def test_a_machine_without_pango_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only a print needs the libraries: the module that prints loads without them, a print names what is missing."""
    monkeypatch.delitem(sys.modules, "reports.printed.engine", raising=False)
    monkeypatch.setattr("builtins.__import__", _without_pango(builtins.__import__))
    with pytest.raises(Unavailable) as caught:
        as_pdf("<p>x</p>")
    assert caught.value.code is Code.PRINT_LIBRARIES_MISSING


def _without_pango(found: Callable[..., ModuleType]) -> Callable[..., ModuleType]:
    """Return an import that fails as WeasyPrint's does where Pango is not installed."""

    def imported(name: str, *others: object) -> ModuleType:
        if name.startswith("weasyprint"):
            raise OSError("cannot load library 'libpango-1.0-0'")
        return found(name, *others)

    return imported


def test_a_target_that_cannot_be_written_is_the_worlds_fault(tmp_path: Path) -> None:
    """A missing folder is told with its code, and an older file stays until the new one is complete."""
    with pytest.raises(Unavailable) as caught:
        write_pdf("<p>x</p>", tmp_path / "none" / "x.pdf")
    assert caught.value.code is Code.EXPORT_TARGET
    assert not list(tmp_path.iterdir())


def test_printing_leaves_damaged_pictures_damaged() -> None:
    """WeasyPrint would have Pillow take a scan that was cut off for a whole one, in every later step of the process."""
    assert "reports.printed.engine" in sys.modules
    assert ImageFile.LOAD_TRUNCATED_IMAGES is False


def test_the_sheets_of_two_counters_have_pages_of_their_own(tmp_path: Path) -> None:
    """Place, action, pages and a box to tick, for each counter from a new page on."""
    path = tmp_path / "phieu.pdf"
    rows = [work_row(counter, f"H99-{number}") for counter in ("Quầy 1", "Quầy 2") for number in range(45)]
    write_sheets_pdf(sheets(work_list(*rows, key=SheetKey.DOSSIERS)), path)
    check(path)
    pages = [
        re.sub(r"\s+", " ", tool("pdftotext", "-f", str(number), "-l", str(number), path, "-")) for number in (1, 3)
    ]
    for page, counter in zip(pages, ("Quầy: Quầy 1", "Quầy: Quầy 2"), strict=True):
        assert counter in page
        assert "Quét cả hồ sơ" in page
        assert "□" in page
