"""The list behind every figure: by the figure's name, as a test of cells, so that list and figure cannot differ."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial

from dossier.errors import Code, Rejected
from dossier.facts import Cell, FactLine, cells
from dossier.register import Channel
from dossier.status import Cause, PortalCause
from reports.digitisation import is_settled
from reports.indicators.formula import Formula, Part
from reports.indicators.registry import chosen
from reports.timeliness import IN_PROGRESS, SETTLED, Outcome, outcome
from reports.view import View, was_received

Test = Callable[[Cell, View], bool]


@dataclass(frozen=True, slots=True)
class Detail:
    """One dossier behind the figures; `outcome` is None when it is not handled, the readings outside the base."""

    code: str
    field: str
    procedure: str
    outcome: Outcome | None
    archival: Cause | None
    portal: PortalCause | None


def figures(versions: Mapping[str, str] | None = None) -> dict[str, Test]:
    """Return the figures that have lists, by name.

    Names: `received`, `carried_over`, `handled` and their channels; each outcome, `settled`, `in_progress`; `base` and
    the provincial screen's columns; `archival.CAUSE`, `portal.CAUSE`; `INDICATOR.numerator`, `.denominator`, `.rest`.
    """
    return {
        "received": lambda cell, view: view.received_within(cell),
        "carried_over": lambda cell, view: view.carried_over(cell),
        "handled": lambda cell, view: view.handled(cell),
        "never_received": lambda cell, _view: not was_received(cell),
        **{name: partial(_by_channel, channel=channel) for name, channel in _CHANNELS.items()},
        "settled": partial(_became, kinds=frozenset(SETTLED)),
        "in_progress": partial(_became, kinds=frozenset(IN_PROGRESS)),
        **{kind.value: partial(_became, kinds=frozenset({kind})) for kind in Outcome},
        **_SPLIT,
        **{f"archival.{cause}": partial(_archival, cause=cause) for cause in Cause},
        **{f"portal.{cause}": partial(_portal, cause=cause) for cause in PortalCause},
        **{
            f"{one.key}.{part}": partial(_counted, formula=one, part=part)
            for one in chosen(versions or {})
            for part in Part
        },
    }


def figure(name: str, versions: Mapping[str, str] | None = None) -> Test:
    """Return the test of a figure.

    Raises:
        Rejected(DEFINITION_UNKNOWN): There is no figure of this name.
    """
    found = figures(versions).get(name)
    if found is None:
        raise Rejected(Code.DEFINITION_UNKNOWN, "figure", subject=name[:60])
    return found


def behind(name: str, counted: Iterable[Cell], view: View, versions: Mapping[str, str] | None = None) -> list[Cell]:
    """Return the cells whose dossiers a figure is made of: their counts add up to it."""
    test = figure(name, versions)
    return [cell for cell in counted if test(cell, view)]


def details(lines: Iterable[FactLine], view: View) -> Iterator[Detail]:
    """Yield a line for each dossier that is handled in the period or in the base, in the order given."""
    for line in lines:
        (cell,) = cells([line], view.axis)
        handled, in_base = view.handled(cell), view.in_base(cell)
        if handled or in_base:
            yield Detail(
                line.code,
                line.field,
                line.procedure,
                outcome(cell, view) if handled else None,
                cell.facts.archival if in_base else None,
                cell.facts.portal if in_base else None,
            )


_CHANNELS = {"online": Channel.ONLINE, "direct": Channel.DIRECT, "post": Channel.POST, "channel_unknown": None}
_SPLIT: Mapping[str, Test] = {
    "base": lambda cell, view: view.in_base(cell),
    "base.not_digitised": lambda cell, view: view.in_base(cell) and not cell.facts.has_components,
    "base.digitised": lambda cell, view: view.in_base(cell) and cell.facts.has_components,
    "base.reused": lambda cell, view: view.in_base(cell) and cell.facts.reused is True,
    "base.settled": lambda cell, view: view.in_base(cell) and is_settled(cell),
    "base.result_not_digitised": lambda c, view: view.in_base(c) and is_settled(c) and not c.facts.has_result,
    "base.result_digitised": lambda c, view: view.in_base(c) and is_settled(c) and c.facts.has_result,
}


def _by_channel(cell: Cell, view: View, *, channel: Channel | None) -> bool:
    return view.received_within(cell) and cell.facts.channel is channel


def _became(cell: Cell, view: View, *, kinds: frozenset[Outcome]) -> bool:
    return view.handled(cell) and outcome(cell, view) in kinds


def _archival(cell: Cell, view: View, *, cause: Cause) -> bool:
    return view.in_base(cell) and cell.facts.archival is cause


def _portal(cell: Cell, view: View, *, cause: PortalCause) -> bool:
    return view.in_base(cell) and cell.facts.portal is cause


def _counted(cell: Cell, view: View, *, formula: Formula, part: Part) -> bool:
    return any(True for _ in formula.cells([cell], view, part))
