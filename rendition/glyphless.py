"""The font of the invisible layer: unseen glyphs of many widths, told apart by their Unicode alone.

The font program is a small TrueType font made here. A glyph is two lone points at the corners of its box: it draws
nothing in any mode, yet has a size, without which pdfium drops words of one character. Ascent and descent add up to
one em, so a word set at the height of its box is selected exactly over its box. Descent is not zero: poppler takes
zero for "not known".

A word fills the width of its box by glyphs that are as wide as it takes, not by stretching the text (`Tz`): pdf.js
loses the line of a stretched word that does not run level, and ends one after every word of a skewed scan.
"""

from __future__ import annotations

import io
import math
import unicodedata
from bisect import bisect_left
from functools import cache

from fontTools.fontBuilder import FontBuilder
from fontTools.ttLib.tables._g_l_y_f import Glyph, GlyphCoordinates
from fontTools.ttLib.tables.ttProgram import Program

from rendition import syntax
from rendition.sink import PdfSink
from rendition.tounicode import cmap

DESCENT = 0.2
_EM = 1000
_NARROWEST, _WIDEST, _RATIO = 20, 20_000, 1.02  # of 1000 to the em: from a stroke to a dash across the page
_WIDTHS = tuple(sorted({round(_NARROWEST * _RATIO**step) for step in range(350)}))  # glyph 1 is the first
_MADE = 3_802_636_800  # 1 July 2024 in seconds since 1904: a constant, so that renditions of the same input are equal
_NAME = b"/HososoInvisible"
_NEVER = {"Cc", "Cs", "Cn", "Zl", "Zp"}  # control, surrogate, unassigned: no text in any reader
_CODES = 0xFFFF


class InvisibleFont:
    """Gives every character of every width its two-byte code in order of first use; the dictionaries come last."""

    def __init__(self, sink: PdfSink) -> None:
        self.obj = sink.reserve()
        self._sink = sink
        self._codes: dict[tuple[str, int], int] = {(" ", _glyph_for(0.25)): 1}

    def encode(self, text: str, width: float) -> tuple[bytes, float]:
        """Return the string operand for a text.

        Args:
            text: Characters that no reader would show are left out.
            width: How wide the text should be, in units of the font size.

        Returns:
            The operand, and how wide it is: within one per cent of what was asked, unless glyphs are not made so
            narrow or wide; 0 when nothing of the text can be shown.
        """
        shown = [char for char in text if unicodedata.category(char) not in _NEVER]
        if not shown:
            return b"<>", 0.0
        glyph = _glyph_for(width / len(shown))
        codes = [self._code(char, glyph) for char in shown]
        return b"<" + b"".join(b"%04X" % code for code in codes) + b">", len(shown) * _WIDTHS[glyph - 1] / _EM

    def close(self) -> None:
        """Write the font: program, descriptor, map of all codes to the empty glyph, map of codes to Unicode."""
        sink = self._sink
        program = font_program()
        file = sink.deflated(program, Length1=b"%d" % len(program))
        descriptor = sink.put(_descriptor(file))
        used = [glyph for _, glyph in self._codes]
        glyphs = sink.deflated(bytes(2) + b"".join(glyph.to_bytes(2, "big") for glyph in used))
        widths = sink.put(b"[1 " + syntax.array(_WIDTHS[glyph - 1] for glyph in used) + b"]")
        descendant = sink.put(_descendant(descriptor, glyphs, widths))
        unicode_map = sink.deflated(cmap({code: char for (char, _), code in self._codes.items()}))
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

    def _code(self, char: str, glyph: int) -> int:
        if len(self._codes) >= _CODES and (char, glyph) not in self._codes:
            return 1
        return self._codes.setdefault((char, glyph), len(self._codes) + 1)


def _glyph_for(width: float) -> int:
    """Return the number of the glyph that comes nearest to a width in ems."""
    wanted = min(max(width * _EM, _NARROWEST), _WIDEST)
    place = bisect_left(_WIDTHS, wanted)
    nearest = min(_WIDTHS[max(0, place - 1) : place + 1], key=lambda each: abs(math.log(each / wanted)))
    return _WIDTHS.index(nearest) + 1


@cache
def font_program() -> bytes:
    """Return the TrueType program: .notdef and a glyph of each width, no clock in it."""
    builder = FontBuilder(_EM, isTTF=True)
    boxes = {f"box{width}": width for width in _WIDTHS}
    builder.setupGlyphOrder([".notdef", *boxes])
    builder.setupGlyf({".notdef": Glyph()} | {name: _two_points(width) for name, width in boxes.items()})
    builder.setupHorizontalMetrics({".notdef": (_EM, 0)} | {name: (width, 0) for name, width in boxes.items()})
    builder.setupHorizontalHeader(ascent=_ascent(), descent=-_descent())
    builder.setupPost(keepGlyphNames=False)
    builder.font.recalcTimestamp = False
    head = builder.font["head"]
    head.created = head.modified = _MADE
    out = io.BytesIO()
    builder.save(out)
    return out.getvalue()


def _two_points(width: int) -> Glyph:
    """Return a glyph of two contours of one point each."""
    glyph = Glyph()
    glyph.numberOfContours = 2
    glyph.coordinates = GlyphCoordinates([(0, -_descent()), (width, _ascent())])
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
        FontBBox=syntax.array((0, -_descent(), _WIDEST, _ascent())),
        ItalicAngle=b"0",
        Ascent=b"%d" % _ascent(),
        Descent=b"%d" % -_descent(),
        CapHeight=b"%d" % _ascent(),
        StemV=b"80",
        FontFile2=syntax.reference(file),
    )


def _descendant(descriptor: int, glyphs: int, widths: int) -> bytes:
    return syntax.dictionary(
        Type=b"/Font",
        Subtype=b"/CIDFontType2",
        BaseFont=_NAME,
        CIDSystemInfo=b"<</Registry (Adobe) /Ordering (Identity) /Supplement 0>>",
        W=syntax.reference(widths),
        FontDescriptor=syntax.reference(descriptor),
        CIDToGIDMap=syntax.reference(glyphs),
    )
