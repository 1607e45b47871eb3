"""The judgement after a campaign: the archive against what was delivered, by code that is not the product's."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from tests.chaos.installation import ARCHIVE, HOLDING, Installation
from tests.chaos.papers import POISON_FILE, Papers
from tests.e2e.archive import PageIdentity, pdf_pages

Findings = Iterator[str]


def judge(installation: Installation, papers: Papers) -> list[str]:
    """Return everything that is not as it must be, once all work is done and everything is up again."""
    found = [f"sweep: {line}" for line in _command(installation, (0,), "sweep")]
    found += [f"last sweep: {line}" for line in installation.sweep_without_patience()]
    stored = dict(objects(installation))
    checks: tuple[Callable[[], Findings], ...] = (
        lambda: _pages(stored, papers),
        lambda: _references(installation, stored),
        lambda: _versions(installation),
        lambda: _holding(installation),
        lambda: _work(installation, papers),
        lambda: _once(installation, stored),
        lambda: _commands(installation, papers),
        lambda: _logs(installation),
    )
    return found + [finding for check in checks for finding in check()]


def lost_and_doubled(stored: dict[str, bytes], papers: Papers) -> tuple[Counter[PageIdentity], Counter[PageIdentity]]:
    """Return the pages that are missing in the archive and those that are there too often."""
    there, expected = _archived(stored), papers.expected()
    return expected - there, there - expected


def objects(installation: Installation) -> Iterator[tuple[str, bytes]]:
    """Yield name and bytes of everything in the archive, read without the program."""
    server = installation.seaweed
    if server is None:
        root = installation.home / "archive" / "objects"
        yield from ((path.name, path.read_bytes()) for path in root.rglob("*") if path.is_file())
        return
    sdk = server.sdk()
    for each in sdk.list_objects(ARCHIVE, prefix="objects/", recursive=True):
        name = each.object_name or ""
        yield name.rpartition("/")[2], sdk.get_object(ARCHIVE, name).data


def _archived(stored: dict[str, bytes]) -> Counter[PageIdentity]:
    newest: dict[str, dict[str, Any]] = {}
    for data in stored.values():
        if data.startswith(b"{") and b'"renditions"' in data:
            manifest = json.loads(data)
            if manifest["version"] >= newest.get(manifest["dossier"], manifest)["version"]:
                newest[manifest["dossier"]] = manifest
    return Counter(
        (manifest["dossier"], page["file"], page["number"], digest)
        for manifest in newest.values()
        for document in manifest["documents"]
        for final in document["renditions"]
        if final["role"] not in {"report", "evidence"}
        for page, digest in zip(document["pages"], pdf_pages(stored[final["sha256"]]), strict=True)
    )


def _pages(stored: dict[str, bytes], papers: Papers) -> Findings:
    lost, doubled = lost_and_doubled(stored, papers)
    yield from (f"page lost: {page[:3]}" for page in lost.elements())
    yield from (f"page doubled: {page[:3]}" for page in doubled.elements())
    for name, data in stored.items():
        if hashlib.sha256(data).hexdigest() != name:
            yield f"object damaged: {name}"


def _references(installation: Installation, stored: dict[str, bytes]) -> Findings:
    claimed = {str(row[0]) for row in installation.rows("select distinct sha256 from claim")}
    recorded = {str(row[0]) for row in installation.rows("select sha256 from stored_object")}
    intended = [(str(row[0]), row[1]) for row in installation.rows("select sha256, item_id from intent")]
    by_hand = {name for name, item in intended if not item}  # what no work item stores is spared for a day
    yield from (f"claimed object missing: {name}" for name in claimed - set(stored))
    yield from (f"unreferenced object: {name}" for name in set(stored) - claimed - by_hand)
    yield from (f"record without claim: {name}" for name in recorded - claimed)
    yield from (f"left condemned: {row[0]}" for row in installation.rows("select sha256 from condemned"))
    yield from (f"left intended: {name} by item {item}" for name, item in intended if item)


def _versions(installation: Installation) -> Findings:
    server = installation.seaweed
    if server is None:
        return
    versions = Counter(
        each.object_name
        for each in server.sdk().list_objects(ARCHIVE, prefix="objects/", recursive=True, include_version=True)
    )
    yield from (f"object has {count} versions: {name}" for name, count in versions.items() if count > 1)


def _holding(installation: Installation) -> Findings:
    server = installation.seaweed
    if server is not None:
        for each in server.sdk().list_objects(HOLDING, recursive=True):
            yield f"left in holding: {each.object_name}"
    for host in installation.hosts:
        for folder in ("holding", "scratch", "archive/tmp"):
            for path in (host.home / folder).rglob("*"):
                if path.is_file() and (folder != "scratch" or server is None):
                    yield f"left on {host.name}: {path.relative_to(host.home)}"


def _work(installation: Installation, papers: Papers) -> Findings:
    rows = installation.rows(
        "select w.id, w.step, w.state, w.worker, w.error, w.crashes, d.code, coalesce(f.name, '') from work_item w "
        "join intake i on w.intake_id = i.id join dossier d on i.dossier_id = d.id "
        "left join page p on w.subject = p.id left join source_file f on p.file_id = f.id where w.state <> 'done'"
    )
    for number, step, state, worker, error, crashes, code, file in rows:
        if (step, state, code, file) != ("read", "quarantined", papers.poison, POISON_FILE) or error != "POISON":
            yield f"work item {number} {step} {state} by '{worker}' {error} after {crashes} crashes: {code} {file}"
    if papers.poison and not any(row[2] == "quarantined" for row in rows):
        yield "the poisoned page was not set aside"


def _once(installation: Installation, stored: dict[str, bytes]) -> Findings:
    documents = {str(row[0]) for row in installation.rows("select id from document")}
    unfinished = installation.rows("select id, state from document where state <> 'archived' or superseded_by <> ''")
    yield from (f"document {row[0]} is {row[1]}" for row in unfinished)
    for kind in ("rendered", "signed", "archived"):
        links = installation.rows(f"select payload from event_link where kind = '{kind}'")  # noqa: S608
        told = Counter(json.loads(str(row[0]))["document"] for row in links)
        yield from (f"{kind} {told[each]} times: document {each}" for each in documents if told[each] != 1)
        yield from (f"{kind}: unknown document {each}" for each in set(told) - documents)
    finals = {str(row[0]) for row in installation.rows("select sha256 from rendition")}
    pdfs = {name for name, data in stored.items() if data.startswith(b"%PDF") and b"/ByteRange" in data}
    yield from (f"signed file that no document has: {name}" for name in pdfs - finals)


def _commands(installation: Installation, papers: Papers) -> Findings:
    yield from _command(installation, (0,), "verify")
    yield from _command(installation, (3,) if papers.poison else (0,), "status")
    code, again = installation.json("deliver", papers.inbox)
    counted = again.get("dossiers", {})
    if code != 0 or counted.get("same") != len(papers.dossiers):
        yield f"second delivery: exit {code}, {counted}"


def _command(installation: Installation, codes: tuple[int, ...], *words: str) -> Findings:
    code, out, err = installation.run(*words)
    if code not in codes:
        yield f"hososo {' '.join(words)} ended with {code}: {(out + err)[-600:]}"


def _logs(installation: Installation) -> Findings:
    """Tell each bug that a worker met, and each supervisor that ended by a fault of its own."""
    for host in installation.hosts:
        log = host.home / "log" / "hososo.log"
        lines = log.read_text(encoding="utf-8", errors="replace").splitlines() if log.is_file() else []
        yield from (f"{host.name} logged: {line[:600]}" for line in lines if '"bug' in line)
        ended = (each for each in host.exits if each.status not in (0, 4))
        yield from (f"{host.name}: a supervisor ended with {each.status}: {each.said}" for each in ended)
