"""`hososo verify`: judge the archive, some dossiers, or any PDF."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from catalog import intakes
from dossier.codes import parse_code
from dossier.errors import Code, Rejected
from dossier.model import Dossier
from hososo.commands.show import known_dossier
from hososo.console import Console, Exit, local_time
from hososo.wiring import services
from pipeline.services import Services
from pipeline.verification import Finding, verify_dossier, verify_file, verify_seals
from signing.verdict import Verification


@click.command("verify")
@click.argument("targets", nargs=-1)
@click.pass_obj
def command(console: Console, targets: tuple[str, ...]) -> int:
    """Verify; exit code 5 when anything is not sound."""
    with services(console.settings) as ready:
        files = [Path(target) for target in targets if Path(target).is_file()]
        judged = [(path, verify_file(path, ready)) for path in files]
        findings = list(_findings(ready, [target for target in targets if not Path(target).is_file()], not targets))
    for path, verdict in judged:
        _tell_file(console, path, verdict)
    if findings:
        _tell_archive(console, findings)
    console.result("verify", _value(findings, judged))
    sound = all(item.verdict == "valid" for item in findings) and all(v.verdict == "valid" for _, v in judged)
    return Exit.OK if sound else Exit.NOT_SOUND


def _findings(ready: Services, codes: list[str], everything: bool) -> Iterator[Finding]:  # noqa: FBT001
    with ready.catalogue.read() as tx:
        dossiers: list[Dossier] = [known_dossier(tx, _code(target)) for target in codes]
        if everything:
            dossiers = intakes.all_dossiers(tx)
    for dossier in dossiers:
        yield from verify_dossier(dossier, ready)
    if everything:
        yield verify_seals(ready)


def _code(target: str) -> str:
    """Return a target that is no file, unless it was meant to be one."""
    if parse_code(target) is None:
        raise Rejected(Code.FILE_UNREADABLE, "neither a file nor a dossier code", subject=target)
    return target


def _tell_file(console: Console, path: Path, verdict: Verification) -> None:
    console.say("verify.file", file=path.name, verdict=console.word(f"verdicts.{verdict.verdict}"))
    for one in verdict.signatures:
        verdict_word = console.word(f"verdicts.{one.verdict}")
        at = local_time(one.signed_at) if one.signed_at else "-"
        console.say("verify.signed_by", signer=one.signer, at=at, level=one.level, verdict=verdict_word)
        if one.development:
            console.say("verify.development")
    for reason in verdict.reasons:
        console.line(f"  [{reason}] " + console.word(f"reasons.{reason}"))


def _tell_archive(console: Console, findings: list[Finding]) -> None:
    for kind in ("object", "signature", "chain", "seal"):
        of_kind = [item for item in findings if item.kind == kind]
        good = sum(item.verdict == "valid" for item in of_kind)
        if of_kind:
            console.say(f"verify.{kind}", good=good, total=len(of_kind))
    for item in findings:
        if item.verdict != "valid":
            code = item.code or Code.SIGNATURE_INVALID
            console.line(f"  {console.problem(code, f'{item.dossier} {item.subject}')} {item.detail}".rstrip())
    if any(item.development for item in findings):
        console.say("verify.development")


def _value(findings: list[Finding], judged: list[tuple[Path, Verification]]) -> dict[str, Any]:
    return {
        "findings": [
            {
                "dossier": item.dossier,
                "kind": item.kind,
                "subject": item.subject,
                "verdict": item.verdict,
                "code": item.code.value if item.code else None,
                "detail": item.detail,
                "development": item.development,
            }
            for item in findings
        ],
        "files": [
            {
                "file": path.name,
                "verdict": str(verdict.verdict),
                "reasons": [str(reason) for reason in verdict.reasons],
                "signatures": [
                    {
                        "signer": one.signer,
                        "level": one.level,
                        "signed_at": one.signed_at.isoformat() if one.signed_at else None,
                        "verdict": str(one.verdict),
                        "reasons": [str(reason) for reason in one.reasons],
                        "development": one.development,
                    }
                    for one in verdict.signatures
                ],
            }
            for path, verdict in judged
        ],
    }
