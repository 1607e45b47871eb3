"""What the networks alone see on whole pages, by how sure they must be: where `seen_stops` and `seen_asks` come from.

    python -m bench.secrecy.sights FOLDER [--set dev|frozen] [--seed N] [--asked N] [--harsh N] [--ordinary N]

Pages are those of the campaign, reduced to a glance and kept in FOLDER, so that networks can be compared on the same
pages in seconds. Nothing is read: words, red print and frames may stop further pages in the product.
"""

from __future__ import annotations

import argparse
import pickle
import sys
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from bench.legibility.style import SetName
from bench.paper import Pixels
from bench.secrecy.pages import KINDS, Kind, Page, page_of
from ocr.glance import glance_of
from ocr.rules import SecrecyRules, rules_on
from ocr.secrecy import sights_of

_LEVELS: Final = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.97, 0.98, 0.99, 0.995)
_SHARD: Final = 50
_LEAST: Final = 0.02
Floats = NDArray[np.float64]
_DAY: Final = date(2026, 12, 1)


def glances(folder: Path, kind: Kind, seed: int, count: int, set_name: SetName, jobs: int) -> list[Pixels]:
    """Return so many pages at a glance, those from the folder that were drawn before."""
    folder.mkdir(parents=True, exist_ok=True)
    shards = list(range(0, count, _SHARD))
    with ProcessPoolExecutor(jobs) as pool:
        found = list(pool.map(partial(_shard, folder, kind, seed, set_name), shards))
    return [each for shard in found for each in shard][:count]


def _shard(folder: Path, kind: Kind, seed: int, set_name: SetName, first: int) -> list[Pixels]:
    kept = folder / f"{set_name}-{kind}-{seed}-{first:05d}.pkl"
    if kept.exists():
        return list(pickle.loads(kept.read_bytes()))  # noqa: S301 - our own
    cv2.setNumThreads(1)
    made = [_glance(page_of(kind, seed, number, set_name)) for number in range(first, first + _SHARD)]
    kept.write_bytes(pickle.dumps(made))
    return made


def _glance(page: Page) -> Pixels:
    pixels = page.pixels if page.pixels.ndim == 2 else page.pixels[:, :, ::-1]  # noqa: PLR2004 - without colour
    return glance_of(np.ascontiguousarray(pixels), (page.dpi, page.dpi))


def surest(glance: Pixels, rules: SecrecyRules) -> float:
    """Return how sure the networks are that a page bears a stamp in its place."""
    low = replace(rules, seen_supports=_LEAST)
    return max((each.chance for each in sights_of(glance, low, is_sized=True).in_place), default=0.0)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m bench.secrecy.sights")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--set", dest="set_name", choices=("dev", "frozen"), default="dev")
    parser.add_argument("--seed", type=int, default=900)
    parser.add_argument("--jobs", type=int, default=2)
    for kind, count in (("asked", 500), ("harsh", 300), ("ordinary", 2000)):
        parser.add_argument(f"--{kind}", type=int, default=count)
    chosen = parser.parse_args()
    rules = rules_on(_DAY).secrecy
    chances: dict[str, Floats] = {}
    for kind in KINDS:
        pages = glances(chosen.folder, kind, chosen.seed, getattr(chosen, kind), chosen.set_name, chosen.jobs)
        chances[kind] = np.array([surest(page, rules) for page in pages])
    sys.stdout.write("| from | asked missed | harsh missed | ordinary seen |\n|---|---|---|---|\n")
    for level in _LEVELS:
        missed = {kind: int((chances[kind] < level).sum()) for kind in ("asked", "harsh")}
        seen = int((chances["ordinary"] >= level).sum())
        cells = [f"{wrong} ({wrong / max(1, len(chances[kind])):.1%})" for kind, wrong in missed.items()]
        share = f"{seen} ({seen / max(1, len(chances['ordinary'])):.2%})"
        sys.stdout.write(f"| {level} | {' | '.join(cells)} | {share} |\n")


if __name__ == "__main__":
    main()
