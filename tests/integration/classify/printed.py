"""Sample papers drawn at 300 dpi and read by Tesseract, as page readings."""

from __future__ import annotations

import re
from pathlib import Path

import tesserocr
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from dossier.page import Box, PageReading, PageText, PageTransform, Verdict, Word
from dossier.text import nfc

WIDTH, HEIGHT, DPI = 2480, 3508, 300
LEFT, RIGHT, TOP, BOTTOM = 330, 2330, 230, 3330
FONTS = Path("/usr/share/fonts/truetype/liberation2")
TESSDATA = "/usr/share/tesseract-ocr/5/tessdata"
_COLUMNS = re.compile(r" {4,}")


def draw(text: str, blur: float = 0.0) -> Image.Image:
    """Return an A4 page with the text: capitals bold and centred, columns side by side, running text broken."""
    page = Image.new("L", (WIDTH, HEIGHT), 255)
    pen, y, above = ImageDraw.Draw(page), TOP, ""
    rows = text.splitlines()
    leading = min(68, (BOTTOM - TOP) // (len(rows) + 14))
    for row in rows:
        y += _row(pen, row, y, leading, headed=bool(_COLUMNS.search(above.strip())))
        above = row
    return page.filter(ImageFilter.GaussianBlur(blur)) if blur else page


def _row(pen: ImageDraw.ImageDraw, row: str, y: int, leading: int, *, headed: bool) -> int:
    parts = [part for part in _COLUMNS.split(row.strip()) if part]
    if not parts:
        return leading // 2
    if len(parts) > 1 or (headed and row.isupper()):
        _columns(pen, parts, y)
        return leading
    font = _font(bold=row.isupper())
    lines = _broken(parts[0], font)
    for index, line in enumerate(lines):
        x = (WIDTH - font.getlength(line)) / 2 if _centred(row) else LEFT
        pen.text((x, y + index * leading), line, font=font, fill=10)
    return leading * len(lines)


def _columns(pen: ImageDraw.ImageDraw, parts: list[str], y: int) -> None:
    """Centre the columns of headers and signatures; set label and value pairs from the left."""
    font = _font(bold=parts[0].isupper())
    across = max(2, len(parts))
    shares = (0.24, 0.73) if across == 2 else tuple((index + 0.5) / across for index in range(across))
    labels = any(":" in part for part in parts)
    for index, part in enumerate(parts):
        room = font.getlength(part)
        x = LEFT + index * (RIGHT - LEFT) / across if labels else LEFT + shares[index] * (RIGHT - LEFT) - room / 2
        pen.text((max(x, 150), y), part, font=font, fill=10)


def _font(*, bold: bool) -> ImageFont.FreeTypeFont:
    name = "LiberationSerif-Bold.ttf" if bold else "LiberationSerif-Regular.ttf"
    return ImageFont.truetype(FONTS / name, 50)


def _centred(row: str) -> bool:
    return row.isupper() or row.startswith(("Độc lập", "(Đã", "(BẢN"))


def _broken(text: str, font: ImageFont.FreeTypeFont) -> list[str]:
    lines = [""]
    for token in text.split():
        longer = f"{lines[-1]} {token}".strip()
        if font.getlength(longer) <= RIGHT - LEFT:
            lines[-1] = longer
        else:
            lines.append(token)
    return lines


def read(page: Image.Image) -> PageReading:
    """Return what Tesseract reads on a page, with its own block and line numbers."""
    words: list[Word] = []
    with tesserocr.PyTessBaseAPI(path=TESSDATA, lang="vie", psm=tesserocr.PSM.AUTO) as engine:
        engine.SetImage(page)
        engine.SetSourceResolution(DPI)
        engine.Recognize()
        block = line = -1
        for item in tesserocr.iterate_level(engine.GetIterator(), tesserocr.RIL.WORD):
            if item.Empty(tesserocr.RIL.WORD):
                continue
            block += item.IsAtBeginningOf(tesserocr.RIL.BLOCK)
            line += item.IsAtBeginningOf(tesserocr.RIL.TEXTLINE)
            text, box = nfc(item.GetUTF8Text(tesserocr.RIL.WORD)).strip(), item.BoundingBox(tesserocr.RIL.WORD)
            if text and box:
                words.append(Word(text, Box(*box), item.Confidence(tesserocr.RIL.WORD), line, block))
    return PageReading(PageText(tuple(words), "tesseract", "vie"), PageTransform(*page.size), Verdict.GOOD)
