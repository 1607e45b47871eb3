"""The text of PDFs that were never paper: words with their places, straight from the file."""

from __future__ import annotations

import ctypes
import unicodedata
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from dossier.errors import Code, Rejected
from dossier.page import Box, PageReading, PageText, PageTransform, Verdict, Word
from dossier.text import nfc
from ingest.pdf_file import open_document

DPI = 150
"""Resolution of the boxes."""
_ENGINE = "pdf-text"
_CERTAIN = 100.0
_BLOCK_GAP = 1.0  # a free line's height between two lines begins a new block
_MOST_UNMAPPED = 0.02
_FONT_NAME_BYTES = 256
# Fonts of the encodings before Unicode: the letters in the file are not the letters on the page.
_LEGACY_FONTS = (".Vn", "VNI-", "VNtimes", "VnTime")


@dataclass(slots=True)
class _Words:
    """Words of a page as they grow, character by character."""

    words: list[Word] = field(default_factory=list)
    letters: list[str] = field(default_factory=list)
    box: Box | None = None
    line: int = 0
    block: int = 0

    def add(self, letter: str, box: Box) -> None:
        """Take one character."""
        if self.box is not None and _is_elsewhere(self.box, box):
            self.end_word()
        self.letters.append(letter)
        self.box = box if self.box is None else _around(self.box, box)

    def end_word(self) -> None:
        """Close the word, if there is one."""
        text = nfc("".join(self.letters)).strip()
        if text and self.box is not None:
            self._place(self.box)
            self.words.append(Word(text, self.box, _CERTAIN, self.line, self.block))
        self.letters, self.box = [], None

    def _place(self, box: Box) -> None:
        """Give the word its line and block: a line goes on while its words stand beside each other."""
        if not self.words:
            return
        last = self.words[-1].box
        overlap = min(last.bottom, box.bottom) - max(last.top, box.top)
        if overlap * 2 >= min(last.height, box.height) and box.left >= last.left:
            return
        self.line += 1
        if box.top - last.bottom > _BLOCK_GAP * max(box.height, last.height) or box.bottom < last.top:
            self.block += 1


def page_readings(path: Path, *, first: int = 1) -> Iterator[PageReading]:
    """Yield the text of each page of a PDF.

    Args:
        path: A PDF that `ingest.take.inspect` has accepted.
        first: Number of the page to begin with, from 1.

    Returns:
        One reading per page. Boxes are in pixels at 150 dpi of the page as a viewer shows it (crop box, /Rotate
        applied), so the transform turns nothing. Verdict GOOD, or LOOK with one of the reasons `no_text`,
        `invisible_text` (an OCR layer that nobody vouches for), `legacy_font` (TCVN3, VNI) and `unmapped_text`.

    Raises:
        Rejected: PDF_ENCRYPTED, PDF_DAMAGED.
    """
    with closing(open_document(path)) as document:
        for index in range(first - 1, len(document)):
            try:
                page = document[index]
            except pdfium.PdfiumError as exc:
                raise Rejected(Code.PDF_DAMAGED, f"page {index + 1} cannot be opened") from exc
            with closing(page), closing(page.get_textpage()) as text:
                yield _reading(page, text)


def _reading(page: pdfium.PdfPage, text: pdfium.PdfTextPage) -> PageReading:
    width, height = (max(1, round(side * DPI / 72)) for side in page.get_size())
    words = _words(page, text, width, height)
    reasons = _reasons(page, text, words)
    model = f"pdfium {pdfium.PDFIUM_INFO.build}"
    return PageReading(
        PageText(tuple(words), _ENGINE, model),
        PageTransform(width, height),
        Verdict.LOOK if reasons else Verdict.GOOD,
        reasons,
    )


