"""The question about secrecy: pages that may carry a marking wait unread until somebody has looked at the paper.

No picture is shown: who is asked has the paper in hand, and what may be a state secret goes to no screen or cache.
"""

from __future__ import annotations

import re

from starlette.responses import Response

from dossier.errors import Code, HososoError, Rejected
from dossier.people import Permission
from dossier.wording import advice, say
from pipeline.secrecy_answers import Answer, answer
from pipeline.secrecy_questions import questions
from web.rules import Page, Rule
from web.visit import Visit

_MOST = 200
_OF_OURS = re.compile(r"[a-z0-9_-]{1,40}")


def show(visit: Visit, exc: HososoError | None = None) -> Response:
    """Show what waits: dossier, file, page, and where on the sheet to look."""
    language = visit.house.language
    found = questions(visit.someone(), visit.house.services, _MOST)
    return visit.page(
        "secrecy.html",
        status=422 if exc else 200,
        told=advice(exc, language) if exc else None,
        found=[
            (code, page, [say(f"page_reasons.{each}", language) for each in page.reasons[1:]]) for code, page in found
        ],
        more=len(found) == _MOST,
    )


def said(visit: Visit) -> Response:
    """Take an answer."""
    word = visit.form.get("said", "")
    try:
        if word not in set(Answer):
            raise Rejected(Code.REQUEST_INVALID, "an answer", subject="said")
        answer(visit.form.get("page", ""), Answer(word), visit.someone(), visit.house.services)
    except HososoError as exc:
        return show(visit, exc)
    return visit.go("/secrecy")


def _answered(visit: Visit) -> str:
    """Return what the access log says of an answer: of which page, and what; nothing that is not of our form."""
    form = {name: visit.form.get(name, "") for name in ("page", "said")}
    return " ".join(f"{name}={value}" for name, value in form.items() if _OF_OURS.fullmatch(value))


PAGES = (
    Page("GET", "/secrecy", Rule(Permission.JUDGE, noted="secrecy.view", seldom=True), show),
    Page("POST", "/secrecy", Rule(Permission.JUDGE, noted="secrecy.answer", more=_answered), said),
)
