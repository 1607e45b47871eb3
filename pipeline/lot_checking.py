"""Checking a lot: the pages of its sample are judged by somebody who did not scan them, and the lot is decided.

Above the number of faulty pages that the plan allows a lot can only be sent back. What differs from what was declared
is in the counting, and whoever accepts the lot says why it does. Every faulty page is to be scanned again, either way.
"""

from __future__ import annotations

from contextlib import suppress

from catalog import Transaction, documents, lots
from catalog.schema import stamp
from dossier.errors import Code, Rejected
from dossier.lots import Counting, Decision, Look, Lot, LotState, LotStep, body_of
from dossier.people import Account, Permission
from pipeline.judging import PageFault, PageWord, record_word
from pipeline.lot_manifest import page_of
from pipeline.lot_stating import Next, known_lot, next_statement, require, state
from pipeline.services import Services

ACCEPTED, REJECTED = "lot_accepted", "lot_rejected"
"""Kinds of the events in the chain of each dossier of a lot."""
_LONGEST = 500


def judge(lot_id: str, position: int, fault: str, own: Account, services: Services) -> Lot:
    """Record what a checker saw of a page of the sample; a later word of anybody who may takes its place.

    Args:
        lot_id: Number of the lot.
        position: Of the page in the sample, from 1.
        fault: One of `PageFault`; empty: the page is good.
        own: Who judges.
        services: Of this process.

    Raises:
        Rejected: LOT_UNKNOWN; LOT_STATE, no sample waits; LOT_OWN, they scanned or counted it themselves;
            REQUEST_INVALID, no such page or fault; NOT_ALLOWED.
    """
    require(own, Permission.JUDGE)
    with services.catalogue.write() as tx:
        lots.take_lots_turn(tx)
        lot = known_lot(tx, lot_id, own, services)
        counting = waiting(lot)
        check_apart(lot, own)
        if not 0 < position <= len(counting.sample) or (fault and fault not in set(PageFault)):
            raise Rejected(Code.REQUEST_INVALID, "page or fault", subject=lot.id)
        lots.look(tx, lot, Look(position, fault, own.id, stamp(services.clock())))
    return lot


def decide(lot_id: str, reason: str, own: Account, services: Services, *, accepted: bool) -> Lot:
    """Accept a lot or send it back.

    Args:
        lot_id: Its number.
        reason: Why; needed to accept a lot that differs from what was declared, and to send one back that has few
            enough faulty pages.
        own: Who decides.
        services: Of this process.
        accepted: Which.

    Raises:
        Rejected: LOT_UNKNOWN; LOT_STATE; LOT_OWN; LOT_UNJUDGED, pages of the sample are left; LOT_FAULTY, it cannot be
            accepted; LOT_UNEXPLAINED, a reason is needed; LOT_CHANGED, it is not what was counted; NOT_ALLOWED.
    """
    require(own, Permission.APPROVE)
    with services.catalogue.read() as tx:
        lot = known_lot(tx, lot_id, own, services)
        counting = waiting(lot)
        looks = lots.looks(tx, lot)
    check_apart(lot, own)
    decision = Decision(accepted, looks, reason.strip()[:_LONGEST])
    _check(counting, decision, lot)

    def send_back(tx: Transaction) -> None:
        for each in looks:
            if each.fault:
                _ask_again(tx, counting.sample[each.position - 1], each, services)

    made = next_statement(lot, LotStep.DECIDED, own.id, body_of(decision), services)
    unchanged = counting.content if accepted else ""
    event = ACCEPTED if accepted else REJECTED
    unchanged = counting.content if accepted else ""
    return state(Next(made, lot, event, unchanged=unchanged, also=send_back), services)


def waiting(lot: Lot) -> Counting:
    """Return the counting whose sample waits; raises Rejected(LOT_STATE) where none does."""
    if lot.state is not LotState.COUNTED or lot.counting is None:
        raise Rejected(Code.LOT_STATE, lot.state.value, subject=lot.id)
    return lot.counting


def check_apart(lot: Lot, own: Account) -> None:
    """Raise Rejected(LOT_OWN) when somebody scanned or counted a lot: nobody judges their own work."""
    counting = waiting(lot)
    if own.id in counting.scanners or (lot.counted is not None and own.id == lot.counted.actor):
        raise Rejected(Code.LOT_OWN, subject=lot.id)


def _check(counting: Counting, decision: Decision, lot: Lot) -> None:
    too_many = decision.faulty > counting.sampling.most_faulty
    if decision.accepted and too_many:
        raise Rejected(Code.LOT_FAULTY, f"{decision.faulty} > {counting.sampling.most_faulty}", subject=lot.id)
    left = len(counting.sample) - len(decision.looks)
    if left and not too_many:
        raise Rejected(Code.LOT_UNJUDGED, f"{left} pages", subject=lot.id)
    unexplained = bool(counting.differences) if decision.accepted else not too_many
    if unexplained and not decision.reason:
        raise Rejected(Code.LOT_UNEXPLAINED, subject=lot.id)


def _ask_again(tx: Transaction, key: str, seen: Look, services: Services) -> None:
    """Have a faulty page scanned again, unless its document was replaced meanwhile."""
    _, document_id, number = page_of(key)
    document = documents.find(tx, document_id)
    if document is None or document.superseded_by:
        return
    with suppress(Rejected):  # what could not be read at all is to be scanned again anyway
        record_word(tx, PageWord(document, number, PageFault(seen.fault)), seen.actor, services)
