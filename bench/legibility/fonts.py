"""The typefaces of the two sets; no face of one set is in the other.

A face is taken only if each of its three cuts has every Vietnamese letter and draws each one unlike every other: what
is printed would not be what the truth says otherwise. Carlito draws Ậ as Ạ, and the bold EB Garamond has few letters.
Tests hold both sets to this.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final, Literal

from PIL import ImageFont

Cut = Literal["regular", "bold", "italic"]

_FONTS: Final = Path("/usr/share/fonts")
_TEX: Final = Path("/usr/share/texmf/fonts/opentype/public/tex-gyre")


@dataclass(frozen=True, slots=True)
class Face:
    """A typeface and its files, all of Debian packages that `install/system.sh test` brings."""

    name: str
    regular: Path
    bold: Path
    italic: Path

    def file(self, cut: Cut) -> Path:
        """Return the file of a cut."""
        return {"regular": self.regular, "bold": self.bold, "italic": self.italic}[cut]


def _face(name: str, stem: str, cuts: tuple[str, str, str], root: Path = _FONTS) -> Face:
    regular, bold, italic = (root / stem.format(cut) for cut in cuts)
    return Face(name, regular, bold, italic)


_LOOKED_AT: Final = 96
_USUAL: Final = ("Regular", "Bold", "Italic")
_LOWER: Final = ("regular", "bold", "italic")

DEV: Final = (
    _face("Liberation Serif", "truetype/liberation2/LiberationSerif-{}.ttf", _USUAL),
    _face("Noto Serif", "truetype/noto/NotoSerif-{}.ttf", _USUAL),
    _face("Liberation Sans", "truetype/liberation2/LiberationSans-{}.ttf", _USUAL),
    _face("Charis SIL", "truetype/charis/CharisSIL-{}.ttf", _USUAL),
    _face("TeX Gyre Pagella", "texgyrepagella-{}.otf", _LOWER, _TEX),
    _face("Noto Sans", "truetype/noto/NotoSans-{}.ttf", _USUAL),
    _face("TeX Gyre Heros", "texgyreheros-{}.otf", _LOWER, _TEX),
    _face("Lato", "truetype/lato/Lato-{}.ttf", _USUAL),
    _face("Junicode", "opentype/junicode/JunicodeTwoBeta-{}.otf", _USUAL),
    _face("DejaVu Serif", "truetype/dejavu/DejaVuSerif{}.ttf", ("", "-Bold", "-Italic")),
    _face("Andika", "truetype/andika/Andika-{}.ttf", _USUAL),
    _face("TeX Gyre Schola", "texgyreschola-{}.otf", _LOWER, _TEX),
    _face("Inter", "opentype/inter/Inter-{}.otf", _USUAL),
    _face("Noto Serif Display", "truetype/noto/NotoSerifDisplay-{}.ttf", _USUAL),
    _face("DejaVu Sans", "truetype/dejavu/DejaVuSans{}.ttf", ("", "-Bold", "-Oblique")),
    _face("Linux Biolinum", "opentype/linux-libertine/LinBiolinum_{}.otf", ("R", "RB", "RI")),
    _face("Liberation Mono", "truetype/liberation2/LiberationMono-{}.ttf", _USUAL),
)
FROZEN: Final = (
    _face("FreeSerif", "truetype/freefont/FreeSerif{}.ttf", ("", "Bold", "Italic")),
    _face("TeX Gyre Termes", "texgyretermes-{}.otf", _LOWER, _TEX),
    _face("FreeSans", "truetype/freefont/FreeSans{}.ttf", ("", "Bold", "Oblique")),
    _face("Gentium Plus", "truetype/gentiumplus/GentiumPlus-{}.ttf", _USUAL),
    _face("Linux Libertine", "opentype/linux-libertine/LinLibertine_{}.otf", ("R", "RB", "RI")),
    _face("Open Sans", "truetype/open-sans/OpenSans-{}.ttf", _USUAL),
    _face("TeX Gyre Bonum", "texgyrebonum-{}.otf", _LOWER, _TEX),
    _face("Roboto", "truetype/roboto/unhinted/RobotoTTF/Roboto-{}.ttf", _USUAL),
)


def letters_drawn_alike(file: Path, letters: str) -> frozenset[str]:
    """Return those of some letters that a font draws as it draws another of them; what a font lacks is drawn alike."""
    font = loaded(file, _LOOKED_AT)
    drawn: dict[tuple[tuple[int, int], bytes], list[str]] = {}
    for letter in letters:
        shape = font.getmask(letter)
        drawn.setdefault((shape.size, bytes(shape)), []).append(letter)
    return frozenset(letter for alike in drawn.values() if len(alike) > 1 for letter in alike)


@lru_cache(maxsize=256)
def loaded(file: Path, pixels: int) -> ImageFont.FreeTypeFont:
    """Return a font at a size in pixels, laid out simply: the same glyphs with and without a shaping library."""
    return ImageFont.truetype(str(file), pixels, layout_engine=ImageFont.Layout.BASIC)
