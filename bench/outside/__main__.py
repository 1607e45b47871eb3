"""Read every page image of other programs' test suites and look at what becomes of it.

    install/outside.sh && python -m bench.outside [--only ocrmypdf] [--json FILE]

Fails on a crash, a hang, an error that no code foresees, a refusal that `expected.toml` does not explain, and on text
that is far from what is printed, where that is known.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Final

from bench.outside.judgement import judged
from bench.outside.trial import Outcome, Trial

ROOT: Final = Path(__file__).parents[2] / ".outside"
_ENDINGS: Final = frozenset({".pdf", ".tif", ".tiff", ".jpg", ".jpeg", ".png"})


def files(root: Path, only: str = "") -> Iterator[Path]:
    """Yield the images and PDF files below a folder whose path holds `only`, in order."""
    for path in sorted(root.rglob("*")):
        if path.suffix.lower() in _ENDINGS and only in path.relative_to(root).as_posix():
            yield path


def run(root: Path, paths: Iterable[Path], most_pages: int) -> Iterator[Outcome]:
    """Yield the judged outcome of every page."""
    with Trial(root, most_pages) as trial:
        for path in paths:
            for outcome in trial.outcomes(path):
                yield judged(outcome, root)


def line(found: Outcome) -> str:
    """Return the outcome as one line of the report."""
    mark = f"!! {found.fault}: " if found.fault else ""
    return (
        f"{found.seconds:6.2f} s {found.memory:6.0f} MiB {found.words:5d} words  {found.result:14s} "
        f"{found.file}:{found.page}  {mark}{found.detail}"
    )


def summary(outcomes: list[Outcome]) -> Iterator[str]:
    """Yield the last lines of the report."""
    yield f"{len({found.file for found in outcomes})} files, {len(outcomes)} pages and refusals"
    for result, count in Counter(found.result for found in outcomes).most_common():
        yield f"{count:6d} {result}"
    slowest = max(outcomes, key=lambda found: found.seconds)
    largest = max(outcomes, key=lambda found: found.memory)
    yield f"slowest {slowest.seconds:.1f} s ({slowest.file}), largest reader {largest.memory:.0f} MiB ({largest.file})"
    yield f"{sum(bool(found.fault) for found in outcomes)} faults"


def main() -> int:
    """Print one line for each page; return 1 when there were faults."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--only", default="", help="a part of the path")
    options.add_argument("--pages", type=int, default=8, help="pages of each file at most")
    options.add_argument("--json", type=Path, help="write the outcomes here, with the text")
    given = options.parse_args()
    outcomes = []
    for found in run(ROOT, files(ROOT, given.only), given.pages):
        outcomes.append(found)
        sys.stdout.write(line(found) + "\n")
        sys.stdout.flush()
    if not outcomes:
        sys.stdout.write("nothing to read: run install/outside.sh first\n")
        return 1
    if given.json:
        given.json.write_text(json.dumps([asdict(found) for found in outcomes], ensure_ascii=False, indent=1))
    sys.stdout.write("\n".join(summary(outcomes)) + "\n")
    return int(any(found.fault for found in outcomes))


if __name__ == "__main__":
    sys.exit(main())
