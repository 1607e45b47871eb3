"""What reading a page costs beside the bare engine, and how well it reads, in one run on pages it draws itself.

    python -m bench.reading --pages 12

Bare engine: Tesseract in process on images that were decoded and prepared beforehand, at 300 dpi. Ours: the whole way
from JPEG bytes to words on the scan. CPU seconds of this process; CER is the share of letters that are wrong, with
runs of leader dots taken out of the truth, since no one wants them.
"""

from __future__ import annotations

import argparse
import re
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import cv2
import numpy as np

from bench.bare import BareTesseract
from bench.paper import Paper, Pixels, add_seal, jpeg, scanned, skewed, typed_paper
from dossier.scan import Encoding, PageScan
from dossier.text import spaces_collapsed
from ocr.engines.choice import start_engine
from ocr.frame import Scale
from ocr.page import read_page
from ocr.preparation.recipe import prepare
from ocr.preparation.red import drop_red_soft, red_excess, red_mask

SAMPLES: Final = Path(__file__).parent.parent / "tests" / "sample_documents"
FORM: Final = "Họ và tên: {dots}\nNgày sinh: {short} Dân tộc: {short}\nNơi cư trú: {dots}\n"
_LEADERS: Final = re.compile(r"\s*\.{4,}")
_DPI: Final = 300
_TRIES: Final = 2


@dataclass
class Score:
    """CPU seconds and letters, wrong and all, over the pages of one way to read."""

    seconds: float = 0.0
    wrong: int = 0
    letters: int = 0

    @property
    def cer(self) -> float:
        """Wrong letters in a hundred."""
        return 100.0 * self.wrong / max(1, self.letters)


def pages(count: int) -> Iterator[tuple[Paper, Pixels]]:
    """Yield drawn papers with their scans: plain, with seal, leaning, with leaders, in turn."""
    sources = sorted(SAMPLES.glob("*.txt"))
    for number in range(count):
        text = sources[number % len(sources)].read_text(encoding="utf-8")
        if number % 2:
            text = FORM.format(dots="." * 70, short="." * 24) + text
        paper = typed_paper(text, _DPI)
        add_seal(paper, (5.8, 9.3))
        lean = (0.0, 0.6, -1.7, 2.4)[number % 4]
        yield paper, scanned(skewed(paper.rgb, lean), seed=number)


def measure(count: int) -> tuple[Score, Score, Score]:
    """Return the scores of the bare engine on prepared pages, on plain gray pages, and of ours."""
    engine, bare = start_engine("tesserocr"), BareTesseract()
    prepared, plain, ours = Score(), Score(), Score()
    for paper, rgb in pages(count):
        data = jpeg(rgb)
        scan = PageScan(Encoding.JPEG, rgb.shape[1], rgb.shape[0], _DPI, _DPI, 3)
        bgr = np.asarray(cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR), np.uint8)
        gray = np.asarray(cv2.cvtColor(bgr, cv2.COLOR_BGR2GRAY), np.uint8)
        excess = red_excess(bgr)
        ready = prepare(drop_red_soft(bgr, gray, excess, red_mask(excess)), _DPI, Scale(1.0, 1.0)).gray
        _run(prepared, paper, lambda ready=ready: bare.read(ready, _DPI))
        _run(plain, paper, lambda gray=gray: bare.read(gray, _DPI))
        _run(ours, paper, lambda data=data, scan=scan: read_page(engine, data, scan).text.plain())
    engine.close()
    bare.close()
    return prepared, plain, ours


def wrong_letters(truth: str, text: str) -> tuple[int, int]:
    """Return how many letters differ (Levenshtein) and how many there are, white space as one space."""
    wanted, got = (spaces_collapsed(_LEADERS.sub(" ", each)) for each in (truth, text))
    row = np.arange(len(got) + 1)
    codes = np.frombuffer(got.encode("utf-32-le"), np.uint32)
    for index, char in enumerate(wanted, 1):
        best = np.minimum(row[1:] + 1, row[:-1] + (codes != ord(char)))
        fresh = np.concatenate([[index], best])
        # A letter added costs one more than its left neighbour: a running minimum along the row.
        steps = np.arange(len(fresh))
        row = np.minimum.accumulate(fresh - steps) + steps
    return int(row[-1]), len(wanted)


def _run(score: Score, paper: Paper, read: Callable[[], str]) -> None:
    seconds, text = [], ""
    for _ in range(_TRIES):
        start = time.process_time()
        text = read()
        seconds.append(time.process_time() - start)
    # The least of the tries: neighbours on the machine only ever add to it.
    score.seconds += min(seconds)
    wrong, letters = wrong_letters(paper.text, text)
    score.wrong += wrong
    score.letters += letters


def main() -> None:
    """Print the table."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--pages", type=int, default=12)
    count = max(1, options.parse_args().pages)
    cv2.setNumThreads(1)
    prepared, plain, ours = measure(count)
    rows = (
        ("bare engine, prepared pages", prepared),
        ("bare engine, plain gray pages", plain),
        ("hososo, whole way", ours),
    )
    for name, score in rows:
        sys.stdout.write(f"{name:32s} {score.seconds / count:7.3f} CPU s/page   CER {score.cer:6.2f} %\n")
    sys.stdout.write(f"ratio to the bare engine on prepared pages: {ours.seconds / prepared.seconds:.3f}\n")


if __name__ == "__main__":
    main()
