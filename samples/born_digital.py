"""Writes a paper as an office program does: real text with an embedded subset of Liberation Serif, no picture."""

from __future__ import annotations

import io
from collections import defaultdict
from dataclasses import dataclass, field

from fontTools import subset
from fontTools.ttLib import TTFont
from PIL import Image, ImageDraw

from samples.layout import set_unsigned
from samples.markup import Paper
from samples.pdf_objects import Objects
from samples.sheet import FONTS, INCH, POINT, Leaf, Sheet, Style

_PRODUCER = "Phan mem van phong"
_FACES = {"F1": "Regular", "F2": "Bold", "F3": "Italic", "F4": "BoldItalic"}
_PLAIN = Style()
_IDENTITY = "/CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >>"
_FINE = 720
_MM = POINT / INCH


@dataclass(frozen=True, slots=True)
class Mark:
    """A piece of text at a place (millimetres from the top left), or a straight line."""

    at: tuple[float, float]
    text: str = ""
    style: Style = _PLAIN
    end: tuple[float, float] | None = None


@dataclass(slots=True)
class RecordingSheet(Sheet):
    """A sheet that remembers what was written where, so that it can be written again as PDF text."""

    marks: list[Mark] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Take no pixels: nothing is drawn."""
        self.image = Image.new("RGB", (1, 1))
        self.pen = ImageDraw.Draw(self.image)

    def text(self, at: tuple[float, float], text: str, style: Style) -> None:
        """Remember a text."""
        self.marks.append(Mark(at, text, style))

    def rule(self, start: tuple[float, float], end: tuple[float, float], thick: float = 0.25) -> None:  # noqa: ARG002 - all rules are thin here
        """Remember a line."""
        self.marks.append(Mark(start, end=end))


def written(paper: Paper) -> tuple[bytes, list[Leaf]]:
    """Return the PDF of a paper (unsigned, its text extractable) and its pages for the ground truth."""
    sheets: list[RecordingSheet] = []

    def take(dpi: int) -> Sheet:
        """Give a new sheet and keep it."""
        sheets.append(RecordingSheet(dpi))
        return sheets[-1]

    leaves = set_unsigned(paper, _FINE, take)
    objects = Objects()
    fonts = _fonts(objects, sheets)
    names = " ".join(f"/{name} {face.number} 0 R" for name, face in fonts.items())
    for sheet in sheets:
        content = "\n".join(_shown(mark, sheet, fonts) for mark in sheet.marks if mark.end or mark.text)
        objects.page((sheet.size[0] * _MM, sheet.size[1] * _MM), f"/Font << {names} >>", content.encode())
    return objects.written(_PRODUCER), leaves


@dataclass(frozen=True, slots=True)
class Face:
    """An embedded font: its object number, its glyph number for each letter, its ascent in em."""

    number: int
    glyphs: dict[str, int]
    ascent: float


def _fonts(objects: Objects, sheets: list[RecordingSheet]) -> dict[str, Face]:
    used: dict[str, set[str]] = defaultdict(set)
    for sheet in sheets:
        for mark in sheet.marks:
            used[_face_name(mark.style)] |= set(mark.text)
    return {name: _embedded(objects, name, "".join(sorted(used[name] | {" "}))) for name in sorted(used)}


def _face_name(style: Style) -> str:
    return {(False, False): "F1", (True, False): "F2", (False, True): "F3", (True, True): "F4"}[
        style.bold, style.italic
    ]


def _embedded(objects: Objects, name: str, letters: str) -> Face:
    face = TTFont(FONTS / f"LiberationSerif-{_FACES[name]}.ttf", recalcTimestamp=False)
    options = subset.Options(layout_features=[], notdef_outline=True, hinting=False)
    options.drop_tables = [*options.drop_tables, "FFTM"]
    cutter = subset.Subsetter(options)
    cutter.populate(text=letters)
    cutter.subset(face)
    out = io.BytesIO()
    face.save(out)
    cmap = face.getBestCmap()
    glyphs = {letter: face.getGlyphID(cmap[ord(letter)]) for letter in letters}
    ascent = face["hhea"].ascent / face["head"].unitsPerEm
    number = _font_objects(objects, name, face, out.getvalue(), glyphs)
    face.close()
    return Face(number, glyphs, ascent)


def _font_objects(objects: Objects, name: str, face: TTFont, data: bytes, glyphs: dict[str, int]) -> int:
    base = f"HSS{'ABCD'[int(name[1]) - 1] * 3}+LiberationSerif-{_FACES[name]}"
    scale = 1000.0 / face["head"].unitsPerEm
    head, os2 = face["head"], face["OS/2"]
    box = " ".join(str(round(value * scale)) for value in (head.xMin, head.yMin, head.xMax, head.yMax))
    stored = objects.stream(f"/Length1 {len(data)}", data)
    descriptor = objects.add(
        f"<< /Type /FontDescriptor /FontName /{base} /Flags 6 /FontBBox [{box}] /ItalicAngle 0 "
        f"/Ascent {round(os2.sTypoAscender * scale)} /Descent {round(os2.sTypoDescender * scale)} "
        f"/CapHeight {round(os2.sCapHeight * scale)} /StemV 80 /FontFile2 {stored} 0 R >>".encode()
    )
    order, metrics = face.getGlyphOrder(), face["hmtx"]
    widths = " ".join(str(round(metrics[glyph][0] * scale)) for glyph in order)
    descendant = objects.add(
        f"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /{base} /CIDToGIDMap /Identity "
        f"/FontDescriptor {descriptor} 0 R {_IDENTITY} /W [0 [{widths}]] >>".encode()
    )
    unicode_map = objects.stream("", _to_unicode(glyphs))
    return objects.add(
        f"<< /Type /Font /Subtype /Type0 /BaseFont /{base} /Encoding /Identity-H "
        f"/DescendantFonts [{descendant} 0 R] /ToUnicode {unicode_map} 0 R >>".encode()
    )


def _to_unicode(glyphs: dict[str, int]) -> bytes:
    rows = [f"<{glyph:04X}> <{ord(letter):04X}>" for letter, glyph in sorted(glyphs.items(), key=lambda item: item[1])]
    parts = [rows[start : start + 100] for start in range(0, len(rows), 100)]
    body = "\n".join(f"{len(part)} beginbfchar\n" + "\n".join(part) + "\nendbfchar" for part in parts)
    return (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /Adobe-Identity-UCS def "
        f"/CMapType 2 def 1 begincodespacerange <0000> <FFFF> endcodespacerange\n{body}\n"
        "endcmap CMapName currentdict /CMap defineresource pop end end"
    ).encode()


def _shown(mark: Mark, sheet: Sheet, fonts: dict[str, Face]) -> str:
    x, y = mark.at[0] * _MM, (sheet.size[1] - mark.at[1]) * _MM
    if mark.end is not None:
        return f"0.6 w {x:.2f} {y:.2f} m {mark.end[0] * _MM:.2f} {(sheet.size[1] - mark.end[1]) * _MM:.2f} l S"
    name = _face_name(mark.style)
    face = fonts[name]
    codes = "".join(f"{face.glyphs[letter]:04X}" for letter in mark.text)
    baseline = y - face.ascent * mark.style.point
    return f"BT /{name} {mark.style.point} Tf {x:.2f} {baseline:.2f} Td <{codes}> Tj ET"
