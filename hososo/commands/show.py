"""`hososo show DOSSIER`: documents, fields, renditions and history of one dossier."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import click

from catalog import Transaction, documents, events, fields, intakes, pages, renditions
from classify.rules import Rules, load_rules
from dossier.codes import parse_code
from dossier.errors import Code, Rejected
from dossier.model import Document, Dossier
from dossier.states import SignerRole
from hososo.console import Console, Exit, local_time
from hososo.wiring import open_catalogue
from pipeline.replacing import APPROVED

_SIGNS = {"added": "+", "replaced": "~", "removed": "-"}


@click.command("show")
@click.argument("code")
@click.pass_obj
def command(console: Console, code: str) -> int:
    """Show a dossier."""
    rules = load_rules()
    catalogue = open_catalogue(console.settings)
    with catalogue.read() as tx:
        value = _value(tx, known_dossier(tx, code), rules)
    catalogue.close()
    _print(console, value)
    console.result("show", value)
    return Exit.OK


def known_dossier(tx: Transaction, code: str) -> Dossier:
    """Return a dossier by its code as typed.

    Raises:
        Rejected(DOSSIER_UNKNOWN): There is none.
    """
    parsed = parse_code(code)
    found = intakes.find_dossier(tx, parsed.normal) if parsed else None
    if found is None:
        raise Rejected(Code.DOSSIER_UNKNOWN, subject=code)
    return found


def _value(tx: Transaction, dossier: Dossier, rules: Rules) -> dict[str, Any]:
    newest = intakes.latest(tx, dossier.id)
    return {
        "dossier": dossier.code,
        "unit": dossier.unit,
        "version": dossier.version,
        "changes": _changes(intakes.difference(tx, newest.id) if newest else {}),
        "documents": [_document(tx, document, rules) for document in documents.live(tx, dossier.id)],
        "superseded": [item.id for item in documents.every_version(tx, dossier.id) if item.superseded_by],
        "replacements": [
            {"at": event.at.isoformat(), "reason": event.payload["reason"], "approver": event.payload["approver"]}
            for event in events.chain(tx, dossier.id)
            if event.kind == APPROVED
        ],
        "events": [
            {"at": event.at.isoformat(), "kind": event.kind, "actor": event.actor, "digest": event.digest}
            for event in events.chain(tx, dossier.id)
        ],
    }


def _changes(difference: dict[str, Any]) -> dict[str, list[str]]:
    """Return the names of files by what happened to them since the delivery before; all empty for the first one."""
    return {kind: list(difference.get(kind, ())) for kind in _SIGNS}


def _document(tx: Transaction, document: Document, rules: Rules) -> dict[str, Any]:
    own_pages = pages.by_ids(tx, document.page_ids)
    return {
        "id": document.id,
        "kind": document.kind,
        "kind_name": rules.kind(document.kind).name,
        "confidence": document.kind_confidence,
        "confirmed": document.confirmed,
        "component": document.component,
        "state": document.state.value,
        "pages": [
            {"file": page.file_name, "number": page.number, "verdict": page.verdict.value if page.verdict else ""}
            for page in own_pages
        ],
        "fields": [
            {
                "name": value.name,
                "value": value.value,
                "confidence": value.confidence,
                "confirmed_by": value.confirmed_by,
                "must_confirm": value.must_confirm,
                "page": document.page_ids.index(value.page_id) + 1 if value.page_id in document.page_ids else 0,
                "box": list(value.box) if value.box else None,
            }
            for value in fields.of_document(tx, document.id)
        ],
        "renditions": [
            {
                "role": stored.role,
                "sha256": stored.ref.sha256,
                "key": stored.ref.key,
                "size": stored.ref.size,
                "signers": _signers(stored),
            }
            for stored in renditions.of_document(tx, document.id)
        ],
    }


def _signers(stored: renditions.Stored) -> list[dict[str, str]]:
    """Return who signed what we signed ourselves, and in which role, in order."""
    if stored.facts is None or stored.role == renditions.ORIGINAL:
        return []
    if stored.role == renditions.COMPARED:
        return [{"role": SignerRole.OFFICER.value, "name": stored.facts.signer}]
    named = {SignerRole.OFFICER: stored.facts.officer, SignerRole.AGENCY: stored.facts.signer}
    return [{"role": role.value, "name": name} for role, name in named.items() if name]


def _print(console: Console, value: dict[str, Any]) -> None:
    console.say("show.dossier", code=value["dossier"], unit=value["unit"], version=value["version"])
    for kind, sign in _SIGNS.items():
        for name in value["changes"][kind]:
            console.line(f"  {sign} {name}")
    for document in value["documents"]:
        _print_document(console, document)
    for each in value["replacements"]:
        reason = console.word(f"replace_reasons.{each['reason']}")
        at = local_time(datetime.fromisoformat(each["at"]))
        console.say("show.replaced", at=at, reason=reason, by=each["approver"])
    console.line()
    for event in value["events"]:
        happened = event["kind"].replace(".", "_")
        kind = console.word(f"events.{happened}")
        console.line(f"  {local_time(datetime.fromisoformat(event['at']))} {kind} ({event['actor']})")


def _print_document(console: Console, document: dict[str, Any]) -> None:
    mark = console.word("show.confirmed" if document["confirmed"] else "show.unconfirmed")
    state = console.word(f"document_states.{document['state']}")
    console.line()
    console.say("show.document", kind=document["kind_name"], state=state, mark=mark, pages=len(document["pages"]))
    for field in document["fields"]:
        sure = console.word("show.must_confirm") if field["must_confirm"] else ""
        name = console.field(field["name"])
        console.line(f"    {name}: {field['value']} ({field['confidence']:.0f}%) {sure}".rstrip())
    for stored in document["renditions"]:
        role = console.word("roles." + ("before_renewal" if renditions.is_earlier(stored["role"]) else stored["role"]))
        console.line(f"    {role}: {stored['key']}")
        for signer in stored["signers"]:
            role = console.word(f"signer_roles.{signer['role']}")
            console.line(f"      {role}: {signer['name']}")
