"""Are bad scans told, and good ones left alone? One command, one table.

    python -m bench.page_checks [--pages N] [--seed N] [--set frozen] [--only KIND]

Pages are printed, laid on a scanner's bed and scanned, with what goes wrong there; `dev` is what the thresholds were
made on, `frozen` has other texts, faces and layouts. Prints recall and precision of every check, what good pages are
told, milliseconds a page from its bytes on one core, and how well sheets are known again; ends with status 1 when a
page takes more than a second.
"""

from __future__ import annotations

import argparse
import sys
import time
from datetime import date
from typing import get_args

import cv2

from bench.legibility.style import SetName
from bench.page_checks.cases import GOOD, cases
from bench.page_checks.pairs import pairs
from bench.page_checks.report import Told, report, report_pairs
from dossier.page import Verdict
from ocr.checks.fingerprint import difference
from ocr.checks.look import look_at
from ocr.rules import rules_on

_MOST_SECONDS = 1.0


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(prog="python -m bench.page_checks")
    parser.add_argument("--pages", type=int, default=8)
    parser.add_argument("--seed", type=int, default=101)
    parser.add_argument("--set", dest="set_name", choices=get_args(SetName), default="frozen")
    parser.add_argument("--only", default="")
    options = parser.parse_args()
    cv2.setNumThreads(1)
    rules = rules_on(date.today())  # noqa: DTZ011 - a legal day is a local day
    told: list[Told] = []
    for case in cases(options.pages, options.seed, options.set_name, options.only):
        started = time.process_time()
        look = look_at(case.data, case.scan, 1, rules).look
        spent = time.process_time() - started
        names = frozenset(look.reasons) | ({"blank"} if look.verdict is Verdict.BLANK else set())
        told.append(Told(case.kind, case.kind in GOOD, case.wanted, case.allowed, names, look.verdict, spent))
    sys.stdout.write(report(told))
    if not options.only:
        sys.stdout.write(_pairs(options.pages, options.seed, options.set_name, rules.checks.same_sheet))
    slow = sorted(each.seconds for each in told)[-max(1, len(told) // 50)]
    sys.exit(1 if slow > _MOST_SECONDS else 0)


def _pairs(count: int, seed: int, name: SetName, most: float) -> str:
    rules = rules_on(date.today())  # noqa: DTZ011 - a legal day is a local day
    found: dict[str, list[bool]] = {}
    for pair in pairs(count * 2, seed, name):
        prints = [look_at(each.data, each.scan, 1, rules).fingerprint for each in (pair.first, pair.second)]
        alike = prints[0] is not None and prints[1] is not None and difference(prints[0], prints[1]) < most
        found.setdefault(pair.kind, []).append(alike)
    return report_pairs(found)


if __name__ == "__main__":
    main()
