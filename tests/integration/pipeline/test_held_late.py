"""Bytes that a sleeping worker holds too late, under the names that its successor has used, go nowhere."""

from __future__ import annotations

import pytest

from catalog import intakes, pages, work
from dossier.digest import of_bytes
from dossier.errors import Code, Rejected
from dossier.model import Page
from dossier.states import FileState, PageState, Step
from pipeline.names import page_name, reading_name, source_name
from pipeline.read import _reading
from pipeline.setbacks import give_back
from tests.fakes.office import PaperOffice, jpeg


@pytest.fixture
def received(office: PaperOffice) -> PaperOffice:
    """Return an office that has received a delivery of one page."""
    office.page("1.jpg", 10)
    office.deliver()
    office.drain(Step.RECEIVE)
    return office


def test_a_page_that_was_held_late_is_not_read_for_another(received: PaperOffice) -> None:
    """The words of one image must not be recorded for the digest of another."""
    (page,) = _pages(received)
    received.services.holding.put(page.intake_id, page_name(page.id), jpeg(200))
    received.drain()
    assert [found.error for found in _pages(received)] == [Code.OBJECT_DAMAGED]
    assert [found.state for found in _pages(received)] == [PageState.QUARANTINED]


def test_a_file_that_was_held_late_is_not_archived(received: PaperOffice) -> None:
    """Its pages were never looked at, so it is in no store; the delivery is set aside with the cause."""
    (page,) = _pages(received)
    with received.services.catalogue.read() as tx:
        (file,) = intakes.files(tx, page.intake_id)
    late = jpeg(200)
    received.services.holding.put(page.intake_id, source_name(file.id), late)
    received.drain()
    assert received.services.store.stat(of_bytes(late)) is None
    assert Code.OBJECT_DAMAGED in {problem.code for problem in received.problems()}
    with received.services.catalogue.read() as tx:
        assert [found.state for found in intakes.files(tx, page.intake_id)] == [FileState.HELD]


def test_a_reader_that_slept_holds_nothing_over_what_its_successor_read(received: PaperOffice) -> None:
    """Its child was killed while it slept, so all it has is that nothing could be read; the page has words by now."""
    (page,) = _pages(received)
    asleep = received.claim(Step.READ)
    assert asleep is not None
    give_back("run/", received.services, crashed=True)
    received.drain(Step.READ)
    read_by_successor = received.services.holding.get(page.intake_id, reading_name(page.id))
    received.reader.faults[page.scan_sha256] = [Rejected(Code.READ_TIMEOUT)] * 2
    with pytest.raises(work.LostLease):
        _reading(page, received.services.under(asleep), cleared=False)
    assert received.services.holding.get(page.intake_id, reading_name(page.id)) == read_by_successor


def _pages(office: PaperOffice) -> list[Page]:
    with office.services.catalogue.read() as tx:
        newest = intakes.latest(tx, office.dossier().id)
        assert newest is not None
        return pages.of_intake(tx, newest.id)
