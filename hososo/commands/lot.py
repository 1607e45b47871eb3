"""`hososo lot …`: backlog work in lots: opened, counted, a sample judged, accepted or sent back, signed minutes."""

from __future__ import annotations

from pathlib import Path

import click

from catalog import lots
from dossier.errors import Code, Rejected
from dossier.lots import Lot, LotState
from hososo.asking import codes_of
from hososo.console import Console, Exit, local_time
from hososo.usage import File, Misused
from hososo.wiring import services
from pipeline.judging import PageFault
from pipeline.lot_checking import decide, judge
from pipeline.lot_export import export_lot, minutes_of
from pipeline.lot_minutes import facts_of, sign_minutes
from pipeline.lot_telling import lot_line, lot_value
from pipeline.lots import LotWish, count_lot, open_lot
from pipeline.people import open_account
from pipeline.services import Services
from reports.numbers import count
from reports.printed.minutes import difference_text
from reports.target import write_whole

_MOST, _SHOWN = 1000, 20


@click.group("lot")
def command() -> None:
    """Group of the commands on lots."""


@command.command("open")
@click.argument("lot")
@click.option("--wave", required=True)
@click.option("--box", "lot_boxes", multiple=True)
@click.option("--list", "code_list", type=File())
@click.option("--retention", default="")
@click.option("--dossiers", "declared_dossiers", type=click.IntRange(0))
@click.option("--leaves", "declared_leaves", type=click.IntRange(0))
@click.option("--by", "lot_by", required=True)
@click.pass_obj
def open_one(  # noqa: PLR0913, PLR0917 - what a lot is opened with
    console: Console,
    lot: str,
    wave: str,
    lot_boxes: tuple[str, ...],
    code_list: Path | None,
    retention: str,
    declared_dossiers: int | None,
    declared_leaves: int | None,
    lot_by: str,
) -> int:
    """Open a lot of the dossiers of some boxes, or of a list."""
    codes = tuple(codes_of(code_list)) if code_list is not None else ()
    wish = LotWish(lot, wave, lot_boxes, codes, retention, declared_dossiers, declared_leaves)
    with services(console.settings) as ready:
        done = open_lot(wish, open_account(lot_by, ready), ready)
    return _told(console, "open", done)


@command.command("list")
@click.pass_obj
def list_all(console: Console) -> int:
    """List the newest lots."""
    with services(console.settings) as ready, ready.catalogue.read() as tx:
        found = lots.listed(tx, None, _MOST)
    for each in found:
        state = console.word(f"lot_states.{each.state.value}")
        console.say("lot.line", lot=each.id, unit=each.unit, state=state, at=local_time(each.opened_at))
    if not found:
        console.say("lot.none")
    console.result("lot-list", {"lots": [lot_line(each) for each in found]})
    return Exit.OK


@command.command("show")
@click.argument("lot")
@click.pass_obj
def show(console: Console, lot: str) -> int:
    """Tell how a lot stands: counts, differences, the sample and what was seen of it."""
    with services(console.settings) as ready, ready.catalogue.read() as tx:
        found = _known(lot, ready)
        looks = lots.looks(tx, found) if found.state is LotState.COUNTED else ()
    done = _told(console, "show", found, lot_value(found, looks))
    seen = {each.position: each.fault for each in (found.decision.looks if found.decision else looks)}
    for position, key in enumerate(found.counting.sample if found.counting else (), start=1):
        fault = seen.get(position)
        said = console.word(f"page_faults.{fault}") if fault else console.word("lot.good")
        seen_as = console.word("lot.unjudged") if fault is None else said
        console.say("lot.page", position=position, page=key, state=seen_as)
    return done


@command.command("count")
@click.argument("lot")
@click.option("--scanned-by", multiple=True)
@click.option("--by", "lot_by", required=True)
@click.pass_obj
def count_one(console: Console, lot: str, scanned_by: tuple[str, ...], lot_by: str) -> int:
    """Count a lot against what was declared, and draw its sample."""
    with services(console.settings) as ready:
        done = count_lot(lot, scanned_by, open_account(lot_by, ready), ready)
    return _told(console, "count", done)


@command.command("judge")
@click.argument("lot")
@click.argument("position", type=click.IntRange(1))
@click.option("--fault", "page_fault", type=click.Choice([each.value for each in PageFault]), default=None)
@click.option("--good", "is_good", is_flag=True)
@click.option("--by", "lot_by", required=True)
@click.pass_obj
def judge_one(console: Console, lot: str, position: int, page_fault: str | None, lot_by: str, *, is_good: bool) -> int:
    """Say what was seen of a page of the sample."""
    if is_good is (page_fault is not None):
        raise Misused("--good | --fault")
    with services(console.settings) as ready:
        found = judge(lot, position, page_fault or "", open_account(lot_by, ready), ready)
        with ready.catalogue.read() as tx:
            looks = lots.looks(tx, found)
    size = len(found.counting.sample) if found.counting else 0
    faulty = sum(bool(each.fault) for each in looks)
    console.say("lot.judged", judged=count(len(looks)), size=count(size), faulty=count(faulty))
    console.result("lot-judge", {"lot": found.id, "judged": len(looks), "size": size, "faulty": faulty})
    return Exit.OK


