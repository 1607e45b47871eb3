"""One page with a framed red secrecy stamp, for tests of the gate that must stop it; never part of the set."""

from __future__ import annotations

from pathlib import Path
from random import Random

from samples import containers, ink, layout, markup
from samples.degrade import WEAR, scan
from samples.plan import dossiers, printed_values

_BOX_10A = (34.0, 60.5)
_TEXT = "cong_van_so_hoa"


def make_secret_page(path: Path, *, stamp: str = "MẬT", seed: int = 2026, dpi: int = 300) -> Path:
    """Write a one-page JPEG scan of an official letter that bears a secrecy stamp at box 10a of NĐ 30/2020.

    Args:
        path: File to write, ending in .jpg, in an existing folder.
        stamp: Text of the stamp: MẬT, TỐI MẬT or TUYỆT MẬT.
        seed: Of the scanner's wear.
        dpi: Dots per inch.

    Returns:
        The path.
    """
    dice = Random(f"secret:{seed}:{stamp}")
    paper = markup.load(_TEXT, {}, printed_values(dossiers(small=True)[0]))
    sheets = layout.set_stamped(paper, dpi, dice, lambda sheet: ink.frame_stamp(sheet, _BOX_10A, stamp))
    path.write_bytes(containers.write("jpeg", [scan(sheets[0], WEAR["office"], dice)]))
    return path
