"""`python -m bench.papers check|draw|measure|cases`: hold templates to their rules, draw, measure, keep as cases.

python -m bench.papers measure frozen --per-kind 60 --jobs 2
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import cv2

from bench.papers.checking import faults, known_losses
from bench.papers.corpus import Read, kept, read_all
from bench.papers.figures import as_json
from bench.papers.names import SETS
from bench.papers.pages import printed_pages
from bench.papers.registers import accepted
from bench.papers.report import Run, failures, lines
from bench.papers.scans import Item, hands
from bench.papers.scoring import marked
from bench.papers.splitting import split_marks
from bench.papers.stacking import stack_items
from bench.papers.template import Template, filled, stack_templates, templates
from bench.papers.typed import typed_all
from classify.cases import Case, write_case
from classify.rules import load_rules


def main() -> int:
    """Run one of the commands and return its exit code."""
    given = _arguments()
    own, with_stacks = templates(given.set), templates(given.set) + stack_templates(given.set)
    every = own if given.command in ("measure", "cases") else with_stacks
    chosen = [template for template in every if template.name.startswith(given.only)]
    return {"check": _check, "draw": _draw, "measure": _measure, "cases": _cases}[given.command](given, chosen)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.papers")
    commands = parser.add_subparsers(dest="command", required=True)
    check = commands.add_parser("check", help="hold the templates of a set to their rules")
    draw = commands.add_parser("draw", help="draw papers as PNG files, before any scanner saw them")
    measure = commands.add_parser("measure", help="read papers and hold what is recognised against the truth")
    cases = commands.add_parser("cases", help="write papers as cases, as `hososo learn` compares recognisers on them")
    for each in (check, draw, measure, cases):
        each.add_argument("set", choices=SETS)
        each.add_argument("--only", default="", help="templates whose name begins with this")
    draw.add_argument("--seed", type=int, default=0)
    draw.add_argument("--dpi", type=int, default=100)
    draw.add_argument("--to", type=Path, required=True)
    for each in (measure, cases):
        each.add_argument("--per-kind", type=int, default=60)
        each.add_argument("--jobs", type=int, default=2)
        each.add_argument("--typed", action="store_true", help="a perfect reader's words: what the rules alone can do")
        each.add_argument("--kept", action="store_true", help="only papers whose reading lies on the disk")
    cases.add_argument("--to", type=Path, required=True)
    measure.add_argument("--per-stack", type=int, default=6, help="papers of each template that lies in stacks only")
    measure.add_argument("--keep", type=Path, help="write the tables, and figures as JSON, into this folder")
    measure.add_argument("--failures", type=Path, help="write what went wrong into this file")
    return parser.parse_args()


def _check(_given: argparse.Namespace, chosen: list[Template]) -> int:
    told = [f"{template.name}: {fault}" for template in chosen for fault in faults(template, on_pages=True)]
    stay = [f"{template.name}: {loss} (and stays so)" for template in chosen for loss in _staying(template)]
    own = [template.kind for template in chosen if not template.for_stacks]
    count = f"{len(own)} templates of {len(set(own))} kinds, {len(chosen) - len(own)} for stacks only"
    sys.stdout.write("\n".join([*told, *stay, f"{count}; {len(told)} faults\n"]))
    return 1 if told else 0


def _staying(template: Template) -> Iterator[str]:
    return known_losses(template) if template.set_name == "frozen" else iter(())


def _draw(given: argparse.Namespace, chosen: list[Template]) -> int:
    given.to.mkdir(parents=True, exist_ok=True)
    for template in chosen:
        pages = printed_pages(filled(template, given.seed), given.set, given.seed, given.dpi)
        name = template.name.replace("/", "-")
        for number, page in enumerate(pages, 1):
            cv2.imwrite(str(given.to / f"{name}-{given.seed}-{number}.png"), page.rgb[:, :, ::-1])
    return 0


def _measure(given: argparse.Namespace, chosen: list[Template]) -> int:
    rules, every = load_rules(), list(_papers(given, chosen, stack_items(given.set, given.per_stack)))
    papers = [paper for paper in every if not paper.item.template.for_stacks]
    if not papers:
        sys.stderr.write("no paper to measure: none of these was read before\n")
        return 1
    marks, splits = marked(papers, rules), split_marks(every, rules, seed=1)
    how = "typed" if given.typed else "read"
    run = Run(f"Papers of the {given.set} set, {how}", rules, marks, splits, accepted(papers, rules, seed=1))
    told = "\n".join(lines(run)) + "\n"
    sys.stdout.write(told)
    if given.failures:
        given.failures.write_text("\n".join(failures(marks, splits)) + "\n", encoding="utf-8")
    if given.keep:
        given.keep.mkdir(parents=True, exist_ok=True)
        (given.keep / f"{given.set}-{how}.md").write_text(told, encoding="utf-8")
        (given.keep / f"{given.set}-{how}.json").write_text(as_json(run), encoding="utf-8")
    return 0


def _papers(given: argparse.Namespace, chosen: list[Template], beside: Sequence[Item] = ()) -> Iterator[Read]:
    items = [*hands(tuple(chosen), given.per_kind), *beside]
    if given.typed:
        return typed_all(items, 0.0)
    return read_all([item for item in items if kept(item)] if given.kept else items, given.jobs)


def _cases(given: argparse.Namespace, chosen: list[Template]) -> int:
    """Write papers as cases; what a pen wrote is left open."""
    given.to.mkdir(parents=True, exist_ok=True)
    known = sorted({rule.field for rule in load_rules().fields.values()})
    for paper in _papers(given, chosen):
        own = paper.paper
        values = {name: own.fields.get(name, ()) for name in known if name not in own.in_pen}
        write_case(Case(paper.item.name, own.kind, values, paper.pages), given.to)
    return 0


if __name__ == "__main__":
    sys.exit(main())
