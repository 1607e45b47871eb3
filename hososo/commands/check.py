"""`hososo check FILE…`: are these scans any good; nothing is archived, nothing kept."""

from __future__ import annotations

from pathlib import Path

import click

from dossier.errors import Code, HososoError
from dossier.page import Verdict
from dossier.page_look import PageLook
from dossier.text import visible
from dossier.wording import advice
from hososo.console import Console, Exit
from hososo.usage import File
from ingest.limits import Limits
from pipeline.looking import FileLooker

_ONE_GROUP = "check"


@click.command("check")
@click.argument("files", nargs=-1, required=True, type=File())
@click.pass_obj
def command(console: Console, files: tuple[Path, ...]) -> int:
    """Look at the pages of files."""
    said: list[dict[str, object]] = []
    with FileLooker(Limits()) as looker:
        for path in files:
            try:
                said.extend(_told(console, path, look) for look in looker.looks(path, _ONE_GROUP, str(path)))
            except HososoError as exc:
                said.append(_refused(console, path, exc.code))
    console.result("check", {"pages": said})
    return Exit.NEEDS_PERSON if any(each["verdict"] != Verdict.GOOD.value for each in said) else Exit.OK


def _told(console: Console, path: Path, look: PageLook) -> dict[str, object]:
    name, _, number = look.like.partition("\n")
    why = [console.word(f"page_reasons.{reason}") for reason in look.reasons]
    if look.like:
        why.append(console.word("check.like", name=visible(name), page=number))
    verdict = console.word(f"page_verdicts.{look.verdict.value}")
    if why:
        console.say("check.page", name=visible(str(path)), page=look.number, verdict=verdict, why="; ".join(why))
    else:
        console.say("check.good_page", name=visible(str(path)), page=look.number, verdict=verdict)
    like = {"name": name, "number": int(number)} if look.like else None
    return {
        "file": str(path),
        "number": look.number,
        "verdict": look.verdict.value,
        "reasons": list(look.reasons),
        "like": like,
    }


def _refused(console: Console, path: Path, code: Code) -> dict[str, object]:
    told = advice(code, console.language)
    console.say("check.refused", name=visible(str(path)), why=f"{told.cause} {told.cure}")
    verdict = Verdict.RESCAN.value
    return {"file": str(path), "number": None, "verdict": verdict, "reasons": [code.value.lower()], "like": None}
