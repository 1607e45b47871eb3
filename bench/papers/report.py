"""Print what a run found: against the targets, by kind, by condition, by group of fields, and what went wrong."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from bench.papers.comparing import group_of
from bench.papers.registers import Accepted
from bench.papers.scoring import FieldMark, KindMark, Marks, calibration, confident_errors, exact_by_group, macro_f1
from bench.papers.splitting import Splits, f1
from classify.rules import UNKNOWN, Rules
from classify.versions import versions

_EXACT: Final = {
    "number+symbol": 97.0,
    "dates": 97.0,
    "identity numbers": 97.0,
    "dossier code": 97.0,
    "names": 95.0,
    "issuer": 95.0,
}


@dataclass(frozen=True, slots=True)
class Run:
    """All that a run found, with the rules that it was run with."""

    title: str
    rules: Rules
    marks: Marks
    splits: Splits
    accepted: Sequence[Accepted]


def lines(run: Run) -> Iterator[str]:
    """Yield the report as Markdown."""
    marks = run.marks
    yield f"# {run.title}"
    yield ""
    made = ", ".join(f"{part} {version}" for part, version in versions(run.rules).items())
    yield f"{made}. {len(marks.kinds)} papers of {len({m.true for m in marks.kinds})} kinds."
    yield ""
    yield from _targets(run)
    yield from _crosschecks(run.accepted)
    yield from _groups(marks.fields)
    yield from _parted(run.splits)
    yield from _conditions(marks)
    yield from _kinds(marks)
    yield from _curve(marks.fields)
    yield from _sureness(marks.fields)


def _targets(run: Run) -> Iterator[str]:
    marks, rules = run.marks, run.rules
    score, _ = macro_f1(marks.kinds)
    wrong = confident_errors(marks.kinds, rules.bands.accept)
    readable = exact_by_group(mark for mark in marks.fields if mark.readable)
    error, _ = calibration(marks.fields)
    slow = sum(mark.seconds for mark in marks.kinds) / len(marks.kinds) * 1000
    yield "| figure | target | measured |"
    yield "|---|---|---|"
    yield f"| kinds, macro-F1 | ≥ 0.97 | {score:.3f} |"
    yield f"| confident wrong kinds | ≤ 0.5 % | {100 * len(wrong) / len(marks.kinds):.2f} % ({len(wrong)}) |"
    yield f"| splitting, F1 of first pages | ≥ 0.97 | {f1(run.splits.marks):.3f} |"
    for name, least in _EXACT.items():
        hits, count, _ = readable.get(name, (0, 0, 0))
        yield f"| {name}, exact on readable scans | ≥ {least:.0f} % | {100 * hits / max(1, count):.1f} % of {count} |"
    yield f"| expected calibration error of fields | ≤ 2 % | {error:.1f} % |"
    if run.accepted:
        right = 100 * sum(one.right for one in run.accepted) / len(run.accepted)
        yield f"| values accepted by cross-check, 2 % of rows wrong | ≥ 99.8 % | {right:.2f} % of {len(run.accepted)} |"
    if marks.screens:
        yield f"| screens a document, readable | ≤ 1.5 | {sum(marks.screens) / len(marks.screens):.2f} |"
    yield f"| classification and extraction | ≤ 30 ms a page | {slow:.1f} ms |"
    yield ""


def _groups(fields: Sequence[FieldMark]) -> Iterator[str]:
    yield "| fields | readable: exact | of | read, not true | all scans: exact | of |"
    yield "|---|---|---|---|---|---|"
    everything, readable = exact_by_group(fields), exact_by_group(mark for mark in fields if mark.readable)
    for name, (hits, count, _) in everything.items():
        own, of, false = readable.get(name, (0, 0, 0))
        share, whole = 100 * own / max(1, of), 100 * hits / max(1, count)
        yield f"| {name} | {share:.1f} % | {of} | {false} | {whole:.1f} % | {count} |"
    pens = [mark for mark in fields if mark.in_pen and mark.true]
    taken = [mark for mark in pens if not mark.must_confirm]
    yield ""
    yield f"In a pen's writing: {len(pens)} values, {len(taken)} taken without a person."
    yield ""


def _parted(splits: Splits) -> Iterator[str]:
    yield "| stacks | pages | F1 of first pages | a person is asked | wrong, nobody asked |"
    yield "|---|---|---|---|---|"
    for name, own in (
        ("all scans", splits.marks),
        ("readable scans", [mark for mark in splits.marks if mark.readable]),
    ):
        asked, silent = sum(mark.asked for mark in own), sum(mark.true != mark.said and not mark.asked for mark in own)
        count = max(1, len(own))
        yield f"| {name} | {len(own)} | {f1(own):.3f} | {100 * asked / count:.1f} % | {silent} |"
    yield ""
    yield f"Documents whole and alone: {splits.exact} of {splits.documents}."
    yield ""


def _conditions(marks: Marks) -> Iterator[str]:
    yield "| condition | papers | kinds right | fields exact |"
    yield "|---|---|---|---|"
    for condition in sorted({mark.condition for mark in marks.kinds}):
        own = [mark for mark in marks.kinds if mark.condition == condition]
        values = [mark for mark in marks.fields if mark.condition == condition and mark.true and not mark.in_pen]
        right = 100 * sum(mark.said.kind == mark.true for mark in own) / len(own)
        exact = 100 * sum(mark.right for mark in values) / max(1, len(values))
        yield f"| {condition} | {len(own)} | {right:.1f} % | {exact:.1f} % |"
    yield ""


def _kinds(marks: Marks) -> Iterator[str]:
    _, each = macro_f1(marks.kinds)
    yield "| kind | papers | F1 | asked a person | taken for | fields exact, readable |"
    yield "|---|---|---|---|---|---|"
    for kind, score in each.items():
        own = [mark for mark in marks.kinds if mark.true == kind]
        asked = sum(mark.said.kind == UNKNOWN for mark in own)
        others = Counter(mark.said.kind for mark in own if mark.said.kind not in (kind, UNKNOWN)).most_common(3)
        values = [m for m in marks.fields if m.kind == kind and m.readable and m.true and not m.in_pen]
        exact = 100 * sum(mark.right for mark in values) / max(1, len(values))
        said = ", ".join(f"{name} {count}" for name, count in others)
        yield f"| {kind} | {len(own)} | {score:.3f} | {asked} | {said} | {exact:.1f} % |"
    yield ""


def _crosschecks(accepted: Sequence[Accepted]) -> Iterator[str]:
    if not accepted:
        return
    yield "| accepted because of the register or the code | values | right | by wrong rows | right |"
    yield "|---|---|---|---|---|"
    for name in sorted({one.name for one in accepted}):
        own = [one for one in accepted if one.name == name]
        wrong = [one for one in own if one.fault]
        yield f"| {name} | {len(own)} | {_share(own)} | {len(wrong)} | {_share(wrong)} |"
    yield ""


def _share(accepted: Sequence[Accepted]) -> str:
    return f"{100 * sum(one.right for one in accepted) / len(accepted):.2f} %" if accepted else ""


def _sureness(fields: Sequence[FieldMark]) -> Iterator[str]:
    yield ""
    yield "| fields | values | confidence said | share right | calibration error |"
    yield "|---|---|---|---|---|"
    for name in dict.fromkeys(group_of(mark.name) for mark in fields):
        own = [mark for mark in fields if mark.said and group_of(mark.name) == name]
        if own:
            said, right = sum(m.confidence for m in own) / len(own), 100 * sum(m.right for m in own) / len(own)
            yield f"| {name} | {len(own)} | {said:.1f} | {right:.1f} % | {calibration(own)[0]:.1f} % |"


def _curve(fields: Sequence[FieldMark]) -> Iterator[str]:
    yield "| confidence said | share right | values |"
    yield "|---|---|---|"
    _, curve = calibration(fields)
    for mean, right, count in curve:
        yield f"| {mean:.1f} | {right:.1f} % | {count} |"


def failures(marks: Marks, splits: Splits) -> Iterator[str]:
    """Yield what went wrong on readable scans, for the eyes of a developer."""
    yield from (_kind_line(mark) for mark in marks.kinds if mark.said.kind != mark.true)
    for mark in marks.fields:
        if mark.readable and not mark.in_pen and not mark.right:
            told = f"missed {mark.true!r}" if mark.true else f"false {mark.said!r} ({mark.confidence:.0f})"
            yield f"{mark.item} [{mark.condition}] {mark.name}: {told}"
    for split in splits.marks:
        if split.true != split.said or split.asked:
            told = f"{'missed' if split.true else 'false'} start" if split.true != split.said else "right, but asked"
            yield f"{split.item} page {split.page} {'asked ' if split.asked else ''}({split.why}): {told}"


def _kind_line(mark: KindMark) -> str:
    best = ", ".join(f"{kind} {sure:.0f}" for kind, sure in mark.said.candidates)
    return f"{mark.item} [{mark.condition}] {mark.true} taken for {mark.said.kind} ({mark.said.explanation}; {best})"
