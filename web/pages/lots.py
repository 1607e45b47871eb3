"""Lots of backlog work: opened, counted, their samples judged page by page, decided, with minutes."""

from __future__ import annotations

from collections.abc import Callable

from starlette.responses import Response

from catalog import Transaction, accounts, lots
from dossier.errors import Code, HososoError, Rejected
from dossier.lots import Look, Lot, LotState
from dossier.people import Permission
from dossier.register import VIETNAM
from dossier.wording import Advice, advice, say
from pipeline.judging import PageFault
from pipeline.lot_checking import check_apart, decide, judge
from pipeline.lot_export import MANIFEST_NAME, minutes_of
from pipeline.lot_manifest import page_of
from pipeline.lot_minutes import sign_minutes
from pipeline.lots import LotWish, count_lot, open_lot
from pipeline.referring import reference
from registers.reference import Kind
from reports.printed.minutes import difference_text
from web.attachment import TYPES, attachment
from web.rules import Page, Rule, Subject
from web.visit import Visit

_SHOWN, _MOST_DIGITS, _MOST_DIFFERENCES = 200, 7, 100


def listed(visit: Visit, told: Advice | None = None, status: int = 200) -> Response:
    """Show the newest lots of the account's units, and where one is opened."""
    services = visit.house.services
    with services.catalogue.read() as tx:
        found = lots.listed(tx, visit.units, _SHOWN)
        known = reference(tx, services)
    day = services.clock().astimezone(VIETNAM).date()
    groups = [(str(row.values["code"]), str(row.values["name"])) for row in known.of_kind(Kind.RETENTION, day)]
    names = {each.unit: known.units.name(each.unit, day) for each in found}
    return visit.page(
        "lots.html", status=status, told=told, found=found, names=names, groups=groups, state=_state_word(visit)
    )


def opened(visit: Visit) -> Response:
    """Open a lot."""
    form = visit.form
    try:
        wish = LotWish(
            form.get("number", ""),
            form.get("wave", ""),
            tuple(filter(None, (line.strip() for line in form.get("boxes", "").splitlines()))),
            retention=form.get("retention", ""),
            dossiers=_number(form.get("dossiers", "")),
            leaves=_number(form.get("leaves", "")),
        )
        lot = open_lot(wish, visit.someone(), visit.house.services)
    except HososoError as exc:
        return listed(visit, advice(exc, visit.house.language), 422)
    return visit.go(f"/lots/{lot.id}")


def one(visit: Visit, told: Advice | None = None, status: int = 200) -> Response:
    """Show how a lot stands."""
    lot = visit.its_lot()
    with visit.house.services.catalogue.read() as tx:
        looks = _looks(tx, lot)
        who = accounts.by_id(tx, lot.decided.actor) if lot.decided else None
    counting = lot.counting
    differing = counting.differences[:_MOST_DIFFERENCES] if counting else ()
    seen = {each.position: each for each in looks}
    sample = counting.sample if counting else ()
    return visit.page(
        "lot.html",
        status=status,
        told=told,
        lot=lot,
        state=_state_word(visit)(lot.state),
        differences=[difference_text(each, visit.house.language) for each in differing],
        judged=len(looks),
        faulty=sum(bool(each.fault) for each in looks),
        sample=[(number, page_of(key), _seen_word(visit, seen.get(number))) for number, key in enumerate(sample, 1)],
        next_position=next((number for number in range(1, len(sample) + 1) if number not in seen), None),
        apart=_is_apart(visit, lot),
        decided_by=who.name if who else "",
        waits=lot.state is LotState.COUNTED,
        may_count=lot.state in (LotState.OPEN, LotState.REJECTED),
    )


def counted(visit: Visit) -> Response:
    """Count a lot."""
    lot = visit.its_lot()
    logins = [each.strip() for each in visit.form.get("scanned_by", "").split(",") if each.strip()]
    try:
        count_lot(lot.id, logins, visit.someone(), visit.house.services)
    except HososoError as exc:
        return one(visit, advice(exc, visit.house.language), 422)
    return visit.go(f"/lots/{lot.id}")


def sampled(visit: Visit, told: Advice | None = None, status: int = 200) -> Response:
    """Show a page of the sample with the form for what is seen of it."""
    lot, position = visit.its_lot(), _position(visit)
    sample = lot.counting.sample if lot.counting else ()
    if not 0 < position <= len(sample):
        raise Rejected(Code.PAGE_UNKNOWN, subject=lot.id)
    with visit.house.services.catalogue.read() as tx:
        seen = next((each for each in _looks(tx, lot) if each.position == position), None)
    code, document, number = page_of(sample[position - 1])
    return visit.page(
        "lot_page.html",
        status=status,
        told=told,
        lot=lot,
        position=position,
        size=len(sample),
        code=code,
        document=document,
        number=number,
        said=_seen_word(visit, seen) if seen else "",
        waits=lot.state is LotState.COUNTED,
        apart=_is_apart(visit, lot),
        faults=[(each.value, say(f"page_faults.{each.value}", visit.house.language)) for each in PageFault],
    )


