"""The tables: recall and precision of every check, what good pages are told, time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final

from dossier.page import Verdict

_CHECKS: Final = (
    ("resolution", ("low_resolution",)),
    ("colour", ("not_colour",)),
    ("corners", tuple(f"corner_{each}" for each in ("top_left", "top_right", "bottom_right", "bottom_left"))),
    ("edges", tuple(f"cut_{each}" for each in ("left", "right", "top", "bottom"))),
    ("skew", ("skewed",)),
    ("blur", ("blurred",)),
    ("too dark", ("too_dark",)),
    ("too pale, blown", ("too_pale", "blown")),
    ("blank", ("blank",)),
    ("upside down", ("upside_down",)),
    ("sideways", ("sideways",)),
    ("size", ("odd_size",)),
)


@dataclass(frozen=True, slots=True)
class Told:
    """What was told of one page: labels, names of reasons, verdict, CPU seconds."""

    kind: str
    is_good: bool
    wanted: frozenset[str]
    allowed: frozenset[str]
    names: frozenset[str]
    verdict: Verdict
    seconds: float


def report(told: Sequence[Told]) -> str:
    """Return the tables over single pages."""
    return "\n".join([*_checks(told), "", *_bad(told), "", *_good(told), "", _time(told), ""])


def report_pairs(found: Mapping[str, Sequence[bool]]) -> str:
    """Return the table of sheets known again."""
    rows = [f"| {kind} | {len(each)} | {sum(each)} |" for kind, each in found.items()]
    return "\n".join(["", "| pairs of scans | pairs | told as one sheet |", "|---|---|---|", *rows, ""])


def _checks(told: Sequence[Told]) -> list[str]:
    rows = ["| check | bad pages | told | recall | others told | precision |", "|---|---|---|---|---|---|"]
    for check, names in _CHECKS:
        bad = [each for each in told if each.wanted & set(names)]
        hit = sum(bool(each.names & each.wanted & set(names)) for each in bad)
        # What is wrong as well, more or less, counts neither way.
        false = sum(bool((each.names - each.wanted - each.allowed) & set(names)) for each in told)
        precision = f"{hit / (hit + false):.1%}" if hit + false else "-"
        recall = f"{hit / len(bad):.1%}" if bad else "-"
        rows.append(f"| {check} | {len(bad)} | {hit} | {recall} | {false} | {precision} |")
    return rows


def _bad(told: Sequence[Told]) -> list[str]:
    rows = ["| bad pages | pages | told | good | look | scan again | blank |", "|---|---|---|---|---|---|---|"]
    for kind, pages in _by_kind([each for each in told if not each.is_good]).items():
        hit = sum(bool(each.names & each.wanted) for each in pages)
        rows.append(f"| {kind} | {len(pages)} | {hit} | {_verdicts(pages)} |")
    return rows


def _good(told: Sequence[Told]) -> list[str]:
    rows = ["| good pages | pages | good | look | scan again | blank | told |", "|---|---|---|---|---|---|---|"]
    for kind, pages in _by_kind([each for each in told if each.is_good]).items():
        names = ", ".join(sorted({name for each in pages for name in each.names}))
        rows.append(f"| {kind} | {len(pages)} | {_verdicts(pages)} | {names} |")
    pages = [each for each in told if each.is_good]
    return [*rows, f"| all | {len(pages)} | {_verdicts(pages)} | |"]


def _verdicts(pages: Sequence[Told]) -> str:
    order = (Verdict.GOOD, Verdict.LOOK, Verdict.RESCAN, Verdict.BLANK)
    return " | ".join(str(sum(each.verdict is verdict for each in pages)) for verdict in order)


def _time(told: Sequence[Told]) -> str:
    times = sorted(each.seconds * 1000 for each in told)
    return f"{len(times)} pages; CPU a page: median {median(times):.0f} ms, most {times[-1]:.0f} ms."


def _by_kind(told: Sequence[Told]) -> dict[str, list[Told]]:
    found: dict[str, list[Told]] = {}
    for each in told:
        found.setdefault(each.kind, []).append(each)
    return found
