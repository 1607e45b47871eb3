"""`python -m bench.papers check|draw`: hold templates to their rules, look at what they give."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import cv2

from bench.papers.checking import faults
from bench.papers.names import SETS
from bench.papers.pages import printed_pages
from bench.papers.template import filled, templates


def main() -> int:
    """Run one of the commands and return its exit code."""
    parser = argparse.ArgumentParser(prog="python -m bench.papers")
    commands = parser.add_subparsers(dest="command", required=True)
    check = commands.add_parser("check", help="hold the templates of a set to their rules")
    draw = commands.add_parser("draw", help="draw papers as PNG files, before any scanner saw them")
    for each in (check, draw):
        each.add_argument("set", choices=SETS)
        each.add_argument("--only", default="", help="templates whose name begins with this")
    draw.add_argument("--seed", type=int, default=0)
    draw.add_argument("--dpi", type=int, default=100)
    draw.add_argument("--to", type=Path, required=True)
    given = parser.parse_args()
    chosen = [template for template in templates(given.set) if template.name.startswith(given.only)]
    if given.command == "check":
        told = [f"{template.name}: {fault}" for template in chosen for fault in faults(template)]
        sys.stdout.write("\n".join([*told, f"{len(chosen)} templates, {len(told)} faults\n"]))
        return 1 if told else 0
    given.to.mkdir(parents=True, exist_ok=True)
    for template in chosen:
        pages = printed_pages(filled(template, given.seed), given.set, given.seed, given.dpi)
        for number, page in enumerate(pages, 1):
            cv2.imwrite(str(given.to / f"{template.name}-{given.seed}-{number}.png"), page.rgb[:, :, ::-1])
    return 0


if __name__ == "__main__":
    sys.exit(main())
