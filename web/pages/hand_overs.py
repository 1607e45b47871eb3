"""One hand-over: how far it is, page by page, told while it happens."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import AsyncIterator, Mapping
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response, StreamingResponse

from catalog import hand_overs
from dossier.errors import HososoError
from dossier.page_look import PageLook
from dossier.people import Permission
from dossier.wording import say
from pipeline.first_looks import seen, together
from pipeline.hand_over_progress import FileProgress, PageProgress, Progress, Stage, progress
from pipeline.taking_over import take_over
from web.page_verdict import tone_of
from web.pages.counter import leaf_doubt, why
from web.rules import Page, Rule, Subject
from web.visit import Visit

_LOOK_SECONDS, _LONGEST_SECONDS = 1.0, 120.0
_STREAMS = threading.BoundedSemaphore(60)
_GOOD = (Stage.ARCHIVED,)
_BAD = (Stage.ASKED, Stage.REJECTED, Stage.STOPPED, Stage.ABANDONED, Stage.UNAPPROVED)


def show(visit: Visit) -> Response:
    """Show how far a hand-over is; it looks again by itself, with and without scripts."""
    if visit.its_hand_over().is_stack:
        return visit.go("/stacks")
    found = _progress(visit)
    return visit.page("hand_over.html", **_told(found, visit))


def follow(visit: Visit) -> Response:
    """Send a line whenever something has changed, until it is over or two minutes have passed."""
    return StreamingResponse(_changes(visit), media_type="text/event-stream", headers={"cache-control": "no-store"})


async def _changes(visit: Visit) -> AsyncIterator[str]:
    if not _STREAMS.acquire(blocking=False):  # too many look on: the browser asks again by itself
        return
    before, waited = "", 0.0
    try:
        while waited < _LONGEST_SECONDS:
            try:
                found = await run_in_threadpool(_progress, visit)
            except HososoError:
                return  # the browser asks again by itself
            line = json.dumps(_told(found, visit), ensure_ascii=False)
            if line != before:
                yield f"data: {line}\n\n"
                before = line
            if found.is_over:
                return
            await asyncio.sleep(_LOOK_SECONDS)
            waited += _LOOK_SECONDS
    finally:
        _STREAMS.release()


def _progress(visit: Visit) -> Progress:
    services, own = visit.house.services, visit.its_hand_over()
    take_over(own.id, services)  # its turn may have come
    with services.catalogue.read() as tx:
        return progress(tx, hand_overs.find(tx, own.id) or own)


def _told(found: Progress, visit: Visit) -> dict[str, Any]:
    """Return what the page shows, as values that a script can fill in as well."""
    word = visit.house.word
    counted = word("handing.counted", pages=found.pages, declared=found.own.pages) if found.miscounted else ""
    return {
        "code": found.own.code,
        "stage": found.stage.value,
        "over": found.is_over,
        "tone": "good" if found.stage in _GOOD else "bad" if found.stage in _BAD else "",
        "state": word(f"stage.{found.stage.value}"),
        "advice": word(f"stage_advice.{found.stage.value}"),
        "counted": counted,
        "leaves": " ".join(leaf_doubt(each, visit) for each in found.leaves),
        "pages": found.pages,
        "read": found.read,
        "progress": word("handing.read", read=found.read, pages=found.pages) if found.pages else "",
        "rows": [row for each in found.files for row in _rows(each, _looks(each, found, visit), visit)],
    }


def _looks(each: FileProgress, found: Progress, visit: Visit) -> dict[int, PageLook]:
    """Return what a first look has told of a file, page by page; nothing where a state-secret marking was seen."""
    if found.stage is Stage.STOPPED:
        return {}
    return {look.number: look for look in seen(visit.house.services.spool, each.file.id)}


def _rows(each: FileProgress, looks: Mapping[int, PageLook], visit: Visit) -> list[dict[str, str]]:
    """Return a line for each page of a file, one for a file that has none."""
    name, language = each.file.placed_as or each.file.name, visit.house.language
    pages = {page.number: page for page in each.pages}
    if each.error or not (pages or looks):
        told = why((), each.error, visit) if each.error else []
        verdict = say("page_verdicts.rescan", language) if each.error else visit.house.word("handing.waits")
        tone = "bad" if each.error else ""
        return [{"name": name, "page": "", "verdict": verdict, "tone": tone, "why": "; ".join(told)}]
    return [_row(name, number, pages.get(number), looks.get(number), visit) for number in sorted({*pages, *looks})]


def _row(name: str, number: int, page: PageProgress | None, look: PageLook | None, visit: Visit) -> dict[str, str]:
    verdict, reasons = together(page.verdict if page else None, page.reasons if page else (), look)
    waits = visit.house.word("handing.waits")
    told = say(f"page_verdicts.{verdict.value}", visit.house.language) if verdict else waits
    if verdict and (page is None or page.verdict is None):
        told = visit.house.word("handing.first_look", verdict=told)
    words = why(reasons, "", visit)
    if look is not None and look.like and reasons and reasons[-1] == "same_sheet":
        other, _, at = look.like.partition("\n")
        words.append(visit.house.word("handing.like", name=other, page=at))
    return {"name": name, "page": str(number), "verdict": told, "tone": tone_of(verdict), "why": "; ".join(words)}


_SEEN = Rule(Permission.UPLOAD, Subject.HAND_OVER, "hand_over.view", seldom=True)
PAGES = (
    Page("GET", "/hand-overs/{hand_over}", _SEEN, show),
    Page("GET", "/hand-overs/{hand_over}/events", _SEEN, follow),
)
