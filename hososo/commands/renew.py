"""`hososo renew`: another document time stamp for what would lose its proof, or the list of what is due."""

from __future__ import annotations

from contextlib import closing
from dataclasses import asdict
from datetime import datetime
from itertools import islice
from typing import Any

import click

from catalog.renditions import SignatureFacts
from dossier.errors import Code, Unavailable
from hososo.console import Console, Exit
from hososo.duties import renew_all
from hososo.home import Home
from hososo.stopping import stop_on_signal
from hososo.wiring import now, services
from pipeline.lot_minutes import due_minutes, facts_of
from pipeline.renewing import Due, due
from pipeline.reporting import DueReport, due_reports
from pipeline.services import Services
from signing.renewal import RenewalPolicy, policy_in_force

_SHOWN = 1000


@click.command("renew")
@click.option("--list", "listed", is_flag=True)
@click.option("--before", type=click.DateTime(["%Y-%m-%d"]))
@click.pass_obj
def command(console: Console, *, listed: bool, before: datetime | None) -> int:
    """Renew what is due; the exit code says whether something was refused."""
    settings = console.settings
    Home(settings.home).check()
    moment = before.astimezone() if before else now()
    policy = policy_in_force(now())
    with services(settings) as ready, stop_on_signal() as stopped:
        if listed:
            return _list(console, ready, policy, moment)
        if ready.tsa is None:
            raise Unavailable(Code.TSA_UNAVAILABLE, "no time-stamp authority is configured")
        done = renew_all(ready, policy, moment, stop=stopped, refused_too=True)
    console.say("renew.done", renewed=done.renewed, refused=done.refused)
    console.result("renew", {**asdict(done), "due": []})
    if done.refused:
        return Exit.NEEDS_PERSON
    return Exit.INTERRUPTED if done.left else Exit.OK


def _list(console: Console, ready: Services, policy: RenewalPolicy, moment: datetime) -> int:
    with closing(due(ready, policy, moment)) as found:
        shown = [_report_entry(each) for each in due_reports(ready, policy, moment)]
        shown += [_own_entry(f"lot:{lot.id}", facts_of(lot), at) for lot, at in due_minutes(ready, policy, moment)]
        shown += [_entry(each) for each in islice(found, _SHOWN)]
        more = sum(1 for _ in found)
    for entry in shown:
        console.say("renew.due", document=entry["document"], at=(entry["due"] or "-")[:10], level=entry["level"])
    console.say("renew.total", count=len(shown) + more)
    console.result("renew", {"renewed": 0, "refused": 0, "left": bool(shown), "due": shown})
    return Exit.OK


def _report_entry(each: DueReport) -> dict[str, Any]:
    return _own_entry(f"snapshot:{each.report.snapshot}", each.report.facts, each.at)


def _own_entry(name: str, facts: SignatureFacts, at: datetime | None) -> dict[str, Any]:
    return {
        "document": name,
        "due": at.isoformat() if at else None,
        "level": facts.level,
        "until": facts.stamp_until or None,
        "digest": facts.stamp_digest,
        "key": facts.stamp_key,
        "verdict": facts.verdict,
    }


def _entry(each: Due) -> dict[str, Any]:
    form = each.form
    return {
        "document": form.document_id,
        "due": each.at.isoformat() if each.at else None,
        "level": form.level,
        "until": form.until.isoformat() if form.until else None,
        "digest": form.digest,
        "key": form.key,
        "verdict": form.verdict,
    }
