"""The counter: choose a dossier, hand papers over, see what has to be scanned again, put a wrong paper right."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from starlette.responses import Response

from catalog import Transaction, documents, hand_overs, intakes
from catalog.problems import Problem
from catalog.rescans import Rescan, rescans
from dossier.codes import DossierCode
from dossier.digest import CHUNK
from dossier.errors import Code, HososoError, Rejected
from dossier.handing_over import HandOverState, checked_name
from dossier.model import Dossier, SourceFile
from dossier.people import Permission
from dossier.states import DocumentState, FileState
from dossier.wording import advice, keys, say
from pipeline import handing_over
from pipeline.handing_over import FileWish, Wish
from pipeline.handing_stacks import waiting_for
from pipeline.leaves import (
    Declaration,
    declare,
    said_of,
    stand,
    state_placeholder,
    stock,
    told_in,
    told_of,
)
from pipeline.moving import Move, move
from pipeline.parting import Parting, part_anew
from pipeline.placeholders import LeafReason, Placeholder, placeholders
from pipeline.receiving_files import received_whole
from pipeline.reusing import ReuseWish, lendable, reuse_component, undo_reuse
from pipeline.secrecy_questions import questions
from pipeline.taking_over import take_over
from web.rules import Page, Rule, Subject
from web.visit import Visit

_SHOWN, _MOST = 10, 200


@dataclass(frozen=True, slots=True)
class There:
    """What the archive has of a dossier already."""

    documents: tuple[tuple[str, str, int], ...] = ()
    files: tuple[SourceFile, ...] = ()
    leaves: tuple[Placeholder, ...] = ()
    declared: tuple[tuple[str, str], ...] = ()
    doubts: tuple[str, ...] = ()


def show(visit: Visit) -> Response:
    """Show where a dossier is chosen, or one with what is known of it."""
    asked = visit.query.get("code", "").strip().upper()
    if not asked:
        return _start(visit)
    try:
        code = handing_over.checked_code(asked, visit.someone(), visit.house.services)
    except HososoError as exc:
        return _start(visit, asked, exc)
    return visit.go(f"/counter/{code.normal}" + (f"?replaces={again}" if (again := visit.query.get("again")) else ""))


def chosen(visit: Visit) -> Response:
    """Show one dossier with what is known of it, and the form for its papers."""
    return _form(visit)


def hand_over(visit: Visit) -> Response:
    """Take the papers that the form brought, all or none of them."""
    try:
        own = _handed_over(visit)
    except HososoError as exc:
        return _form(visit, exc)
    return visit.go(f"/hand-overs/{own}")


def again(visit: Visit) -> Response:
    """Show what has to be scanned again."""
    with visit.house.services.catalogue.read() as tx:
        found = rescans(tx, visit.units, _MOST)
        leaves = [(code, leaf_doubt(each, visit)) for code, each in told_in(tx, visit.units, _MOST)]
    listed = [(each, why(each.reasons, each.error, visit)) for each in found]
    return visit.page("rescans.html", found=listed, leaves=leaves, more=len(found) == _MOST)


def leaf(visit: Visit) -> Response:
    """Put a placeholder for a leaf that cannot be scanned."""
    number, reason = visit.form.get("leaf", ""), visit.form.get("reason", "")
    try:
        if not (number.isascii() and number.isdigit() and len(number) < 7) or reason not in set(LeafReason):  # noqa: PLR2004
            raise Rejected(Code.REQUEST_INVALID, "number and reason of the leaf", subject="leaf")
        said = Placeholder(visit.form.get("component", ""), int(number), LeafReason(reason))
        state_placeholder(_code(visit), said, visit.someone().id, visit.house.services)
    except HososoError as exc:
        return _form(visit, exc)
    return visit.go(f"/counter/{visit.code}")


def declare_leaves(visit: Visit) -> Response:
    """Say which leaves a component has, or the whole dossier; an empty text takes back what was said."""
    form = visit.form
    try:
        if "leaves" not in form:
            raise Rejected(Code.REQUEST_INVALID, "no leaves", subject="leaves")
        said = Declaration(_code(visit), form.get("component", "").strip(), form["leaves"])
        declare(said, visit.someone().id, visit.house.services)
    except HososoError as exc:
        return _form(visit, exc)
    return visit.go(f"/counter/{visit.code}")


def leaves_stand(visit: Visit) -> Response:
    """Say that the paper is like this, whatever was declared."""
    try:
        if visit.form.get("stand") != "on":
            raise Rejected(Code.REQUEST_INVALID, "nobody says so", subject="stand")
        stand(_code(visit), visit.someone().id, visit.house.services)
    except HososoError as exc:
        return _form(visit, exc)
    return visit.go(f"/counter/{visit.code}")


def send_elsewhere(visit: Visit) -> Response:
    """Move a file, or some of its pages, to another dossier."""
    try:
        file, to, pages = (visit.form.get(name, "") for name in ("file", "to", "pages"))
        target = move(Move(_dossier(visit), file, to, _pages(pages)), visit.someone(), visit.house.services)
    except HososoError as exc:
        return _form(visit, exc)
    return visit.go(f"/counter/{target}")


def part_file(visit: Visit) -> Response:
    """Take a file apart into its documents, as a person says where they begin."""
    try:
        wish = Parting(_dossier(visit), visit.form.get("file", ""), _pages(visit.form.get("starts", "")))
        part_anew(wish, visit.someone(), visit.house.services)
    except HososoError as exc:
        return _form(visit, exc)
    return visit.go(f"/counter/{visit.code}")


def _dossier(visit: Visit) -> Dossier:
    with visit.house.services.catalogue.read() as tx:
        found = intakes.find_dossier(tx, visit.code)
    if found is None:
        raise Rejected(Code.DOSSIER_UNKNOWN, subject=visit.code)
    return found


def reuse(visit: Visit) -> Response:
    """Have a document of another dossier stand for a component."""
    form, house = visit.form, visit.house
    wish = ReuseWish(visit.code, form.get("component", ""), form.get("document", "").strip(), form.get("note", ""))
    try:
        reuse_component(wish, visit.someone(), house.services, demo=house.demo)
    except HososoError as exc:
        return _form(visit, exc)
    return visit.go(f"/counter/{visit.code}")


def reuse_no_more(visit: Visit) -> Response:
    """Have a component not be reused after all."""
    try:
        undo_reuse(visit.code, visit.form.get("component", ""), visit.someone(), visit.house.services)
    except HososoError as exc:
        return _form(visit, exc)
    return visit.go(f"/counter/{visit.code}")


def _pages(text: str) -> tuple[int, ...]:
    """Return the numbers of pages as people write them: "2, 5-7"; none for all."""
    found: set[int] = set()
    for part in filter(None, (each.strip() for each in text.split(","))):
        first, dash, last = (each.strip() for each in part.partition("-"))
        ends = (first, last if dash else first)
        if not all(each.isascii() and each.isdigit() and len(each) < 5 for each in ends):  # noqa: PLR2004
            raise Rejected(Code.REQUEST_INVALID, "no numbers of pages", subject="pages")
        found.update(range(int(ends[0]), int(ends[1]) + 1))
    return tuple(sorted(found))


def why(reasons: tuple[str, ...], error: str, visit: Visit) -> list[str]:
    """Return in words why a page or file is not good."""
    language = visit.house.language
    if error:
        return [advice(Code(error), language).cause]
    known = keys(language)
    return [
        say(f"page_reasons.{name}" if f"page_reasons.{name}" in known else "page_reasons.other", language)
        for name in reasons
    ]


def leaf_doubt(each: Problem, visit: Visit) -> str:
    """Return in words what does not fit about leaves: whose, which, and what to do."""
    told = advice(each.code, visit.house.language)
    component = each.subject.partition("/")[2]
    whose = visit.house.word("handing.leaves_of", component=component) if component else ""
    return f"{whose} {told.cause} ({each.detail}) {told.cure}".strip()


def _start(visit: Visit, asked: str = "", exc: HososoError | None = None) -> Response:
    with visit.house.services.catalogue.read() as tx:
        mine = hand_overs.newest(tx, None if visit.units is None else sorted(visit.units), _SHOWN)
        again_count = len(rescans(tx, visit.units, _MOST)) + len(told_in(tx, visit.units, _MOST))
    told = advice(exc, visit.house.language) if exc else None
    return visit.page(
        "counter.html",
        status=422 if exc else 200,
        asked=asked,
        told=told,
        newest=mine,
        again=again_count,
        asked_pages=len(questions(visit.someone(), visit.house.services, _MOST)),
        stacks=len(waiting_for(visit.someone(), visit.house.services)),
        word_of=_state,
    )


def _state(visit: Visit, state: str) -> str:
    return visit.house.word(f"stage.{'waiting' if state == 'committed' else state}")


def _form(visit: Visit, exc: HososoError | None = None) -> Response:
    """Show the form of a dossier, with what went wrong the last time."""
    house = visit.house
    found = lendable(visit.code, visit.someone(), house.services, demo=house.demo)
    known = found.known
    with house.services.catalogue.read() as tx:
        there = _there(tx, visit)
        bad = rescans(tx, None, _MOST, visit.code)
    replaces = visit.form.get("replaces", visit.query.get("replaces", ""))
    return visit.page(
        "handing.html",
        status=422 if exc else 200,
        told=advice(exc, house.language) if exc else None,
        code=visit.code,
        known=known,
        found=found,
        kind_name=lambda kind: house.services.rules.kind(kind).name,
        there=there,
        bad=[(each, why(each.reasons, each.error, visit)) for each in bad],
        replaced=next((each for each in bad if each.file_id == replaces), None),
        component=visit.form.get("component", visit.query.get("component", "")),
        key=visit.form.get("key") or secrets.token_hex(12),
        reasons=[(each.value, say(f"leaf_reasons.{each.value}", house.language)) for each in LeafReason],
        reason_name=lambda each: say(f"leaf_reasons.{each.value}", house.language),
    )


def _there(tx: Transaction, visit: Visit) -> There:
    dossier = intakes.find_dossier(tx, visit.code)
    if dossier is None:
        return There()
    rules, language = visit.house.services.rules, visit.house.language
    live = documents.live(tx, dossier.id)
    listed = tuple(
        (rules.kind(each.kind).name, say(f"document_states.{each.state.value}", language), len(each.page_ids))
        for each in live
    )
    last = intakes.latest(tx, dossier.id)
    files = tuple(each for each in intakes.files(tx, last.id) if each.state is FileState.STORED) if last else ()
    if any(each.state in (DocumentState.SIGNED, DocumentState.ARCHIVED) for each in live):
        files = ()  # what is signed is not moved
    own = stock(tx, dossier.id, dossier.code, said_of(tx, dossier.id)).declared
    return There(
        listed,
        files,
        tuple(placeholders(tx, dossier.id)),
        tuple((component, each.text) for component, each in sorted(own.items())),
        tuple(leaf_doubt(each, visit) for each in told_of(tx, dossier.id)),
    )


def _handed_over(visit: Visit) -> str:
    return hand_over_files(visit, _wish(visit))


def hand_over_files(visit: Visit, wish: Wish) -> str:
    """Begin, fill and commit a hand-over; the same form again, by a clerk who was impatient, is the same one.

    Raises:
        Rejected: HAND_OVER_INCOMPLETE, the form brought no file; as `handing_over` does.
    """
    services, own = visit.house.services, visit.someone()
    if not visit.files:
        raise Rejected(Code.HAND_OVER_INCOMPLETE, "no file was chosen", subject=visit.code)
    made = handing_over.begin(wish, own, services)
    sent = {checked_name(file.name): file.sha256 for file in visit.files}
    for file in visit.files if made.state is HandOverState.OPEN else ():
        known = handing_over.add_file(made, FileWish(file.name, file.sha256, file.size), services)
        received_whole(made, known, _bytes(file.path), services)
    handing_over.commit(made, sent, services)
    take_over(made.id, services)
    return made.id


def pages_of(said: str) -> int | None:
    """Return how many pages somebody has counted, as a form has it; None where nobody has.

    Raises:
        Rejected(REQUEST_INVALID): It is no number.
    """
    if said and not (said.isascii() and said.isdigit() and len(said) < 7):  # noqa: PLR2004
        raise Rejected(Code.REQUEST_INVALID, "no number of pages", subject="pages")
    return int(said) if said else None


def _wish(visit: Visit) -> Wish:
    pages = pages_of(visit.form.get("pages", "").strip())
    bad = _replaced(visit)
    return Wish(
        f"web.{visit.form.get('key', '')}",
        visit.code,
        bad.component if bad else visit.form.get("component", ""),
        pages,
        (bad.name,) if bad else (),
        not_secret=visit.form.get("not_secret") == "on",
        leaves=visit.form.get("leaves", ""),
    )


def _replaced(visit: Visit) -> Rescan | None:
    """Return the file that the new scan takes the place of, None where it takes none."""
    file_id = visit.form.get("replaces", "")
    if not file_id:
        return None
    with visit.house.services.catalogue.read() as tx:
        found = next((each for each in rescans(tx, None, _MOST, visit.code) if each.file_id == file_id), None)
    if found is None:
        raise Rejected(Code.PAGE_UNKNOWN, "nothing to replace")
    return found


def _bytes(path: Path) -> Iterator[bytes]:
    with path.open("rb") as stream:
        while chunk := stream.read(CHUNK):
            yield chunk


def _code(visit: Visit) -> DossierCode:
    return handing_over.checked_code(visit.code, visit.someone(), visit.house.services)


_UPLOAD = Permission.UPLOAD
_ONE = "/counter/{code}"
PAGES = (
    Page("GET", "/counter", Rule(_UPLOAD), show),
    Page("GET", _ONE, Rule(_UPLOAD, Subject.CODE, "register.view"), chosen),
    Page("POST", _ONE, Rule(_UPLOAD, Subject.CODE, "hand_over.send"), hand_over, takes_files=True),
    Page("POST", f"{_ONE}/leaves", Rule(_UPLOAD, Subject.CODE, "leaf.placeholder"), leaf),
    Page("POST", f"{_ONE}/declared-leaves", Rule(_UPLOAD, Subject.CODE, "leaf.declare"), declare_leaves),
    Page("POST", f"{_ONE}/leaves-stand", Rule(_UPLOAD, Subject.CODE, "leaf.stand"), leaves_stand),
    Page("POST", f"{_ONE}/move", Rule(_UPLOAD, Subject.CODE, "file.move"), send_elsewhere),
    Page("POST", f"{_ONE}/part", Rule(_UPLOAD, Subject.CODE, "file.part"), part_file),
    Page("POST", f"{_ONE}/reuse", Rule(_UPLOAD, Subject.CODE, "reuse.take"), reuse),
    Page("POST", f"{_ONE}/reuse/undo", Rule(_UPLOAD, Subject.CODE, "reuse.undo"), reuse_no_more),
    Page("GET", "/rescans", Rule(_UPLOAD), again),
)
