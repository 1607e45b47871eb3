"""What is said of a page that is looked at, by the machine or by a person, and what who looks may say."""

from __future__ import annotations

from dataclasses import dataclass

from dossier.model import Page as ScannedPage
from dossier.page import Verdict
from dossier.people import Permission
from dossier.states import PageState
from dossier.wording import say
from pipeline.judging import PageFault
from pipeline.whole_dossier import CODES
from web.pages.counter import why
from web.visit import Visit


@dataclass(frozen=True, slots=True)
class Judged:
    """What is said of a page that is looked at: its verdict and why in words; what one may say of it."""

    verdict: str
    tone: str
    reasons: list[str]
    faults: list[tuple[str, str]]
    may_stand: bool


def judged_page(visit: Visit, page: ScannedPage) -> Judged:
    """Return what is said of a page and what who asks may say."""
    language = visit.house.language
    verdict = page.verdict
    known = say(f"page_verdicts.{verdict.value}", language) if verdict else ""
    is_read = page.state is PageState.READ
    may_ask = is_read and visit.reached and visit.may(Permission.JUDGE)
    faults = [(each.value, say(f"page_faults.{each.value}", language)) for each in PageFault]
    return Judged(
        known,
        tone_of(verdict),
        why(page.reasons, page.error, visit),
        faults if may_ask else [],
        is_read
        and (verdict is Verdict.RESCAN or not CODES.keys().isdisjoint(page.reasons))
        and visit.reached
        and visit.may(Permission.CONFIRM),
    )


def tone_of(verdict: Verdict | None) -> str:
    """Return the colour class of a verdict; none for a page that was not read yet."""
    return {Verdict.GOOD: "good", Verdict.RESCAN: "bad", None: ""}.get(verdict, "doubt")
