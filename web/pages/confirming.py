"""Confirming: image and form side by side, one document after the other; Enter confirms and brings the next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from urllib.parse import urlencode

from starlette.responses import Response

from catalog import documents, fields, pages, register_rows, samples, words
from catalog.words import Word
from classify.rules import OTHER, UNKNOWN
from classify.versions import said_of
from dossier.digest import canonical, of_bytes
from dossier.errors import Code, HososoError, Rejected
from dossier.model import Document, FieldValue
from dossier.model import Page as ScannedPage
from dossier.page import ELSEWHERE, PageTransform
from dossier.people import Permission
from dossier.register import VIETNAM
from dossier.text import nfc
from dossier.wording import Advice, advice, field_name
from pipeline.doubtful_cuts import doubts_of
from pipeline.reading_as import read_as
from pipeline.readings import stored_reading
from pipeline.sampling import by_day, draw_day, look
from pipeline.two_person import Outcome, disputed, take
from web.rules import Page, Rule, Subject
from web.visit import Visit

_SHOWN = 50
_LONGEST = 2000
_CANDIDATES, _SAMPLED = 3, 500
_AGREED = 99.0  # what `classify.crosscheck` gives a value that another source has too
_HOW = {"+": "agrees", "~": "spelt", "!": "against"}
_APPLICANT = ("ho_ten", "ho_ten_2", "ben_a", "ben_b")


@dataclass(frozen=True, slots=True)
class Entry:
    """A value as the form has it: its place in the form, its name in words, how sure the machine is, where it stands.

    `known` says that another source has the same (the register, the dossier's code): nobody is asked for it. `told` is
    the key of what another source says of it, empty for nothing.
    `outline` is x, y, width and height on the upright page that is shown; None when it stands on another or nowhere.
    """

    place: int
    name: str
    value: str
    raw: str
    confidence: int
    sure: bool
    page: int
    outline: tuple[int, int, int, int] | None
    known: bool = False
    told: str = ""
    candidates: tuple[str, ...] = ()


def queue(visit: Visit) -> Response:
    """Show what needs a person, or all that nobody has confirmed, and go to the first."""
    services = visit.house.services
    with services.catalogue.read() as tx:
        mine = words.of_account(tx, visit.someone().id)
        waiting = documents.unconfirmed(tx, visit.units, _SHOWN, mine, _sure(visit))
    listed = [(each, services.rules.kind(each.kind).name) for each in waiting]
    return visit.page(
        "queue.html",
        waiting=listed,
        more=len(waiting) == _SHOWN,
        mine=len(mine),
        said=_told(visit),
        every=_sure(visit) is None,
    )


def form(visit: Visit) -> Response:
    """Show one document with what the machine read of it."""
    document, services = visit.its_document(), visit.house.services
    number = visit.number("page", 1, max(len(document.page_ids), 1))
    with services.catalogue.read() as tx:
        own_pages = pages.by_ids(tx, document.page_ids)
        values = fields.of_document(tx, document.id)
        likely = documents.candidates(tx, document.id)[:_CANDIDATES]
        why, doubts = documents.explanation(tx, document.id), doubts_of(tx, document, services)
        said = words.of_document(tx, document.id)
        entry = register_rows.find(tx, document.code)
    seen = _seen(document, values)
    chosen = _chosen(document, visit)
    if chosen:
        values = read_as(document, chosen, services)
    every_too = "&all=1" if _sure(visit) is None else ""
    page, between = own_pages[number - 1], disputed(said, seen)
    transform = _transform(visit, page)
    width, height = transform.upright_size
    kinds = sorted(((kind.code, kind.name) for kind in services.rules.kinds.values()), key=lambda each: each[1])
    return visit.page(
        "confirm.html",
        document=document,
        kinds=kinds,
        kind=chosen or document.kind,
        chosen=chosen,
        every_too=every_too,
        beside=every_too + (f"&kind={chosen}" if chosen else ""),
        shown=_seen(document, values) if chosen else "",
        likely=[(code, services.rules.kind(code).name, round(confidence)) for code, confidence in likely],
        elsewhere=[at for at, each in enumerate(own_pages, 1) if ELSEWHERE in each.reasons],
        why=why,
        doubts=doubts,
        between=[services.rules.kind(code).name for code in between.get("", [])],
        said=_told(visit),
        entries=[
            replace(
                _entry(place, value, document, page, transform, visit.house.language),
                candidates=_candidates(value, values, between, entry.applicant if entry else ""),
            )
            for place, value in enumerate(values)
        ],
        lacking=[
            (name, field_name(name, visit.house.language)) for name in _lacking(chosen or document.kind, values, visit)
        ],
        seen=seen,
        number=number,
        width=width,
        height=height,
        last=len(document.page_ids),
        accept=services.rules.bands.accept,
        every=_sure(visit) is None,
    )


def confirm(visit: Visit) -> Response:
    """Record what the person says, unless the document has changed under the form; go on to the next."""
    document, services, own = visit.its_document(), visit.house.services, visit.someone()
    kind, chosen = visit.form.get("kind", ""), visit.form.get("as", "")
    if kind not in services.rules.kinds or (chosen and chosen not in services.rules.kinds):
        raise Rejected(Code.CONFIRMATION_INVALID, "unknown kind", subject=kind[:60])
    proposed = read_as(document, chosen, services) if chosen else []
    with services.catalogue.write() as tx:
        present = documents.get(tx, document.id)
        values = fields.of_document(tx, document.id)
        if present.superseded_by or not _as_shown(visit.form, present, values, proposed):
            raise Rejected(Code.REQUEST_INVALID, "the document has changed meanwhile", subject=document.id)
        now, shown = services.clock(), proposed if chosen else values
        said: dict[str, list[str]] = {value.name: [] for value in values}
        said |= _said(visit.form, shown) | _added(visit, shown)
        word = Word(own.id, own.login, now, _seen(present, values), kind, said)
        outcome = take(tx, present, own, word, visit.house.two_person, services)
        if outcome is Outcome.CONFIRMED:
            fields.place(tx, document.id, proposed)
            look(tx, present, word, values)
    with services.catalogue.read() as tx:
        done = [document.id, *words.of_account(tx, own.id)]
        following = documents.unconfirmed(tx, visit.units, 1, done, _sure(visit))
    more: dict[str, str] = {}
    if outcome is not Outcome.CONFIRMED:
        more["said"] = outcome.value
    if _sure(visit) is None:
        more["all"] = "1"
    return visit.go(
        (f"/confirm/{following[0].id}" if following else "/confirm") + (f"?{urlencode(more)}" if more else "")
    )


def show_samples(visit: Visit, told: Advice | None = None, status: int = 200) -> Response:
    """Show the samples of days that are over, with what they say of the machine's reading."""
    services = visit.house.services
    with services.catalogue.read() as tx:
        drawn = samples.newest(tx, _SAMPLED)
    yesterday = services.clock().astimezone(VIETNAM).date() - timedelta(days=1)
    return visit.page(
        "samples.html",
        status=status,
        told=told,
        days=by_day(drawn),
        yesterday=yesterday.isoformat(),
        share=visit.house.sample_share,
    )


def draw_sample(visit: Visit) -> Response:
    """Draw the sample of a day."""
    try:
        day = date.fromisoformat(visit.form.get("day", "")[:10])
    except ValueError:
        return show_samples(visit, advice(Code.SAMPLE_INVALID, visit.house.language), 422)
    try:
        draw_day(day, visit.house.sample_share, visit.house.services)
    except HososoError as exc:
        return show_samples(visit, advice(exc, visit.house.language), 422)
    return visit.go("/samples")


def _chosen(document: Document, visit: Visit) -> str:
    """Return the kind as which the person wants the document read; empty for the one that it was taken for."""
    kind = visit.query.get("kind", "")
    return kind if kind in visit.house.services.rules.kinds and kind != document.kind else ""


def _as_shown(
    form: Mapping[str, str], document: Document, values: Sequence[FieldValue], proposed: Sequence[FieldValue]
) -> bool:
    """Return whether the document and what it says as a paper of the chosen kind are what the form has shown."""
    same = form.get("seen") == _seen(document, values)
    return same and (not form.get("as") or form.get("shown") == _seen(document, proposed))


def _sure(visit: Visit) -> float | None:
    """Return from which confidence nobody need look; None where the person goes through all documents."""
    every = visit.form.get("all", visit.query.get("all", "")) == "1"
    return None if every else visit.house.services.rules.bands.accept


def _told(visit: Visit) -> str:
    """Return what became of the document before, where it was not simply confirmed."""
    said = visit.query.get("said", "")
    return said if said in set(Outcome) - {Outcome.CONFIRMED} else ""


def _candidates(
    value: FieldValue, values: Sequence[FieldValue], between: Mapping[str, list[str]], applicant: str
) -> tuple[str, ...]:
    """Return what the value may be: what two persons said who do not agree, what was read, what the register has."""
    same = [other.value for other in values if other.name == value.name]
    known = [applicant] if value.name in _APPLICANT else []
    found = dict.fromkeys([*between.get(value.name, []), value.value, value.raw, *same, *known])
    return tuple(each for each in found if each)


def _said(given: Mapping[str, str], values: Sequence[FieldValue]) -> dict[str, list[str]]:
    """Return what the person says, by field; what was emptied is nothing."""
    said: dict[str, list[str]] = {}
    for place, value in enumerate(values):
        text = nfc(given.get(f"field-{place}", "")).strip()
        if len(text) > _LONGEST or "\0" in text:
            raise Rejected(Code.CONFIRMATION_INVALID, "too long", subject=value.name)
        said.setdefault(value.name, [])
        if text:
            said[value.name].append(text)
    return said


def _lacking(kind: str, values: Sequence[FieldValue], visit: Visit) -> list[str]:
    """Return the fields that papers of a kind have and of which none was read on this one."""
    rules = visit.house.services.rules
    read = {value.name for value in values}
    own = rules.kind(OTHER if kind == UNKNOWN else kind)
    return [name for name in dict.fromkeys(rules.fields[rule].field for rule in own.rules) if name not in read]


def _added(visit: Visit, values: Sequence[FieldValue]) -> dict[str, list[str]]:
    """Return what the person found on the paper and the machine did not, by field."""
    known = {rule.field for rule in visit.house.services.rules.fields.values()} - {value.name for value in values}
    added: dict[str, list[str]] = {}
    for name in sorted(known):
        text = nfc(visit.form.get(f"more-{name}", "")).strip()
        if len(text) > _LONGEST or "\0" in text:
            raise Rejected(Code.CONFIRMATION_INVALID, "too long", subject=name)
        if text:
            added[name] = [text]
    return added


def _seen(document: Document, values: Sequence[FieldValue]) -> str:
    """Return what the form was made of: it is confirmed only while that is so."""
    shown = [[value.name, value.value, value.confirmed_by] for value in values]
    return of_bytes(canonical({"kind": document.kind, "pages": list(document.page_ids), "fields": shown}))[:32]


def _entry(
    place: int, value: FieldValue, document: Document, shown: ScannedPage, transform: PageTransform, language: str
) -> Entry:
    name = field_name(value.name, language)
    page = document.page_ids.index(value.page_id) + 1 if value.page_id in document.page_ids else 0
    outline = None
    if value.box and value.page_id == shown.id:
        left, top, right, bottom = transform.upright_box(*value.box)
        outline = (round(left), round(top), round(right - left), round(bottom - top))
    sure = not value.must_confirm
    known = sure and (bool(value.confirmed_by) or value.confidence >= _AGREED)
    told = "" if value.confirmed_by else _said_by_others(value)
    return Entry(place, name, value.value, value.raw, round(value.confidence), sure, page, outline, known, told)


def _said_by_others(value: FieldValue) -> str:
    """Return the key of what another source says of a value; empty where none does."""
    said = said_of(value.source)
    return f"{_HOW[said[0]]}_{said[1]}" if said else ""


def _transform(visit: Visit, page: ScannedPage) -> PageTransform:
    if not page.words:
        return PageTransform(page.scan.width, page.scan.height)
    return stored_reading(page.words, visit.house.services).transform


_OF_ONE = Rule(Permission.CONFIRM, Subject.DOCUMENT, "document.confirming")
PAGES = (
    Page("GET", "/samples", Rule(Permission.CONFIRM, noted="samples.view"), show_samples),
    Page("POST", "/samples", Rule(Permission.CONFIRM, noted="samples.draw"), draw_sample),
    Page("GET", "/confirm", Rule(Permission.CONFIRM, noted="queue.view"), queue),
    Page("GET", "/confirm/{document}", _OF_ONE, form),
    Page("POST", "/confirm/{document}", Rule(Permission.CONFIRM, Subject.DOCUMENT, "document.confirm"), confirm),
)