def _words(page: pdfium.PdfPage, text: pdfium.PdfTextPage, width: int, height: int) -> list[Word]:
    growing = _Words()
    pending = 0
    for index in range(text.count_chars()):
        unit = pdfium_c.FPDFText_GetUnicode(text, index)
        if 0xD800 <= unit < 0xDC00:  # noqa: PLR2004 - first half of a UTF-16 pair
            pending = unit
            continue
        letter = _letter(pending, unit)
        pending = 0
        if letter.isspace() or not letter.isprintable():
            growing.end_word()
            continue
        growing.add(letter, _box(page, text, index, width, height))
    growing.end_word()
    return growing.words


def _letter(first: int, unit: int) -> str:
    if first and 0xDC00 <= unit < 0xE000:  # noqa: PLR2004 - second half of a UTF-16 pair
        return chr(0x10000 + ((first - 0xD800) << 10) + (unit - 0xDC00))
    return "\ufffd" if 0xD800 <= unit < 0xE000 else chr(unit)  # noqa: PLR2004


def _box(page: pdfium.PdfPage, text: pdfium.PdfTextPage, index: int, width: int, height: int) -> Box:
    """Return where a character stands on the page as shown, in pixels."""
    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    pdfium_c.FPDFText_GetCharBox(text, index, left, right, bottom, top)
    corners = [_shown(page, x.value, y.value, width, height) for x in (left, right) for y in (bottom, top)]
    xs, ys = [x for x, _ in corners], [y for _, y in corners]
    return Box(min(xs), min(ys), max(*xs, min(xs) + 1), max(*ys, min(ys) + 1))


def _shown(page: pdfium.PdfPage, x: float, y: float, width: int, height: int) -> tuple[int, int]:
    across, down = ctypes.c_int(), ctypes.c_int()
    pdfium_c.FPDF_PageToDevice(page, 0, 0, width, height, 0, x, y, across, down)
    return across.value, down.value


def _is_elsewhere(word: Box, letter: Box) -> bool:
    """Return whether a character cannot belong to the word before it, whatever white space the file has."""
    gap = max(word.height, letter.height)
    return letter.left > word.right + gap or letter.top > word.bottom + gap or letter.bottom < word.top - gap


def _around(one: Box, other: Box) -> Box:
    return Box(
        min(one.left, other.left),
        min(one.top, other.top),
        max(one.right, other.right),
        max(one.bottom, other.bottom),
    )


def _reasons(page: pdfium.PdfPage, text: pdfium.PdfTextPage, words: list[Word]) -> tuple[str, ...]:
    if not words:
        return ("no_text",)
    modes, fonts = _text_objects(page)
    reasons = []
    if modes <= {pdfium_c.FPDF_TEXTRENDERMODE_INVISIBLE}:
        reasons.append("invisible_text")
    if any(font.startswith(_LEGACY_FONTS) for font in fonts):
        reasons.append("legacy_font")
    if _unmapped(text) > _MOST_UNMAPPED:
        reasons.append("unmapped_text")
    return tuple(reasons)


def _text_objects(page: pdfium.PdfPage) -> tuple[set[int], set[str]]:
    """Return the render modes and font names in use; a subset's tag before the name is left out."""
    modes: set[int] = set()
    fonts: set[str] = set()
    for item in page.get_objects(filter=[pdfium_c.FPDF_PAGEOBJ_TEXT]):
        modes.add(pdfium_c.FPDFTextObj_GetTextRenderMode(item))
        name = ctypes.create_string_buffer(_FONT_NAME_BYTES)
        pdfium_c.FPDFFont_GetBaseFontName(pdfium_c.FPDFTextObj_GetFont(item), name, _FONT_NAME_BYTES)
        fonts.add(name.value.decode("utf-8", "replace").partition("+")[2] or name.value.decode("utf-8", "replace"))
    return modes, fonts


def _unmapped(text: pdfium.PdfTextPage) -> float:
    """Return the share of characters that the file does not say the meaning of."""
    count = text.count_chars()
    bad = sum(
        pdfium_c.FPDFText_HasUnicodeMapError(text, index) == 1
        or unicodedata.category(_letter(0, pdfium_c.FPDFText_GetUnicode(text, index))) == "Co"
        for index in range(count)
    )
    return float(bad / count)