@command.command("accept")
@click.argument("lot")
@click.option("--reason", "why", default="")
@click.option("--by", "lot_by", required=True)
@click.pass_obj
def accept(console: Console, lot: str, why: str, lot_by: str) -> int:
    """Accept a lot whose sample was judged."""
    return _decided(console, lot, why, lot_by, accepted=True)


@command.command("reject")
@click.argument("lot")
@click.option("--reason", "why", default="")
@click.option("--by", "lot_by", required=True)
@click.pass_obj
def reject(console: Console, lot: str, why: str, lot_by: str) -> int:
    """Send a lot back."""
    return _decided(console, lot, why, lot_by, accepted=False)


@command.command("minutes")
@click.argument("lot")
@click.option("--to", type=click.Path(dir_okay=False, path_type=Path), required=True)
@click.pass_obj
def minutes(console: Console, lot: str, to: Path) -> int:
    """Write the minutes of a lot as PDF: the signed ones, or a print of how it stands."""
    with services(console.settings) as ready:
        found = _known(lot, ready)
        write_whole(minutes_of(found, ready), to)
    console.say("report.written", path=to)
    console.result("lot-minutes", {"lot": found.id, "signed": found.minutes or None, "path": str(to)})
    return Exit.OK


@command.command("sign")
@click.argument("lot")
@click.option("--signed-file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--by", "lot_by", required=True)
@click.pass_obj
def sign(console: Console, lot: str, signed_file: Path | None, lot_by: str) -> int:
    """Sign the minutes of a lot with the agency's key, or take them in as they were signed elsewhere."""
    with services(console.settings) as ready:
        done = sign_minutes(lot, open_account(lot_by, ready), ready, signed_file)
    facts = facts_of(done)
    console.say("lot.signed", lot=done.id, signer=facts.signer, level=facts.level, sha256=done.minutes)
    if facts.development:
        console.say("verify.development")
    told = {"lot": done.id, "sha256": done.minutes, "signer": facts.signer, "level": facts.level}
    console.result("lot-sign", {**told, "development": facts.development})
    return Exit.OK


@command.command("export")
@click.argument("lot")
@click.argument("target", type=click.Path(file_okay=False, path_type=Path))
@click.pass_obj
def export(console: Console, lot: str, target: Path) -> int:
    """Write a lot with its manifest into a folder that `sha256sum -c` checks."""
    with services(console.settings) as ready:
        found = _known(lot, ready)
        written = export_lot(found, target, ready)
    console.say("lot.exported", count=count(written), target=target)
    console.result("lot-export", {"lot": found.id, "files": written, "target": str(target)})
    return Exit.OK


def _decided(console: Console, lot: str, why: str, lot_by: str, *, accepted: bool) -> int:
    with services(console.settings) as ready:
        done = decide(lot, why, open_account(lot_by, ready), ready, accepted=accepted)
    return _told(console, "accept" if accepted else "reject", done)


def _known(lot: str, ready: Services) -> Lot:
    with ready.catalogue.read() as tx:
        found = lots.find(tx, lot.strip().upper())
    if found is None:
        raise Rejected(Code.LOT_UNKNOWN, subject=lot[:60])
    return found


def _told(console: Console, name: str, found: Lot, value: dict[str, object] | None = None) -> int:
    opening, counting = found.opening, found.counting
    state = console.word(f"lot_states.{found.state.value}")
    console.say("lot.one", lot=found.id, wave=opening.wave, state=state, dossiers=count(len(opening.listed)))
    if counting is not None:
        plan = counting.sampling
        console.say("lot.counted", pages=count(counting.pages), sha256=counting.manifest)
        for each in counting.differences[:_SHOWN]:
            console.line("  " + difference_text(each, console.language))
        if len(counting.differences) > _SHOWN:
            console.say("lot.more", count=count(len(counting.differences) - _SHOWN))
        console.say("lot.drawn", size=count(plan.size), population=count(plan.population), most=count(plan.most_faulty))
    if found.decision is not None and found.decision.reason:
        console.say("lot.reason", reason=found.decision.reason)
    console.result(f"lot-{name}", value or lot_value(found))
    return Exit.NEEDS_PERSON if found.barred else Exit.OK
