"""The font of the invisible layer: every character is the same unseen glyph, told apart by its Unicode alone.

The font program is a small TrueType font made here. Its glyph is two lone points at the corners of the em: it draws
nothing in any mode, yet has a size, without which pdfium drops words of one character. Ascent and descent add up to
one em, so a word set at the height of its box is selected exactly over its box. Descent is not zero: poppler takes
zero for "not known".
"""

from __future__ import annotations

import io
import unicodedata
from functools import cache

from fontTools.fontBuilder import FontBuilder
from fontTools.ttLib.tables._g_l_y_f import Glyph, GlyphCoordinates
from fontTools.ttLib.tables.ttProgram import Program

from rendition import syntax
from rendition.sink import PdfSink
from rendition.tounicode import cmap

ADVANCE = 0.5  # of the font size, for every character
DESCENT = 0.2
_EM = 1000
_MADE = 3_802_636_800  # 1 July 2024 in seconds since 1904: a constant, so that renditions of the same input are equal
_NAME = b"/HososoInvisible"
_NEVER = {"Cc", "Cs", "Cn", "Zl", "Zp"}  # control, surrogate, unassigned: no text in any reader
_CODES = 0xFFFF


class InvisibleFont:
    """Gives every character its two-byte code in order of first use; the dictionaries are written last."""

    def __init__(self, sink: PdfSink) -> None:
        self.obj = sink.reserve()
        self._sink = sink
        self._codes: dict[str, int] = {" ": 1}

    def encode(self, text: str) -> tuple[bytes, int]:
        """Return the string operand for a text and its length in characters; 0 when nothing in it can be shown."""
        shown = [char for char in text if unicodedata.category(char) not in _NEVER]
        codes = [self._code(char) for char in shown]
        return b"<" + b"".join(b"%04X" % code for code in codes) + b">", len(shown)

    def close(self) -> None:
        """Write the font: program, descriptor, map of all codes to the empty glyph, map of codes to Unicode."""
        sink = self._sink
        program = font_program()
        file = sink.deflated(program, Length1=b"%d" % len(program))
        descriptor = sink.put(_descriptor(file))
        glyphs = sink.deflated(bytes(2) + b"\0\1" * len(self._codes))
        descendant = sink.put(_descendant(descriptor, glyphs))
        unicode_map = sink.deflated(cmap({code: char for char, code in self._codes.items()}))
        sink.put(
            syntax.dictionary(
                Type=b"/Font",
                Subtype=b"/Type0",
                BaseFont=_NAME,
                Encoding=b"/Identity-H",
                DescendantFonts=b"[" + syntax.reference(descendant) + b"]",
                ToUnicode=syntax.reference(unicode_map),
            ),
            self.obj,
        )

    def _code(self, char: str) -> int:
        if len(self._codes) >= _CODES and char not in self._codes:
            char = " "
        return self._codes.setdefault(char, len(self._codes) + 1)


@cache
def font_program() -> bytes:
    """Return the TrueType program: .notdef and the one glyph, no clock in it."""
    builder = FontBuilder(_EM, isTTF=True)
    builder.setupGlyphOrder([".notdef", "box"])
    builder.setupGlyf({".notdef": Glyph(), "box": _two_points()})
    advance = round(ADVANCE * _EM)
    builder.setupHorizontalMetrics({".notdef": (advance, 0), "box": (advance, 0)})
    builder.setupHorizontalHeader(ascent=_ascent(), descent=-_descent())
    builder.setupPost(keepGlyphNames=False)
    builder.font.recalcTimestamp = False
    head = builder.font["head"]
    head.created = head.modified = _MADE
    out = io.BytesIO()
    builder.save(out)
    return out.getvalue()


def _two_points() -> Glyph:
    """Return a glyph of two contours of one point each."""
    glyph = Glyph()
    glyph.numberOfContours = 2
    glyph.coordinates = GlyphCoordinates([(0, -_descent()), (round(ADVANCE * _EM), _ascent())])
    glyph.flags = bytearray(b"\1\1")
    glyph.endPtsOfContours = [0, 1]
    glyph.program = Program()
    glyph.program.fromBytecode(b"")
    return glyph


def _descent() -> int:
    return round(DESCENT * _EM)


def _ascent() -> int:
    return _EM - _descent()


def _descriptor(file: int) -> bytes:
    return syntax.dictionary(
        Type=b"/FontDescriptor",
        FontName=_NAME,
        Flags=b"4",
        FontBBox=syntax.array((0, -_descent(), ADVANCE * _EM, _ascent())),
        ItalicAngle=b"0",
        Ascent=b"%d" % _ascent(),
        Descent=b"%d" % -_descent(),
        CapHeight=b"%d" % _ascent(),
        StemV=b"80",
        FontFile2=syntax.reference(file),
    )


def _descendant(descriptor: int, glyphs: int) -> bytes:
    return syntax.dictionary(
        Type=b"/Font",
        Subtype=b"/CIDFontType2",
        BaseFont=_NAME,
        CIDSystemInfo=b"<</Registry (Adobe) /Ordering (Identity) /Supplement 0>>",
        DW=b"%d" % round(ADVANCE * _EM),
        FontDescriptor=syntax.reference(descriptor),
        CIDToGIDMap=syntax.reference(glyphs),
    )
