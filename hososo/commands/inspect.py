"""`hososo inspect sample|completeness`: what an inspector asks of the figures, and takes along as proof."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from catalog import facts, register_rows
from dossier.digest import of_bytes
from dossier.status import Cause
from hososo.asking import answerable, bring_up_to_date, question_options
from hososo.console import Console, Exit
from hososo.usage import File, Misused
from hososo.wiring import services
from pipeline.inspecting import Inspected, bundle, inspected, listed
from pipeline.questions import Answerable, Asked
from pipeline.services import Services
from registers.reading import read_register
from reports.completeness import Difference, Gap, difference, gaps
from reports.lists import details
from reports.numbers import count as number
from reports.numbers import percent
from reports.sampling import Limits, draw, limits
from reports.wording import name_of

_MOST, _SHOWN = 10_000, 20


@click.group("inspect")
def command() -> None:
    """Group of the inspector's commands."""


@dataclass(frozen=True, slots=True)
class _Sample:
    """A drawn sample, judged again; `readings` are those of the report on all that it was drawn from."""

    seed: str
    readings: dict[str, Cause]
    dossiers: list[Inspected]

    @property
    def reported(self) -> int:
        """How many the report counts."""
        return sum(cause is Cause.COUNTED for cause in self.readings.values())

    @property
    def held(self) -> int:
        """How many of the sample hold."""
        return sum(one.holds for one in self.dossiers)

    @property
    def refuted(self) -> int:
        """How many the report counts and that do not hold."""
        return sum(one.cause is Cause.COUNTED and not one.holds for one in self.dossiers)

    @property
    def limits(self) -> Limits:
        """Between how many of all hold."""
        return limits(self.held, len(self.dossiers), len(self.readings))


@command.command("sample")
@question_options
@click.option("--count", "sample_size", type=click.IntRange(1, _MOST), default=30)
@click.option("--seed", required=True, callback=lambda _context, _option, value: _plain(value))
@click.option("--to", "bundle_folder", type=click.Path(file_okay=False, path_type=Path))
@click.pass_obj
def sample(console: Console, asked: Asked, sample_size: int, seed: str, bundle_folder: Path | None) -> int:
    """Draw dossiers from the denominator, judge each again, and hold the reported rate against what was found."""
    with services(console.settings) as ready:
        bring_up_to_date(ready, console)
        asks, readings = _readings(ready, console, asked)
        drawn = draw(readings, sample_size, seed)
        taken = _Sample(seed, readings, [inspected(code, readings[code], ready) for code in drawn])
        said = _as_json(taken, asks)
        written = bundle(taken.dossiers, readings, said, bundle_folder, ready) if bundle_folder else 0
    _tell_sample(console, taken)
    if bundle_folder is not None:
        console.say("inspect.written", count=number(written), target=bundle_folder)
    console.result("inspect sample", said)
    return Exit.NOT_SOUND if taken.refuted else Exit.OK


@command.command("completeness")
@click.option("--against", type=File())
@click.pass_obj
def completeness(console: Console, against: Path | None) -> int:
    """Look for dossiers that the register should have: gaps in serial numbers, codes that another source has."""
    with services(console.settings) as ready, ready.catalogue.read() as tx:
        codes = [entry.code for entry in register_rows.entries(tx)]
    found = gaps(codes)
    other = difference(codes, (entry.code for entry in read_register(against).entries)) if against else None
    for line in _completeness_lines(console, found, other):
        console.line(line)
    console.result(
        "inspect completeness", {"gaps": [_gap_as_json(gap) for gap in found], "against": _difference_as_json(other)}
    )
    sound = not found and (other is None or not (other.only_register or other.only_other))
    return Exit.OK if sound else Exit.NEEDS_PERSON


def _plain(seed: str) -> str:
    """Return a seed that stands in JSON, in a shell and on a terminal as it is."""
    if not seed or not seed.isprintable() or set(seed) & set('"\\'):
        raise Misused("--seed")
    return seed


