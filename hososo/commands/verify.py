"""`hososo verify`: judge the archive, some dossiers, or any PDF."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
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
from pipeline.lot_minutes import verify_lots
from pipeline.reporting import verify_reports
from pipeline.services import Services
from pipeline.verification import Finding, verify_access_log, verify_dossier, verify_file, verify_seals
from signing.report import report
from signing.verdict import SignatureVerdict, StampVerdict, Verdict, Verification


@click.command("verify")
@click.argument("targets", nargs=-1)
@click.option("--at", type=click.DateTime(["%Y-%m-%d"]))
@click.pass_obj
def command(console: Console, targets: tuple[str, ...], at: datetime | None) -> int:
    """Verify; exit code 5 when anything is not sound."""
    with services(console.settings) as ready:
        files = [Path(target) for target in targets if Path(target).is_file()]
        judged = [(path, verify_file(path, ready, at.replace(tzinfo=UTC) if at else None)) for path in files]
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
        yield from verify_reports(ready)
        yield from verify_lots(ready)
        yield from verify_access_log(ready)
        yield verify_seals(ready)


def _code(target: str) -> str:
    """Return a target that is no file, unless it was meant to be one."""
    if parse_code(target) is None:
        raise Rejected(Code.FILE_UNREADABLE, "neither a file nor a dossier code", subject=target)
    return target


def _tell_file(console: Console, path: Path, found: Verification) -> None:
    console.say("verify.file", file=path.name, verdict=console.word(f"verdicts.{found.verdict}"))
    for one in found.signatures:
        at = local_time(one.signed_at) if one.signed_at else "-"
        source = console.word(f"time_sources.{one.time_source or 'none'}")
        console.say(
            "verify.signed_by",
            role=console.word(f"signer_roles.{one.role or 'none'}"),
            signer=one.signer,
            at=f"{at} ({source})",
            level=one.level,
            verdict=_said(console, one.verdict, one.subindication),
        )
        if one.development:
            console.say("verify.development")
        _tell_grounds(console, one)
    for stamp in found.time_stamps:
        at = local_time(stamp.stamped_at) if stamp.stamped_at else "-"
        verdict = _said(console, stamp.verdict, stamp.subindication)
        console.say("verify.stamped_by", authority=stamp.authority, at=at, verdict=verdict)
        _tell_grounds(console, stamp)
    for reason in found.reasons:
        console.line(f"  [{reason}] " + console.word(f"reasons.{reason}"))


def _said(console: Console, verdict: Verdict, subindication: str | None) -> str:
    return console.word(f"verdicts.{verdict}") + (f" ({subindication})" if subindication else "")


def _tell_grounds(console: Console, one: SignatureVerdict | StampVerdict) -> None:
    """Tell the path, what is known of revocation, and what was changed afterwards."""
    for each in one.path:
        since, until = local_time(each.valid_from), local_time(each.valid_to)
        console.say("verify.certificate", subject=each.subject, since=since, until=until)
    known = one.revocation
    at = local_time(known.issued_at) if known.issued_at else "-"
    status = console.word(f"revocation.{known.status}")
    console.say("verify.revocation", status=status, source=(known.source or "-").upper(), at=at)
    console.say("verify.changes", changes=console.word(f"changes.{one.changes}"))


def _tell_archive(console: Console, findings: list[Finding]) -> None:
    for kind in ("object", "signature", "chain", "access", "seal"):
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
        "files": [{"file": path.name, **report(found)} for path, found in judged],
    }
