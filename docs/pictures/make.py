"""Draws docs/pictures/demo.png from the home that `make demo` leaves: `python -m docs.pictures.make HOME`.

Left, page 1 of an archived document as pdftoppm renders it; right, what three commands print about it.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

DOSSIER = "H99.27.12-260302-0003"
PAPER = "giay-khai-sinh"
_DPI = 84
_MARGIN, _GAP, _LINE, _FONT = 24, 28, 19, 13
_COLUMNS = 92
_DARK, _LIGHT, _GREEN, _RED = (24, 28, 36), (222, 226, 232), (126, 211, 140), (200, 30, 45)
_FONTS = Path("/usr/share/fonts/truetype/liberation2")


@dataclass(frozen=True, slots=True)
class _Callout:
    """A frame on the page, in shares of its width and height, and what it shows; the words go beside or above."""

    box: tuple[float, float, float, float]
    text: str
    anchor: str


_CALLOUTS = (
    _Callout((0.655, 0.006, 0.985, 0.086), "visible signature", "rt"),
    _Callout((0.155, 0.972, 0.93, 0.991), "conversion mark", "lb"),
)


def main(home: Path) -> None:
    """Render the page and the terminal side by side."""
    page = _page(home)
    lines = [*_said(home, "search", "khai sinh", "--kind", "GIAY_KHAI_SINH", most=3), "", *_said(home, "verify"), ""]
    lines += _said(home, "report", keep=("III.", "IV.", "Ghi"), most=24)
    target = Path(__file__).with_name("demo.png")
    picture = _beside(page, lines)
    picture.quantize(256, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE).save(target, optimize=True)


def _page(home: Path) -> Image.Image:
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "ra"
        _hososo(home, "export", DOSSIER, str(out))
        signed = next((out / "ban-ky").glob(f"*{PAPER}*.pdf"))
        stem = Path(folder) / "page"
        call = ["pdftoppm", "-r", str(_DPI), "-l", "1", "-singlefile", "-png", str(signed), str(stem)]
        subprocess.run(call, check=True)
        page = Image.open(stem.with_suffix(".png")).convert("RGB")
    draw = ImageDraw.Draw(page)
    font = ImageFont.truetype(str(_FONTS / "LiberationSans-Bold.ttf"), _FONT)
    for callout in _CALLOUTS:
        left, top, right, bottom = (share * side for share, side in zip(callout.box, page.size * 2, strict=True))
        draw.rectangle((left, top, right, bottom), outline=_RED, width=2)
        draw.text((left - 6, top), callout.text, fill=_RED, font=font, anchor=callout.anchor)
    return page


def _said(home: Path, *arguments: str, keep: tuple[str, ...] = (), most: int = 99) -> list[str]:
    """Return the command and what it printed; of a sectioned report only the sections in `keep`."""
    shown = " ".join(f"'{each}'" if " " in each else each for each in arguments)
    printed = _hososo(home, *arguments).splitlines()
    if keep:
        printed = _sections(printed, keep)
    cut = printed if len(printed) <= most else [*printed[: most - 1], "…"]
    return [f"$ hososo {shown}", *(line[: _COLUMNS - 1] + "…" if len(line) > _COLUMNS else line for line in cut)]


def _sections(printed: list[str], keep: tuple[str, ...]) -> list[str]:
    kept, wanted = [], True
    for line in printed:
        if line and not line.startswith(" "):
            wanted = line.startswith(keep)
        if wanted and line:
            kept.append(line)
    return kept


def _hososo(home: Path, *arguments: str) -> str:
    call = [sys.executable, "-m", "hososo.main", "--home", str(home), *arguments]
    return subprocess.run(call, check=True, capture_output=True, text=True).stdout


def _beside(page: Image.Image, lines: list[str]) -> Image.Image:
    font = ImageFont.truetype(str(_FONTS / "LiberationMono-Regular.ttf"), _FONT)
    width = int(font.getlength("x" * _COLUMNS)) + 2 * _MARGIN
    height = max(page.height, len(lines) * _LINE + 2 * _MARGIN)
    whole = Image.new("RGB", (page.width + width + 3 * _GAP, height + 2 * _GAP), (243, 244, 246))
    whole.paste(page, (_GAP, _GAP))
    left = page.width + 2 * _GAP
    draw = ImageDraw.Draw(whole)
    draw.rounded_rectangle((left, _GAP, left + width, _GAP + height), 10, fill=_DARK)
    for number, line in enumerate(lines):
        colour = _GREEN if line.startswith("$") else _LIGHT
        draw.text((left + _MARGIN, _GAP + _MARGIN + number * _LINE), line, fill=colour, font=font)
    return whole


if __name__ == "__main__":
    main(Path(sys.argv[1]))