def _readings(ready: Services, console: Console, asked: Asked) -> tuple[Answerable, dict[str, Cause]]:
    """Return what the report says of each dossier of the base, by the archival reading."""
    with ready.catalogue.read() as tx:
        asks = answerable(tx, ready, console, asked)
        lines = details(facts.lines(tx, asks.scope), asks.question.view())
        return asks, {one.code: one.archival for one in lines if one.archival is not None}


def _tell_sample(console: Console, taken: _Sample) -> None:
    population, drawn, between = len(taken.readings), len(taken.dossiers), taken.limits
    console.say("inspect.drawn", drawn=number(drawn), population=number(population), seed=taken.seed)
    for place, one in enumerate(taken.dossiers, start=1):
        said = name_of(one.cause, console.language)
        found = console.word("inspect.holds" if one.holds else "inspect.not_held")
        console.line(f"  {place:>4}. {one.code}  {said} · {found}" + "".join(f"\n        {p}" for p in one.problems))
    console.say(
        "inspect.found",
        held=number(taken.held),
        drawn=number(drawn),
        low=percent(between.low, population),
        high=percent(between.high, population),
    )
    within = between.low <= taken.reported <= between.high
    console.say(
        "inspect.within" if within else "inspect.outside",
        rate=percent(taken.reported, population),
        numerator=number(taken.reported),
        denominator=number(population),
    )
    if taken.refuted:
        console.say("inspect.refuted", count=number(taken.refuted))


def _as_json(taken: _Sample, asks: Answerable) -> dict[str, Any]:
    between, period = taken.limits, asks.question.period
    return {
        "seed": taken.seed,
        "population": len(taken.readings),
        "population_sha256": of_bytes(listed(taken.readings)),
        "drawn": len(taken.dossiers),
        "period": {"start": period.start.isoformat(), "end": period.end.isoformat()},
        "base": asks.question.base.value,
        "unit": asks.question.unit,
        "as_of": asks.question.as_of.isoformat(),
        "reported": taken.reported,
        "held": taken.held,
        "refuted": taken.refuted,
        "limits": {"low": between.low, "high": between.high, "confidence": between.confidence},
        "dossiers": [
            {
                "code": one.code,
                "cause": one.cause,
                "archived": one.archived,
                "holds": one.holds,
                "problems": list(one.problems),
            }
            for one in taken.dossiers
        ],
    }


def _completeness_lines(console: Console, found: list[Gap], other: Difference | None) -> Iterator[str]:
    yield console.word("inspect.gaps", days=number(len(found)), count=number(sum(gap.missing_count for gap in found)))
    for gap in found[:_SHOWN]:
        shown = ", ".join(f"{serial:04}" for serial in gap.missing[:_SHOWN])
        more = " …" if gap.missing_count > _SHOWN else ""
        yield console.word("inspect.gap", agency=gap.agency, day=f"{gap.day:%d/%m/%Y}", missing=shown + more)
    if other is not None:
        yield console.word("inspect.both", count=number(other.both))
        yield console.word("inspect.only_register", count=number(len(other.only_register)))
        yield from (f"  {code}" for code in other.only_register[:_SHOWN])
        yield console.word("inspect.only_other", count=number(len(other.only_other)))
        yield from (f"  {code}" for code in other.only_other[:_SHOWN])


def _gap_as_json(gap: Gap) -> dict[str, Any]:
    return {
        "agency": gap.agency,
        "day": gap.day.isoformat(),
        "highest": gap.highest,
        "known": gap.known,
        "missing": list(gap.missing),
        "missing_count": gap.missing_count,
    }


def _difference_as_json(other: Difference | None) -> dict[str, Any] | None:
    if other is None:
        return None
    return {"both": other.both, "only_register": list(other.only_register), "only_other": list(other.only_other)}