def judged(visit: Visit) -> Response:
    """Take what was seen of a page, and go on to the next that nobody has judged."""
    lot, position, form = visit.its_lot(), _position(visit), visit.form
    verdict = form.get("verdict", "")
    try:
        if verdict not in ("good", "fault"):
            raise Rejected(Code.REQUEST_INVALID, "verdict", subject=lot.id)
        fault = form.get("fault", "") if verdict == "fault" else ""
        if verdict == "fault" and not fault:
            raise Rejected(Code.REQUEST_INVALID, "fault", subject=lot.id)
        judge(lot.id, position, fault, visit.someone(), visit.house.services)
    except HososoError as exc:
        return sampled(visit, advice(exc, visit.house.language), 422)
    with visit.house.services.catalogue.read() as tx:
        seen = {each.position for each in _looks(tx, lot)}
    size = len(lot.counting.sample) if lot.counting else 0
    following = next((number for number in range(1, size + 1) if number not in seen), None)
    return visit.go(f"/lots/{lot.id}/pages/{following}" if following else f"/lots/{lot.id}")


def decided(visit: Visit) -> Response:
    """Accept a lot or send it back."""
    lot, decision = visit.its_lot(), visit.form.get("decision", "")
    try:
        if decision not in ("accept", "reject"):
            raise Rejected(Code.REQUEST_INVALID, "decision", subject=lot.id)
        reason = visit.form.get("reason", "")
        decide(lot.id, reason, visit.someone(), visit.house.services, accepted=decision == "accept")
    except HososoError as exc:
        return one(visit, advice(exc, visit.house.language), 422)
    return visit.go(f"/lots/{lot.id}")


def signed(visit: Visit) -> Response:
    """Sign the minutes with the agency's key, where it is at hand."""
    lot = visit.its_lot()
    try:
        sign_minutes(lot.id, visit.someone(), visit.house.services)
    except HososoError as exc:
        return one(visit, advice(exc, visit.house.language), 422)
    return visit.go(f"/lots/{lot.id}")


def minutes(visit: Visit) -> Response:
    """Give the minutes of a lot: signed, or a print of how it stands."""
    lot = visit.its_lot()
    return attachment(minutes_of(lot, visit.house.services), f"bien-ban-{lot.id}.pdf", TYPES["pdf"])


def manifest(visit: Visit) -> Response:
    """Give the manifest of a lot."""
    lot = visit.its_lot()
    if lot.counting is None:
        raise Rejected(Code.PAGE_UNKNOWN, subject=lot.id)
    data = visit.house.services.store.read(lot.counting.manifest)
    return attachment(data, f"{lot.id}-{MANIFEST_NAME}", "text/plain; charset=utf-8")


def _looks(tx: Transaction, lot: Lot) -> tuple[Look, ...]:
    return lot.decision.looks if lot.decision else lots.looks(tx, lot) if lot.counting else ()


def _is_apart(visit: Visit, lot: Lot) -> bool:
    """Return whether somebody may judge a lot, having neither scanned nor counted it."""
    try:
        check_apart(lot, visit.someone())
    except Rejected:
        return False
    return True


def _state_word(visit: Visit) -> Callable[[LotState], str]:
    return lambda state: say(f"lot_states.{state.value}", visit.house.language)


def _seen_word(visit: Visit, seen: Look | None) -> str:
    if seen is None:
        return visit.house.word("lots.unjudged")
    return say(f"page_faults.{seen.fault}", visit.house.language) if seen.fault else visit.house.word("lots.good")


def _position(visit: Visit) -> int:
    text = visit.parameters["number"]
    return int(text) if text.isascii() and text.isdigit() and len(text) < _MOST_DIGITS else 0


def _number(text: str) -> int | None:
    """Return a whole number that was typed; None for nothing."""
    said = text.strip()
    if not said:
        return None
    if not (said.isascii() and said.isdigit() and len(said) < _MOST_DIGITS):
        raise Rejected(Code.REQUEST_INVALID, "no number", subject="declared")
    return int(said)


_SEEN = Permission.LIST
_ONE = "/lots/{lot}"
_SHEET = f"{_ONE}/pages/{{number}}"
PAGES = (
    Page("GET", "/lots", Rule(_SEEN, noted="lot.list"), listed),
    Page("POST", "/lots", Rule(Permission.LOT, noted="lot.open"), opened),
    Page("GET", _ONE, Rule(_SEEN, Subject.LOT, "lot.view"), one),
    Page("POST", f"{_ONE}/count", Rule(Permission.LOT, Subject.LOT, "lot.count"), counted),
    Page("GET", _SHEET, Rule(Permission.JUDGE, Subject.LOT, "lot.page"), sampled),
    Page("POST", _SHEET, Rule(Permission.JUDGE, Subject.LOT, "lot.judge"), judged),
    Page("POST", f"{_ONE}/decide", Rule(Permission.APPROVE, Subject.LOT, "lot.decide"), decided),
    Page("POST", f"{_ONE}/sign", Rule(Permission.SIGN, Subject.LOT, "lot.sign"), signed),
    Page("GET", f"{_ONE}/minutes.pdf", Rule(_SEEN, Subject.LOT, "lot.minutes"), minutes),
    Page("GET", f"{_ONE}/manifest", Rule(_SEEN, Subject.LOT, "lot.manifest"), manifest),
)
