"""An embedded subset of the font of the visible text, as PDF/A asks for it: glyphs, widths, Unicode map."""

from __future__ import annotations

import io
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from dossier.errors import Code, Unavailable

_EM = 1000


@dataclass(frozen=True, slots=True)
class Typeface:
    """A subset font.

    Attributes:
        program: The TrueType font program.
        glyphs: Glyph number of each character.
        widths: Advance of each glyph, in thousandths of the em.
        metrics: Ascent, descent and cap height in thousandths of the em, then the four numbers of the font box.
    """

    program: bytes
    glyphs: dict[str, int]
    widths: tuple[int, ...]
    metrics: tuple[int, ...]

    def width(self, text: str) -> float:
        """Return the width of a text in em."""
        return sum(self.widths[self.glyphs[char]] for char in text) / _EM

    def encode(self, text: str) -> bytes:
        """Return the text as the glyph numbers that a content stream shows, in hex."""
        return b"".join(b"%04X" % self.glyphs[char] for char in text)

    def unicode_map(self) -> bytes:
        """Return the ToUnicode CMap."""
        pairs = [f"<{glyph:04X}> <{ord(char):04X}>" for char, glyph in sorted(self.glyphs.items())]
        blocks = [pairs[start : start + 100] for start in range(0, len(pairs), 100)]
        body = "\n".join(f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar" for block in blocks)
        return _CMAP.format(body=body).encode("ascii")


_CMAP = """/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def
/CMapName /Adobe-Identity-UCS def
/CMapType 2 def
1 begincodespacerange
<0000> <FFFF>
endcodespacerange
{body}
endcmap
CMapName currentdict /CMap defineresource pop
end
end
"""


@lru_cache(maxsize=32)
def subset(fonts: tuple[str, ...], characters: frozenset[str]) -> Typeface:
    """Return the first font that has all the characters, cut down to them.

    Raises:
        Unavailable: FONT_MISSING, when no such font is installed.
    """
    for path in fonts:
        if Path(path).is_file():
            face = _cut(path, characters)
            if face is not None:
                return face
    raise Unavailable(Code.FONT_MISSING, "no font of the rule set has every letter of the visible text")


def _cut(path: str, characters: frozenset[str]) -> Typeface | None:
    from fontTools import subset as cutter  # noqa: PLC0415 - slow to load, needed by workers only
    from fontTools import ttLib  # noqa: PLC0415

    options = cutter.Options(
        hinting=False, layout_features=[], notdef_outline=True, name_IDs=[1, 2, 4, 6], drop_tables=["FFTM", "DSIG"]
    )
    with ttLib.TTFont(path, lazy=True) as font:
        points = {ord(char) for char in characters}
        if not points <= font.getBestCmap().keys():
            return None
        tool = cutter.Subsetter(options)
        tool.populate(unicodes=points)
        tool.subset(font)
        stream = io.BytesIO()
        font.save(stream)
    with ttLib.TTFont(io.BytesIO(stream.getvalue())) as font:
        return _measure(font, stream.getvalue())


def _measure(font: Any, program: bytes) -> Typeface:  # noqa: ANN401 - fontTools is untyped
    scale = _EM / font["head"].unitsPerEm
    order = font.getGlyphOrder()
    numbers = {name: number for number, name in enumerate(order)}
    head, hhea, os2 = font["head"], font["hhea"], font["OS/2"]
    sizes = (hhea.ascent, hhea.descent, getattr(os2, "sCapHeight", hhea.ascent))
    box = (head.xMin, head.yMin, head.xMax, head.yMax)
    return Typeface(
        program,
        {chr(point): numbers[name] for point, name in font.getBestCmap().items()},
        tuple(round(font["hmtx"][name][0] * scale) for name in order),
        tuple(round(value * scale) for value in (*sizes, *box)),
    )
