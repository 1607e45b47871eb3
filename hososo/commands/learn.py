"""`hososo learn export|fit|compare|adopt|reread`: corrections make the recogniser better; a worse one is not used."""

from __future__ import annotations

import getpass
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from classify.calibrating import as_json, fitted
from classify.cases import Case, cases_in
from classify.confidence import load_confidence
from classify.judgement import Score, judged, score
from classify.rules import Rules, load_rules
from classify.versions import versions
from hososo.console import Console, Exit
from hososo.home import Home
from hososo.recogniser import adopt as put_in_use
from hososo.recogniser import candidate, copy_of, folder_in_use
from hososo.usage import Misused
from hososo.wiring import services
from pipeline.indexing import bring_up_to_date
from pipeline.learning import export_cases
from pipeline.rereading import reread as read_again
from pipeline.sealing import seal

_SETS = ("frozen", "office")
_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


@click.group("learn")
def command() -> None:
    """Group of the commands on learning from corrections."""


@command.command("export")
@click.option("--to", "case_folder", type=click.Path(file_okay=False, path_type=Path), required=True)
@click.pass_obj
def export(console: Console, case_folder: Path) -> int:
    """Write what persons confirmed as cases."""
    with services(console.settings) as ready:
        done = export_cases(case_folder, ready)
    console.say("learn.exported", cases=done.cases, values=done.values, folder=case_folder)
    console.say("learn.personal")
    if done.unreadable:
        console.say("learn.unreadable", count=done.unreadable)
    console.result("learn-export", {"folder": str(case_folder), **asdict(done)})
    return Exit.NOT_SOUND if done.unreadable else Exit.OK


@command.command("fit")
@click.option("--office", type=_FOLDER, required=True)
@click.option("--to", "recogniser_folder", type=click.Path(file_okay=False, path_type=Path), required=True)
@click.pass_obj
def fit(console: Console, office: Path, recogniser_folder: Path) -> int:
    """Make a recogniser out of the present one whose confidences are fitted on the office's papers too."""
    if recogniser_folder.exists() and any(recogniser_folder.iterdir()):
        raise Misused(console.word("learn.not_empty", folder=recogniser_folder))
    present = _present(console)
    before = load_confidence(present.folder)
    found = list(judged(_cases(console, office), present))
    groups = {name: weights.fields for name, weights in before.groups.items()}
    model = fitted(found, groups, before)
    copy_of(present, recogniser_folder)
    (recogniser_folder / "data" / "confidence.json").write_text(as_json(model), encoding="utf-8")
    console.say("learn.fitted", values=len(found), version=model.version, folder=recogniser_folder)
    console.result("learn-fit", {"folder": str(recogniser_folder), "values": len(found), "version": model.version})
    return Exit.OK


@command.command("compare")
@click.argument("recogniser", type=_FOLDER)
@click.option("--frozen", type=_FOLDER, required=True)
@click.option("--office", type=_FOLDER, required=True)
@click.pass_obj
def compare(console: Console, recogniser: Path, frozen: Path, office: Path) -> int:
    """Hold a recogniser against the present one on the frozen set and on the office's own papers."""
    told = _compared(console, recogniser, {"frozen": frozen, "office": office})
    console.result("learn-compare", told)
    return Exit.OK if told["no_worse"] else Exit.NOT_SOUND


@command.command("adopt")
@click.argument("recogniser", type=_FOLDER)
@click.option("--frozen", type=_FOLDER, required=True)
@click.option("--office", type=_FOLDER, required=True)
@click.option("--by", "adopted_by", default=getpass.getuser)
@click.pass_obj
def adopt(console: Console, recogniser: Path, frozen: Path, office: Path, adopted_by: str) -> int:
    """Put a recogniser in use unless it is worse than the present one."""
    told = _compared(console, recogniser, {"frozen": frozen, "office": office})
    if told["no_worse"]:
        home = Home(console.settings.home)
        home.check()
        home.recognisers.mkdir(mode=0o700, exist_ok=True)
        put_in_use(_candidate(console, recogniser), home.recognisers, adopted_by, told["sets"])
        console.say("learn.adopted")
    else:
        console.say("learn.refused")
    console.result("learn-adopt", told)
    return Exit.OK if told["no_worse"] else Exit.NOT_SOUND


@command.command("reread")
@click.pass_obj
def reread(console: Console) -> int:
    """Recognise anew what no person has confirmed."""
    with services(console.settings) as ready:
        done = read_again(ready, lambda count: console.say("learn.looked", count=count))
        bring_up_to_date(ready)
        seal(ready)
    console.say("learn.reread", looked=done.looked, changed=done.changed)
    if done.unreadable:
        console.say("learn.unreadable", count=done.unreadable)
    console.result("learn-reread", asdict(done))
    return Exit.NOT_SOUND if done.unreadable else Exit.OK


def _compared(console: Console, recogniser: Path, sets: dict[str, Path]) -> dict[str, Any]:
    present, other = _present(console), _candidate(console, recogniser)
    if versions(present) == versions(other):
        raise Misused(console.word("learn.same"))
    told: dict[str, Any] = {}
    for name in _SETS:
        one, two = (score(_cases(console, sets[name]), rules) for rules in (present, other))
        if not one.papers:
            raise Misused(console.word("learn.no_cases", folder=sets[name]))
        worse = two.worse_than(one)
        _tell(console, name, one, two, worse)
        told[name] = {"present": asdict(one), "candidate": asdict(two), "worse": list(worse)}
    return {
        "present": dict(versions(present)),
        "candidate": dict(versions(other)),
        "sets": told,
        "no_worse": not any(own["worse"] for own in told.values()),
    }


def _tell(console: Console, name: str, one: Score, two: Score, worse: tuple[str, ...]) -> None:
    said = "learn.set_frozen" if name == "frozen" else "learn.set_office"
    console.say(said, papers=one.papers, values=one.values)
    for figure in ("kinds_right", "kinds_sure_wrong", "values_right", "values_taken_wrong", "error"):
        before, after = (
            f"{getattr(each, figure):g}" if figure != "error" else f"{each.error:.1f}" for each in (one, two)
        )
        mark = console.word("learn.worse") if figure in worse else ""
        console.line(f"  {console.word(f'learn.{figure}')}: {before} → {after} {mark}".rstrip())


def _present(console: Console) -> Rules:
    return load_rules(folder_in_use(Home(console.settings.home).recognisers))


def _candidate(console: Console, recogniser: Path) -> Rules:
    return candidate(recogniser, console.word("learn.no_recogniser", folder=recogniser))


def _cases(console: Console, folder: Path) -> Iterator[Case]:
    try:
        yield from cases_in(folder)
    except ValueError as exc:
        raise Misused(console.word("learn.no_case", what=str(exc)[:200])) from exc
