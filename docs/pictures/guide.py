"""The screens of the user guide: `make guide-pictures` has a browser look, then this takes what the guide shows.

Prints each picture's name. A screen keeps its size; its colours are reduced to 128, which a page of text does not show.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from PIL import Image

ROOT = Path(__file__).parents[2]
GUIDE = ROOT / "docs" / "huong-dan"
PICTURES = GUIDE / "hinh"
SCREENS = ROOT / "build" / "screens"
_SHOWN = re.compile(r"!\[[^\]]+\]\(hinh/([a-z-]+)\.png\)")
_COLOURS = 128


def shown() -> set[str]:
    """Return the names of the screens that pages of the guide show."""
    return {name for page in GUIDE.glob("*.md") for name in _SHOWN.findall(page.read_text(encoding="utf-8"))}


def main() -> None:
    """Take over what is shown, and remove what no longer is."""
    PICTURES.mkdir(exist_ok=True)
    wanted = shown()
    for old in PICTURES.glob("*.png"):
        if old.stem not in wanted:
            old.unlink()
    for name in sorted(wanted):
        with Image.open(SCREENS / f"{name}.png") as screen:
            screen.convert("RGB").quantize(_COLOURS).save(PICTURES / f"{name}.png", optimize=True)
        sys.stdout.write(f"{name}\n")


if __name__ == "__main__":
    main()
