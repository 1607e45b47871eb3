"""What was said about the signatures when a document was archived: as it is kept, and in words to file away."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from starlette.responses import Response

from catalog import renditions
from dossier.errors import Code, HososoError, Rejected
from dossier.people import Permission
from dossier.wording import say
from pipeline.readings import stored_bytes
from web.attachment import attachment
from web.house import clock
from web.rules import Page, Rule, Subject
from web.visit import Visit


def as_json(visit: Visit) -> Response:
    """Give the report as the archive keeps it (docs/schemas/signature-report.json)."""
    return _given(visit, _kept(visit), "json", "application/json")


def as_text(visit: Visit) -> Response:
    """Give the report in words."""
    judged = read_report(_kept(visit))
    if judged is None:
        raise Rejected(Code.PAGE_UNKNOWN, "no report")
    text = "\n".join(_lines(visit, judged)) + "\n"
    return _given(visit, text.encode("utf-8-sig"), "txt", "text/plain; charset=utf-8")


def read_report(data: bytes) -> dict[str, Any] | None:
    """Return a kept report; None where it is damaged."""
    try:
        found = json.loads(data)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def at(text: str | None) -> str:
    """Return a moment of a report as people read it; empty where there is none."""
    try:
        return clock(datetime.fromisoformat(text)) if text else ""
    except ValueError:
        return text or ""


def _kept(visit: Visit) -> bytes:
    with visit.house.services.catalogue.read() as tx:
        stored = renditions.find(tx, visit.its_document().id, renditions.REPORT)
    if stored is None:
        raise Rejected(Code.PAGE_UNKNOWN, "no report")
    try:
        return stored_bytes(stored.ref.sha256, visit.house.services)
    except HososoError as exc:
        raise Rejected(Code.PAGE_UNKNOWN, "report damaged") from exc


def _lines(visit: Visit, judged: dict[str, Any]) -> Iterator[str]:
    word, document = visit.house.word, visit.its_document()
    yield word("report.title")
    yield word("report.document", code=document.code, number=document.ordinal + 1)
    yield word("report.file", sha256=judged.get("sha256", ""), size=judged.get("size", ""))
    yield word("report.verdict", verdict=_verdict(visit, judged), at=at(judged.get("at")))
    yield from (f"- {say(f'reasons.{reason}', visit.house.language)}" for reason in judged.get("reasons", ()))
    for number, one in enumerate(judged.get("signatures", ()), start=1):
        yield ""
        yield word("report.signature", number=number, signer=one.get("signer", ""))
        yield word("report.verdict", verdict=_verdict(visit, one), at=at(one.get("judged_at")))
        yield word("report.level", level=one.get("level", ""), digest=one.get("digest", ""))
        yield word("report.signed", at=at(one.get("signed_at")))
        yield word("report.path")
        for each in one.get("path", ()):
            yield f"  - {each.get('subject')} ({at(each.get('valid_from'))} – {at(each.get('valid_to'))})"
        if one.get("development"):
            yield word("site.demo")


def _verdict(visit: Visit, judged: dict[str, Any]) -> str:
    verdict = str(judged.get("verdict", ""))
    return visit.house.word(f"verdict.{verdict}") if verdict in ("valid", "invalid", "indeterminate") else verdict


def _given(visit: Visit, data: bytes, suffix: str, media_type: str) -> Response:
    document = visit.its_document()
    name = f"{document.code}-{document.ordinal + 1}-chu-ky.{suffix}"
    return attachment(data, name, media_type)


_SEEN = Rule(Permission.READ, Subject.DOCUMENT, "document.report")
PAGES = (
    Page("GET", "/documents/{document}/signatures.json", _SEEN, as_json),
    Page("GET", "/documents/{document}/signatures.txt", _SEEN, as_text),
)
