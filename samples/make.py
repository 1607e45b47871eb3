"""Makes the sample set: `python -m samples.make TARGET [--seed 2026] [--small] [--pki FOLDER]`.

The same seed gives the same bytes on one machine with the same library versions. The one exception is asked for:
with `--pki` the born-digital result is signed by that folder's development key, and a signature has its own time.
"""

from __future__ import annotations

import argparse
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from random import Random

from samples import born_digital, confirmations, containers, drawings, layout, markup, readme, register, truth
from samples.degrade import WEAR, Scan, Wear, scan, shown_through
from samples.markup import Paper
from samples.plan import DossierPlan, FilePlan, PaperPlan, dossiers, printed_values
from samples.sheet import Leaf
from samples.signed_result import sign_in_place
from samples.truth import DossierTruth, FileTruth, PaperTruth

_ONE_PAGE = {"jpeg", "png"}
_BITONAL = {"tiff-g4"}
_BACK = Wear(skew=0.8, noise=2.4, light=0.05, blur=0.5, specks=12)
_BACK_SHINE = 0.05


@dataclass(frozen=True, slots=True)
class SampleSet:
    """What was made: the folder with one sub-folder per dossier, the files beside them, and the ground truth."""

    target: Path
    register_xlsx: Path
    register_csv: Path
    truth_file: Path
    confirmations: Path
    dossiers: tuple[DossierTruth, ...]

    @property
    def pages(self) -> int:
        """Pages of all readable files."""
        return sum(len(file.pages) for dossier in self.dossiers for file in dossier.files)

    @property
    def folders(self) -> tuple[Path, ...]:
        """The dossier folders, in the order of the plan."""
        return tuple(self.target / dossier.code for dossier in self.dossiers)


@dataclass(frozen=True, slots=True)
class _Drawn:
    """A paper with its pages drawn; a blank back is one of them."""

    plan: PaperPlan
    paper: Paper
    leaves: tuple[Leaf, ...]


def make(target: Path, *, seed: int = 2026, small: bool = False, pki: Path | None = None) -> SampleSet:
    """Write the sample set into `target` (made if absent; files of the same names are replaced).

    Args:
        target: Folder that receives one folder per dossier code, the register (xlsx, csv), truth.json,
            confirmations.json and a note for people.
        seed: Everything random follows from it; the papers' texts do not depend on it.
        small: Make 3 dossiers of 8 pages at 200 dpi instead of 14 dossiers of about 65 pages.
        pki: Folder of a development PKI (made if absent) that signs the born-digital result; without it that
            file stays unsigned and the whole set is the same, byte by byte, each time.

    Returns:
        Where things lie and what is true of them.

    Raises:
        OSError: The target cannot be written, or Liberation Serif (fonts-liberation2) is not installed.
    """
    plans = dossiers(small=small)
    target.mkdir(parents=True, exist_ok=True)
    truths = tuple(_dossier(target / plan.code, plan, seed, pki) for plan in plans)
    made = SampleSet(
        target=target,
        register_xlsx=target / "register.xlsx",
        register_csv=target / "register.csv",
        truth_file=target / "truth.json",
        confirmations=target / "confirmations.json",
        dossiers=truths,
    )
    rows = register.rows(plans, seed)
    register.write_xlsx(made.register_xlsx, rows)
    register.write_csv(made.register_csv, rows)
    truth.write(made.truth_file, truths, seed=seed, small=small)
    confirmations.write(made.confirmations, truths)
    readme.write(target / "nhan.txt", truths, made.pages)
    return made


def _dossier(folder: Path, plan: DossierPlan, seed: int, pki: Path | None) -> DossierTruth:
    files: list[FileTruth] = []
    papers: list[PaperTruth] = []
    for file in plan.files:
        dice = _dice(seed, file.twin or f"{plan.code}/{file.name}")
        drawn = [_drawn(paper, printed_values(plan), file.dpi, dice) for paper in file.papers]
        if file.container == "born-digital":
            written = [_born_digital(folder, file, drawn[0], pki)]
        else:
            written = _scanned(folder, file, _pages(file, drawn, dice))
        files += written
        papers += truth.papers(written, [(each.plan, each.paper, len(each.leaves)) for each in drawn])
    return DossierTruth(plan.code, plan.procedure, tuple(files), tuple(papers))


def _dice(seed: int, key: str) -> Random:
    return Random(int.from_bytes(hashlib.sha256(f"{seed}:{key}".encode()).digest()[:8], "big"))


def _drawn(plan: PaperPlan, values: dict[str, str], dpi: int, dice: Random) -> _Drawn:
    paper = markup.load(plan.text, plan.values, values)
    leaves = drawings.draw(paper, dpi, dice) if paper.drawing else layout.set_paper(paper, dpi, dice)
    if plan.back:
        leaves = [*leaves, shown_through(leaves[-1], _BACK_SHINE)]
    return _Drawn(plan, paper, tuple(leaves))


def _pages(file: FilePlan, drawn: Iterable[_Drawn], dice: Random) -> list[Scan]:
    bitonal = file.bitonal or file.container in _BITONAL
    return [
        scan(leaf, _BACK if leaf.blank else WEAR[file.wear], dice, bitonal=bitonal, upside_down=file.upside_down)
        for each in drawn
        for leaf in each.leaves
    ]


def _scanned(folder: Path, file: FilePlan, scans: list[Scan]) -> list[FileTruth]:
    if file.container not in _ONE_PAGE:
        return [_stored(folder, file, file.name, scans)]
    names = [file.name.replace("{n}", str(number)) for number in range(1, len(scans) + 1)]
    if len(set(names)) < len(names):
        raise ValueError(f"{file.name} holds one page but its paper takes {len(names)}")
    return [_stored(folder, file, name, [one]) for name, one in zip(names, scans, strict=True)]


def _stored(folder: Path, file: FilePlan, name: str, scans: list[Scan]) -> FileTruth:
    data = containers.write(file.container, scans)
    _put(folder / name, data)
    bad = file.container == "cut-pdf"
    return truth.scanned_file(name, data, file, [] if bad else scans, bad=bad)


def _born_digital(folder: Path, file: FilePlan, drawn: _Drawn, pki: Path | None) -> FileTruth:
    data, leaves = born_digital.written(drawn.paper)
    path = folder / file.name
    _put(path, data)
    if pki is not None:
        sign_in_place(path, pki)
    return truth.digital_file(file.name, path.read_bytes(), leaves, signed=pki is not None)


def _put(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def main() -> None:
    """Make the set from the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m samples.make", description="Tạo bộ hồ sơ mẫu (mọi dữ liệu đều bịa)."
    )
    parser.add_argument("target", type=Path)
    parser.add_argument("--seed", type=int, default=2026)
    parser.add_argument("--small", action="store_true")
    parser.add_argument("--pki", type=Path, default=None, help="thư mục PKI thử nghiệm để ký kết quả điện tử")
    asked = parser.parse_args()
    made = make(asked.target, seed=asked.seed, small=asked.small, pki=asked.pki)
    print(f"{len(made.dossiers)} hồ sơ, {made.pages} trang: {made.target}")


if __name__ == "__main__":
    main()
