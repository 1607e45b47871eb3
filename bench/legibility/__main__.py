"""Measure how well pages are read.

    python -m bench.legibility                                     a look at the development set
    python -m bench.legibility --set frozen --pages-per-condition 12 --readers hososo,plain,recipe,pytesseract,ocrmypdf
    python -m bench.legibility --worst 10 --save /tmp/worst        where the product errs most, with pictures
    python -m bench.legibility --page faded-300-03 --save /tmp/one one page again

The frozen set judges; nothing is ever tuned on it.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np

from bench.legibility.page import BenchPage
from bench.legibility.plan import PageSpec, named, planned
from bench.legibility.readers.process import READERS
from bench.legibility.report import report
from bench.legibility.run import Result, results
from bench.legibility.scoring import differences

_SHOWN = 12


def main() -> None:
    """Run the bench and print its report."""
    options = _options()
    readers = tuple(options.readers.split(","))
    found: list[Result] = []
    worst: list[tuple[BenchPage, Result]] = []
    for page, row in results(_specs(options), readers):
        found += row
        worst = sorted([*worst, (page, row[0])], key=_wrong, reverse=True)[: options.worst]
    if options.json:
        lines = [json.dumps(result.plain(), ensure_ascii=False) for result in found]
        options.json.write_text("\n".join(lines) + "\n", encoding="utf-8")
    for page, result in worst:
        _show(page, result, options.save)
    sys.stdout.write(report(found))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--set", dest="set_name", choices=("dev", "frozen"), default="dev")
    parser.add_argument("--pages-per-condition", type=int, default=2, help="at each of 300 and 200 dpi")
    parser.add_argument("--readers", default="hososo,plain,recipe", help=",".join(READERS))
    parser.add_argument("--conditions", default="", help="only these, parted by commas; also blank, picture")
    parser.add_argument("--page", action="append", default=[], help="one page by name, may be repeated")
    parser.add_argument("--worst", type=int, default=0, help="show the pages on which the first reader errs most")
    parser.add_argument("--save", type=Path, help="folder for the pictures and texts of the pages shown")
    parser.add_argument("--json", type=Path, help="write every result, one JSON object a line")
    options = parser.parse_args()
    options.worst = options.worst or len(options.page)
    return options


def _specs(options: argparse.Namespace) -> Iterator[PageSpec]:
    if options.page:
        return (named(options.set_name, page) for page in options.page)
    conditions = tuple(name for name in options.conditions.split(",") if name)
    return planned(options.set_name, options.pages_per_condition, conditions)


def _wrong(pair: tuple[BenchPage, Result]) -> tuple[int, int]:
    score = pair[1].score
    return score.wrong_letters, score.read_words


def _show(page: BenchPage, result: Result, folder: Path | None) -> None:
    score = result.score
    places = differences(page.truth, result.reading.text)
    sys.stdout.write(f"{result.page} ({page.text}, strength {page.strength:.4g}): CER {score.cer:.2f} %\n")
    sys.stdout.writelines(f"    {place}\n" for place in places[:_SHOWN])
    if len(places) > _SHOWN:
        sys.stdout.write(f"    and {len(places) - _SHOWN} more\n")
    if folder:
        folder.mkdir(parents=True, exist_ok=True)
        image = cv2.imdecode(np.frombuffer(page.data, np.uint8), cv2.IMREAD_COLOR)
        cv2.imwrite(str(folder / f"{result.page}.png"), np.asarray(image))
        (folder / f"{result.page}.truth.txt").write_text(page.truth.text() + "\n", encoding="utf-8")
        (folder / f"{result.page}.{result.reader}.txt").write_text(result.reading.text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
