"""A person's word on a page: it must be scanned again, or it may stand although the machine found it bad."""

from __future__ import annotations

from starlette.responses import Response

from dossier.errors import Code, HososoError, Rejected
from dossier.people import Permission
from dossier.wording import advice
from pipeline.judging import PageFault, PageWord, judge_page
from web.pages.documents import show_page
from web.rules import Page, Rule, Subject
from web.visit import Visit


def again(visit: Visit) -> Response:
    """Ask for another scan of a page."""
    return _said(visit, visit.form.get("fault", ""))


def stands(visit: Visit) -> Response:
    """Let a page stand."""
    return _said(visit, None if visit.form.get("stands") == "yes" else "")


def _said(visit: Visit, fault: str | None) -> Response:
    text = visit.parameters["number"]
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 0  # noqa: PLR2004
    document = visit.its_document()
    if not 0 < number <= len(document.page_ids):
        raise Rejected(Code.PAGE_UNKNOWN, subject=document.id)
    try:
        if fault is not None and fault not in set(PageFault):
            raise Rejected(Code.REQUEST_INVALID, "what is wrong with the page", subject="fault")
        word = PageWord(document, number, PageFault(fault) if fault else None)
        judge_page(word, visit.someone(), visit.house.services)
    except HososoError as exc:
        return show_page(visit, number, advice(exc, visit.house.language), 422)
    return visit.go(f"/documents/{document.id}?page={number}")


_PAGE = "/documents/{document}/pages/{number}"
PAGES = (
    Page("POST", f"{_PAGE}/again", Rule(Permission.JUDGE, Subject.DOCUMENT, "page.again"), again),
    Page("POST", f"{_PAGE}/stands", Rule(Permission.CONFIRM, Subject.DOCUMENT, "page.stands"), stands),
)
