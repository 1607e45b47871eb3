"""The serif font of visible text: found on the machine, cut down to the characters used, embedded."""

from __future__ import annotations

import hashlib
import io
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from dossier.errors import Code, Unavailable
from rendition import syntax
from rendition.sink import PdfSink
from rendition.tounicode import cmap

if TYPE_CHECKING:  # fontTools takes long to load, and most commands write no text
    from fontTools.ttLib import TTFont

ROOTS = (
    Path("/usr/share/fonts"),
    Path("/usr/local/share/fonts"),
    Path("/Library/Fonts"),
    Path("/System/Library/Fonts"),
    Path(os.environ.get("WINDIR", "C:/Windows")) / "Fonts",
)
# In order of liking. Liberation Serif has the measures of Times New Roman, which the forms of office papers ask for.
_FILES = ("LiberationSerif-Regular.ttf", "times.ttf", "Times New Roman.ttf", "NotoSerif-Regular.ttf", "DejaVuSerif.ttf")
_TONED = "àảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ"
_LETTERS = _TONED + "ăâđêôơư"
ALPHABET = _LETTERS + _LETTERS.upper() + "".join(map(chr, range(0x20, 0x7F))) + "–—…·’“”"
_RESTRICTED = 0x0002  # OS/2 fsType: embedding not allowed
_TABLES = ["GSUB", "GPOS", "GDEF", "kern", "name", "DSIG", "gasp", "hdmx", "VDMX", "LTSH", "FFTM", "JSTF", "PCLT"]


def find_serif(roots: Iterable[Path] = ROOTS) -> Path:
    """Return the file of a serif font that has every Vietnamese letter and may be embedded.

    Raises:
        Unavailable: FONT_MISSING, no such font under the roots. Debian's fonts-liberation 1.x lacks Vietnamese
            letters: fonts-liberation2 has them.
    """
    return _found(tuple(roots))


@cache
def _found(roots: tuple[Path, ...]) -> Path:
    for path in _candidates(roots):
        if _usable(path):
            return path
    raise Unavailable(Code.FONT_MISSING, "no serif font with Vietnamese letters")


@dataclass(frozen=True, slots=True)
class SerifFont:
    """A subset for one document. Codes are glyph numbers of the subset.

    Attributes:
        program: The TrueType program.
        glyphs: Glyph number of each character.
        widths: Advance of each glyph, in thousandths of the font size.
        name: PostScript name with the subset's tag.
        box: Bounding box, then ascent and descent, in thousandths.
    """

    program: bytes
    glyphs: dict[str, int]
    widths: tuple[float, ...]
    name: str
    box: tuple[float, ...]

    def encode(self, text: str) -> bytes:
        """Return the string operand of a text."""
        return b"<" + b"".join(b"%04X" % self.glyphs[char] for char in self.shown(text)) + b">"

    def width(self, text: str) -> float:
        """Return the width of a text at size 1."""
        return sum(self.widths[self.glyphs[char]] for char in self.shown(text)) / 1000

    def shown(self, text: str) -> str:
        """Return the text with a question mark for each character that the font lacks."""
        return "".join(char if char in self.glyphs else "?" for char in text)


def serif_for(text: str, path: Path) -> SerifFont:
    """Return the font cut down to the characters of a text; the same text gives the same bytes."""
    font = _cut(_alphabet_font(path), text + "?")
    program = _saved(font)
    scale = 1000 / font["head"].unitsPerEm
    codes = font.getBestCmap()
    head, metrics, across = font["head"], font["hmtx"], font["hhea"]
    tag = "".join(chr(65 + byte % 26) for byte in hashlib.sha256(program).digest()[:6])
    edges = (head.xMin, head.yMin, head.xMax, head.yMax, across.ascent, across.descent)
    return SerifFont(
        program=program,
        glyphs={chr(code): font.getGlyphID(glyph) for code, glyph in codes.items()},
        widths=tuple(round(metrics[glyph][0] * scale, 3) for glyph in font.getGlyphOrder()),
        name=f"{tag}+{path.stem.replace(' ', '')}",
        box=tuple(round(edge * scale, 3) for edge in edges),
    )


def put_serif(sink: PdfSink, font: SerifFont) -> int:
    """Write a font and return its object number."""
    name = b"/" + font.name.encode()
    file = sink.deflated(font.program, Length1=b"%d" % len(font.program))
    descriptor = sink.put(_descriptor(font, name, file))
    descendant = sink.put(
        syntax.dictionary(
            Type=b"/Font",
            Subtype=b"/CIDFontType2",
            BaseFont=name,
            CIDSystemInfo=b"<</Registry (Adobe) /Ordering (Identity) /Supplement 0>>",
            W=b"[0 " + syntax.array(font.widths) + b"]",
            FontDescriptor=syntax.reference(descriptor),
            CIDToGIDMap=b"/Identity",
        )
    )
    unicode_map = sink.deflated(cmap({glyph: char for char, glyph in font.glyphs.items()}))
    return sink.put(
        syntax.dictionary(
            Type=b"/Font",
            Subtype=b"/Type0",
            BaseFont=name,
            Encoding=b"/Identity-H",
            DescendantFonts=b"[" + syntax.reference(descendant) + b"]",
            ToUnicode=syntax.reference(unicode_map),
        )
    )


def _descriptor(font: SerifFont, name: bytes, file: int) -> bytes:
    *box, ascent, descent = font.box
    return syntax.dictionary(
        Type=b"/FontDescriptor",
        FontName=name,
        Flags=b"6",
        FontBBox=syntax.array(box),
        ItalicAngle=b"0",
        Ascent=syntax.number(ascent),
        Descent=syntax.number(descent),
        CapHeight=syntax.number(ascent),
        StemV=b"80",
        FontFile2=syntax.reference(file),
    )


def _candidates(roots: tuple[Path, ...]) -> Iterator[Path]:
    for name in _FILES:
        for root in roots:
            yield from sorted(root.rglob(name))


def _usable(path: Path) -> bool:
    from fontTools.ttLib import TTFont, TTLibError  # noqa: PLC0415 - see above

    try:
        with path.open("rb") as file, TTFont(file, lazy=True) as font:
            letters = set(map(ord, ALPHABET))
            return letters <= font.getBestCmap().keys() and not font["OS/2"].fsType & _RESTRICTED
    except (TTLibError, OSError, KeyError):
        return False


@cache
def _alphabet_font(path: Path) -> bytes:
    """Return the font cut down to Vietnamese once per process: cutting again per document is then fast."""
    from fontTools.ttLib import TTFont  # noqa: PLC0415 - see above

    with TTFont(path, lazy=True, recalcTimestamp=False) as font:
        return _saved(_cut_open(font, ALPHABET))


def _cut(program: bytes, text: str) -> TTFont:
    from fontTools.ttLib import TTFont  # noqa: PLC0415 - see above

    return _cut_open(TTFont(io.BytesIO(program), recalcTimestamp=False), text)


def _cut_open(font: TTFont, text: str) -> TTFont:
    from fontTools import subset  # noqa: PLC0415 - see above

    options = subset.Options(hinting=False, notdef_outline=True, drop_tables=_TABLES, glyph_names=False)
    options.recalc_timestamp = False
    cutter = subset.Subsetter(options)
    cutter.populate(text=text)
    cutter.subset(font)
    return font


def _saved(font: TTFont) -> bytes:
    out = io.BytesIO()
    font.save(out)
    return out.getvalue()
