"""Lost papers and places: stated, in the chain, in the facts, withdrawn again, and there after a rebuild."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select

from catalog import Catalogue, comparison, events, facts, lost_papers
from catalog.schema import scanned_tally
from dossier.errors import Code, Rejected
from dossier.facts import FactLine
from dossier.papers import PaperPlace
from dossier.states import Step
from dossier.status import Cause
from pipeline.installation import Installation
from pipeline.losing import FOUND, LOST, Loss, state_loss
from pipeline.placing import state_places
from pipeline.projecting import project
from pipeline.rebuilding import FOUND as NOBODYS
from pipeline.rebuilding import rebuild
from pipeline.registering import Order, import_register
from pipeline.setbacks import set_aside
from registers.reference_data import of_files
from tests.fakes.office import CODE, OTHER_CODE, PaperOffice

_HEADER = "Mã hồ sơ;MaTTHC;Ngày nhận;Ngày trả;Trạng thái\n"


@pytest.fixture
def registered(office: PaperOffice) -> PaperOffice:
    """Return an office with two dossiers in its register."""
    office.services = replace(office.services, reference=of_files(None, None))
    path = office.inbox.parent / "so.csv"
    path.write_text(_HEADER + f"{CODE};1.001193;11/02/2026;;\n{OTHER_CODE};1.001193;11/02/2026;;\n", encoding="utf-8")
    import_register(path, Order(as_of=office.services.clock()), office.services)
    project(office.services, demo=True)
    return office


def _line(office: PaperOffice, code: str = CODE) -> FactLine:
    project(office.services, demo=True)
    with office.services.catalogue.read() as tx:
        return next(line for line in facts.lines(tx) if line.code == code)


def _kinds(office: PaperOffice) -> list[str]:
    with office.services.catalogue.read() as tx:
        return [event.kind for event in events.chain(tx, office.dossier().id)]


def _say(office: PaperOffice, *, is_lost: bool, component: str = "", code: str = CODE) -> None:
    state_loss(replace(_loss(component, code), is_lost=is_lost), office.services, demo=True)


def _loss(component: str, *codes: str) -> Loss:
    return Loss(codes, component, is_lost=True, reason="không còn trong hộp", actor="lan.nt")


def test_a_loss_is_the_cause_until_it_is_found(registered: PaperOffice) -> None:
    """A dossier that only the register knows has no chain yet; what people said holds all the same."""
    _say(registered, is_lost=True)
    assert _line(registered).facts.archival is Cause.PAPER_LOST
    _say(registered, is_lost=False)
    assert _line(registered).facts.archival is Cause.NOT_SCANNED
    with registered.services.catalogue.read() as tx:
        assert lost_papers.listed(tx) == []


def test_a_loss_is_in_the_chain_and_outlives_the_catalogue(registered: PaperOffice, fresh: Catalogue) -> None:
    """Of a dossier that is closed: events and manifest follow; a rebuilt catalogue is the same row by row."""
    office = registered
    office.page("to-khai/1.jpg", 10)
    office.digitise()
    _say(office, is_lost=True, component="giay-chung-sinh")
    _say(office, is_lost=True, component="ket-qua", code=OTHER_CODE)
    _say(office, is_lost=False, component="ket-qua", code=OTHER_CODE)
    _say(office, is_lost=True, code=OTHER_CODE)
    place = PaperPlace(CODE, "Kho A, hộp 7", "03", "Quầy 1", 12)
    state_places([place, replace(place, code=OTHER_CODE)], "hop.csv", "lan.nt", office.services, demo=True)
    state_places([replace(place, box="Kho B")], "hop.csv", "lan.nt", office.services, demo=True)
    office.drain()
    assert LOST in _kinds(office)
    assert FOUND not in _kinds(office)
    done = rebuild(Installation(fresh, office.services.store, office.clock), lambda _: None)
    assert done.whole
    with fresh.read() as here, office.services.catalogue.read() as there:
        assert list(comparison.compare(here, there, NOBODYS)) == []
        assert lost_papers.of_dossiers(here, [CODE, OTHER_CODE]) == {
            CODE: frozenset({"giay-chung-sinh"}),
            OTHER_CODE: frozenset({""}),
        }


def test_nonsense_is_refused(registered: PaperOffice) -> None:
    """A dossier that nobody knows, a component that its procedure does not have: nothing is recorded."""
    for said, code in (
        (_loss("", "H99.27.14-260211-9999"), Code.DOSSIER_UNKNOWN),
        (_loss("so-do", CODE, OTHER_CODE), Code.COMPONENT_UNKNOWN),
    ):
        with pytest.raises(Rejected) as refused:
            state_loss(said, registered.services, demo=True)
        assert refused.value.code is code
    assert _line(registered).facts.archival is Cause.NOT_SCANNED


def test_places_are_in_the_lines(registered: PaperOffice) -> None:
    """Box, counter and pages as counted; a list that says nothing of a dossier any more removes them."""
    place = PaperPlace(CODE, "Kho A, hộp 7", "03", "Quầy 1", 12)
    stranger = PaperPlace("H99.27.14-260211-9999", "Kho A, hộp 7")
    assert state_places([place, stranger], "hop.csv", "lan.nt", registered.services, demo=True) == 1
    line = _line(registered)
    assert (line.box, line.counter, line.to_scan) == ("Kho A, hộp 7", "Quầy 1", 12)
    state_places([PaperPlace(CODE, "")], "hop.csv", "lan.nt", registered.services, demo=True)
    line = _line(registered)
    assert (line.box, line.counter, line.to_scan) == ("", "", None)


def test_what_is_delivered_is_not_asked_for_again(registered: PaperOffice) -> None:
    """From the delivery on a dossier is being read; a page that could not be read is no page to scan again."""
    office = registered
    office.page("to-khai/1.jpg", 10)
    office.deliver()
    assert _line(office).facts.archival is Cause.BEING_READ
    item = office.claim()
    assert item is not None
    assert item.step is Step.RECEIVE
    set_aside(item, Code.FOLDER_NO_PAGES, "", office.services)
    assert _line(office).facts.archival is Cause.READ_FAILED


def test_the_pages_of_what_was_scanned_whole_are_counted(registered: PaperOffice) -> None:
    """Estimates learn from dossiers of which nothing is left to scan, and unlearn what is no longer true."""
    office = registered
    office.page("to-khai/1.jpg", 10)
    office.digitise()
    assert (_line(office).pages, _tally(office)) == (0, [])
    office.page("giay-chung-sinh/1.jpg", 20)
    office.page("giay-chung-sinh/2.jpg", 30)
    office.digitise()
    assert (_line(office).pages, _tally(office)) == (3, [(1, 3)])
    project(office.services, demo=False)
    assert _tally(office) == [(1, 3)]


def _tally(office: PaperOffice) -> list[tuple[int, int]]:
    with office.services.catalogue.read() as tx:
        return [(row.dossiers, row.pages) for row in tx.execute(select(scanned_tally)) if row.dossiers]
