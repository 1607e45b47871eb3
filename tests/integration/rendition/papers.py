"""Drawn office papers with the words and boxes that a perfect reading would give."""

from __future__ import annotations

import io
import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from functools import cache

from PIL import Image, ImageDraw, ImageFont

from dossier.page import Box, PageReading, PageText, PageTransform, Verdict, Word
from dossier.scan import Encoding, PageScan
from rendition.fonts import find_serif
from rendition.writer import RenditionMeta, RenditionPage, write_pdfa

DPI = 300
LINES = (
    "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
    "Độc lập - Tự do - Hạnh phúc",
    "Số: 123/2024/QĐ-UBND",
    "Căn cứ Luật Tổ chức chính quyền địa phương ngày 19 tháng 6 năm 2015;",
    "Xét đề nghị của Giám đốc Sở Tài nguyên và Môi trường;",
    "QUYẾT ĐỊNH: cấp giấy chứng nhận quyền sử dụng đất cho ông Nguyễn Văn Ạnh",
    "một số ghi chú nhỏ, ăn uống ở đây; ưu ơ ợ ỵ ỷ ỹ",
)
HEADING = (
    (("ỦY BAN NHÂN DÂN", "XÃ HẢI LÂM", "Số: 58/GXN-UBND"), 0.9),
    (("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc"), 3.6),
)
TABLE = (
    ("STT", "Họ và tên", "Năm sinh", "Ghi chú"),
    ("1", "Nguyễn Thị Ngọc Bích", "1978", "(chủ hộ)"),
    ("2", "Đặng Quỳnh", "2004", "-"),
    ("3", "Lý Ỷ", "2011", "ở trọ"),
)
_COLUMNS = (0.9, 1.6, 4.4, 5.8)  # inches from the left
_MEDIA = {Encoding.JPEG: "JPEG", Encoding.PNG: "PNG"}


@dataclass(frozen=True)
class Paper:
    """How a paper lies in the scanner and what the scanner makes of it."""

    turn: int = 0
    skew: float = 0.0
    encoding: Encoding = Encoding.JPEG
    mode: str = "RGB"
    width: int = 2480
    height: int = 3508
    black_is_1: bool = False
    dpi: int = DPI
    form: bool = False

    def lines(self) -> list[str]:
        """Return what stands on the paper, line by line in reading order."""
        lines: dict[int, list[str]] = {}
        for line, _, _, text in _placed(self):
            lines.setdefault(line, []).append(text)
        return [" ".join(parts) for parts in lines.values()]


_Place = tuple[int, int, tuple[float, float], str]


def _placed(paper: Paper) -> Iterator[_Place]:
    """Yield line, block, place in inches and text of everything on the paper."""
    if not paper.form:
        for row, text in enumerate(LINES):
            yield row, int(row > 2), (250 / 300, (300 + 80 * row) / 300), text
        return
    lines = itertools.count()
    for block, (texts, left) in enumerate(HEADING):
        for row, text in enumerate(texts):
            yield next(lines), block, (left, 1.0 + 0.27 * row), text
    for row, cells in enumerate(TABLE):
        line = next(lines)
        for left, text in zip(_COLUMNS, cells, strict=True):
            yield line, 2, (left, 2.5 + 0.3 * row), text


@cache
def upright(paper: Paper) -> tuple[Image.Image, tuple[Word, ...]]:
    """Return the paper as read: level, upright, with its words."""
    image = Image.new("RGB", (paper.width, paper.height), "white")
    draw = ImageDraw.Draw(image)
    font = ImageFont.truetype(str(find_serif()), paper.dpi / 6)
    words = []
    for line, block, place, run in _placed(paper):
        left, top = (inches * paper.dpi for inches in place)
        for text in run.split():
            box = draw.textbbox((left, top), text, font=font)
            draw.text((left, top), text, font=font, fill="black")
            words.append(Word(text, Box(*map(int, box)), 96.0, line, block))
            left += draw.textlength(text + " ", font=font)
    draw.ellipse((1500, 2500, 1900, 2900), outline="red", width=12)
    return image.convert(paper.mode), tuple(words)


def scanned(paper: Paper) -> Image.Image:
    """Return the paper as it lay in the scanner."""
    image, _ = upright(paper)
    white = "white" if paper.mode == "RGB" else 255
    sampling = Image.Resampling.NEAREST if paper.mode == "1" else Image.Resampling.BICUBIC
    return image.rotate(-paper.skew, resample=sampling, fillcolor=white).rotate(paper.turn, expand=True)


@cache
def page_of(paper: Paper) -> RenditionPage:
    """Return the page of a paper with a perfect reading."""
    image = scanned(paper)
    channels = {"RGB": 3, "CMYK": 4}.get(paper.mode, 1)
    scan = PageScan(
        paper.encoding, image.width, image.height, paper.dpi, paper.dpi, channels,
        black_is_1=paper.black_is_1, inverted=paper.mode == "CMYK",
    )  # fmt: skip
    transform = PageTransform(image.width, image.height, paper.turn, paper.skew)
    reading = PageReading(PageText(upright(paper)[1], "drawn", "none"), transform, Verdict.GOOD)
    return RenditionPage(scan, _bytes(image, paper), reading)


def meta_for(pages: int) -> RenditionMeta:
    """Return metadata with letters that need escaping."""
    return RenditionMeta(
        title="Quyết định <số 1> & phụ lục",
        dossier_code="H15.50.05.13-261008-0975",
        document_id="0197-doc",
        kind="quyet_dinh",
        unit="UBND xã Hải Lâm",
        created_at=datetime(2026, 11, 22, 8, 40, 15, tzinfo=timezone(timedelta(hours=7))),
        converter="Trần Thị Bích Ngọc",
        pages=pages,
        producer="hososo 0.1.0",
    )


@cache
def written(*papers: Paper) -> bytes:
    """Return the rendition of papers."""
    target = io.BytesIO()
    write_pdfa(target, map(page_of, papers), meta_for(len(papers)))
    return target.getvalue()


def every_paper() -> tuple[Paper, ...]:
    """Return papers of every coding and position."""
    turned = [Paper(turn, skew) for turn, skew in itertools.product((0, 90, 180, 270), (0.0, 0.5, -2.5))]
    coded = [
        Paper(mode="L"),
        Paper(mode="CMYK"),
        Paper(encoding=Encoding.G4, mode="1"),
        Paper(encoding=Encoding.G4, mode="1", black_is_1=True),
        Paper(encoding=Encoding.PNG),
        Paper(encoding=Encoding.PNG, mode="L"),
        Paper(encoding=Encoding.PNG, mode="1"),
    ]
    return (*turned, *coded)


def _bytes(image: Image.Image, paper: Paper) -> bytes:
    out = io.BytesIO()
    if paper.encoding is Encoding.G4:
        return _strip(image, ink_is_black=not paper.black_is_1)
    image.save(out, _MEDIA[paper.encoding], **({"quality": 85} if paper.encoding is Encoding.JPEG else {}))
    return out.getvalue()


def _strip(image: Image.Image, *, ink_is_black: bool) -> bytes:
    """Return bare group 4 data, the ink as black runs (the fax habit) or as white ones (TIFF BlackIsZero)."""
    out = io.BytesIO()
    coded = image.point(lambda value: 255 - value) if ink_is_black else image
    coded.save(out, "TIFF", compression="group4", tiffinfo={278: image.height})
    out.seek(0)
    with Image.open(out) as tiff:
        start, size = tiff.tag_v2[273][0], tiff.tag_v2[279][0]  # type: ignore[attr-defined]
    return out.getvalue()[start : start + size]
