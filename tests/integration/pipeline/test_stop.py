"""A page with the marking of a state secret stops its dossier, whenever the program is killed on the way."""

from dataclasses import replace
from pathlib import Path

import pytest

from catalog import events, intakes, queue, work
from dossier.errors import Code
from dossier.model import WorkItem
from dossier.states import DocumentState, FileState, IntakeState, Step
from pipeline import stop
from pipeline.running import run
from pipeline.setbacks import give_back
from pipeline.sweeping import sweep
from signing.port import Appearance
from signing.seal import sign_pdf
from tests.bad_input import pdf, stream
from tests.fakes.office import CODE, OTHER_CODE, PaperOffice


@pytest.fixture
def marked(office: PaperOffice) -> WorkItem:
    """Return the claimed item of a page with a marking, in a dossier with two other pages."""
    office.reader.secret.add(office.page("a.jpg", 10))
    office.page("b.jpg", 20)
    office.page("c.jpg", 30)
    office.deliver()
    office.drain(Step.RECEIVE)
    item = office.claim(Step.READ)
    assert item is not None
    return item


def _is_stopped(office: PaperOffice) -> bool:
    with office.services.catalogue.read() as tx:
        intake = intakes.latest(tx, office.dossier().id)
        assert intake is not None
        destroyed = {file.state for file in intakes.files(tx, intake.id)} == {FileState.DESTROYED}
        ended = queue.open_count(tx, tuple(Step)) == 0
    return intake.state is IntakeState.STOPPED and destroyed and ended


def test_nothing_of_a_stopped_dossier_is_kept(office: PaperOffice, marked: WorkItem) -> None:
    """Key, held bytes and the marked scan are gone; the other scans lie where they were; one line stays."""
    run(marked, office.services)
    office.drain()
    assert _is_stopped(office)
    assert office.services.holding.batches() == []
    assert sorted(path.name for path in office.folder().iterdir()) == ["b.jpg", "c.jpg"]
    assert list(office.services.store.list()) == []
    assert [(item.subject, item.code) for item in office.problems()] == [("a.jpg#1", Code.SECRET_STAMP)]
    with office.services.catalogue.read() as tx:
        stopped = [event for event in events.chain(tx, office.dossier().id) if event.kind == "stopped"]
    assert len(stopped) == 1
    assert stopped[0].payload.keys() == {"intake", "code"}


def test_a_stopped_dossier_stays_stopped_until_its_folder_is_changed(office: PaperOffice, marked: WorkItem) -> None:
    """A second run does not quietly digitise the rest; a person who takes a page out begins a new delivery."""
    run(marked, office.services)
    for _ in range(2):
        assert [item.outcome.value for item in office.digitise()] == ["problem"]
        assert [item.code for item in office.problems()] == [Code.SECRET_STAMP]
    (office.folder() / "c.jpg").unlink()
    assert [item.outcome.value for item in office.digitise()] == ["changed"]
    assert office.states() == [DocumentState.ARCHIVED]
    assert office.problems() == []


def test_a_folder_left_empty_by_a_stop_keeps_its_line(office: PaperOffice) -> None:
    """When the marked scan was all there was, the list says why the dossier is stopped, not that it is empty."""
    office.reader.secret.add(office.page("a.jpg", 10))
    office.digitise()
    assert [item.outcome.value for item in office.deliver()] == ["problem"]
    assert [item.code for item in office.problems()] == [Code.SECRET_STAMP]


@pytest.mark.parametrize("point", ["destroy", "purge", "_destroy_delivered", "_erase", "_look"])
def test_a_stop_that_is_killed_goes_on(
    office: PaperOffice, marked: WorkItem, monkeypatch: pytest.MonkeyPatch, point: str
) -> None:
    """Killed at any point after the first record, the step runs again and ends the destruction."""

    class Killed(BaseException):
        pass

    def kill(*_args: object) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        target = type(office.services.holding) if point in ("destroy", "purge") else stop
        patch.setattr(target, point, kill)
        with pytest.raises(Killed):
            office.step(marked)
    with office.services.catalogue.write() as tx:
        work.release(tx, "run/1/", office.clock(), crashed=False)
    office.drain()
    assert _is_stopped(office)
    assert sorted(path.name for path in office.folder().iterdir()) == ["b.jpg", "c.jpg"]
    assert office.services.holding.batches() == []


def test_a_stop_that_was_set_aside_is_ended_by_the_next_run(
    office: PaperOffice, marked: WorkItem, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Workers that die over and over in a stop make its item poison; the scan still goes without anybody's `retry`."""

    class Killed(BaseException):
        pass

    def kill(*_args: object) -> None:
        raise Killed

    item: WorkItem | None = marked
    with monkeypatch.context() as patch:
        patch.setattr(stop, "_erase", kill)
        for _ in range(work.MAX_CRASHES):
            assert item is not None
            with pytest.raises(Killed):
                office.step(item)
            give_back("run/1/", office.services, crashed=True)
            office.clock.later(60)
            item = office.claim()
    assert item is not None
    run(item, office.services)
    assert {item.code for item in office.problems()} == {Code.SECRET_STAMP, Code.POISON}
    office.digitise()
    assert _is_stopped(office)
    assert sorted(path.name for path in office.folder().iterdir()) == ["b.jpg", "c.jpg"]
    assert [item.code for item in office.problems()] == [Code.SECRET_STAMP]


def test_a_second_marked_page_found_at_the_same_time_loses_its_scan_too(office: PaperOffice) -> None:
    """Of two workers that find markings, one stops the dossier; the other commits nothing, and its scan goes too."""
    office.reader.secret |= {office.page("a.jpg", 10), office.page("b.jpg", 20)}
    office.deliver()
    office.drain(Step.RECEIVE)
    first, second = office.claim(Step.READ), office.claim(Step.READ, worker="run/2/")
    assert first is not None
    assert second is not None
    with office.services.catalogue.read() as tx:
        held = intakes.latest(tx, office.dossier().id)
    assert held is not None

    def read_first(data: bytes, scan: object, effort: str = "full", *, cleared: bool = False) -> object:
        office.services = replace(office.services, reader=reader)
        run(first, office.services)
        return reader.read(data, scan, effort, cleared=cleared)  # type: ignore[arg-type] # passes through

    reader = office.services.reader
    racing = replace(office.services, reader=_Racing(read_first))  # type: ignore[arg-type] # a reader to the step
    run(second, racing)
    office.drain()
    assert _is_stopped(office)
    assert list(office.folder().iterdir()) == []
    assert [item.outcome.value for item in office.digitise()] == ["problem"]


class _Racing:
    def __init__(self, read: object) -> None:
        self.read = read


def test_a_file_put_in_the_place_of_the_marked_one_is_not_destroyed(office: PaperOffice, marked: WorkItem) -> None:
    """What a person has laid there meanwhile is another file; a copy of the marked one under another name goes."""
    copy = office.folder() / "copy.jpg"
    copy.write_bytes((office.folder() / "a.jpg").read_bytes())
    office.page("a.jpg", 99)
    run(marked, office.services)
    assert sorted(path.name for path in office.folder().iterdir()) == ["a.jpg", "b.jpg", "c.jpg"]


def test_a_source_that_cannot_be_destroyed_keeps_the_step_waiting(
    office: PaperOffice, marked: WorkItem, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A read-only folder does not end the stop: held bytes are gone, the step is tried until the scan is."""

    def refuse(_path: Path) -> None:
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as patch:
        patch.setattr(stop, "_erase", refuse)
        run(marked, office.services)
    assert office.services.holding.batches() == []
    with office.services.catalogue.read() as tx:
        assert [item.error for item in queue.waiting(tx)] == [Code.STORE_UNAVAILABLE]
    office.clock.later(600)
    office.drain()
    assert _is_stopped(office)
    assert not (office.folder() / "a.jpg").exists()


def test_other_dossiers_go_on(office: PaperOffice) -> None:
    """A stop concerns one dossier; the sweep finds nothing of it."""
    office.reader.secret.add(office.page("a.jpg", 10))
    office.page("a.jpg", 20, code=OTHER_CODE)
    office.digitise()
    sweep(office.services)
    assert office.states(CODE) == []
    assert office.states(OTHER_CODE) == [DocumentState.ARCHIVED]


@pytest.mark.parametrize(("line", "looked_at"), [(b"UBND xa", 0), (b"TOI MAT", 1), (b"Bao mat", 0)])
def test_a_signed_file_whose_text_may_be_a_marking_is_looked_at(
    office: PaperOffice, line: bytes, looked_at: int
) -> None:
    """The text of a born-digital page spares it the reading, unless a marking may stand in it."""
    plain, path = office.inbox.parent / "plain.pdf", office.folder() / "ket_qua.pdf"
    plain.write_bytes(text_pdf(b"BT /F1 24 Tf 72 700 Td (%s) Tj 0 -300 Td (Noi nhan) Tj ET" % line))
    appearance = Appearance("SAO Y", "UBND", development=True)
    sign_pdf(plain, path, signer=office.signer, tsa=office.tsa, appearance=appearance, at=office.clock())
    office.digitise()
    assert office.reader.calls.total() == looked_at
    assert office.states() == [DocumentState.ARCHIVED]


@pytest.mark.parametrize(("mode", "looked_at"), [(b"0 Tr", 0), (b"3 Tr", 1)])
def test_a_scan_with_a_text_layer_is_looked_at_though_it_is_signed(
    office: PaperOffice, mode: bytes, looked_at: int
) -> None:
    """Nobody vouches for an invisible text layer: the page under it may carry any stamp."""
    plain, path = office.inbox.parent / "plain.pdf", office.folder() / "ket_qua.pdf"
    plain.write_bytes(text_pdf(b"BT %s /F1 24 Tf 72 400 Td (UBND xa Dong Hai) Tj ET" % mode))
    appearance = Appearance("SAO Y", "UBND", development=True)
    sign_pdf(plain, path, signer=office.signer, tsa=office.tsa, appearance=appearance, at=office.clock())
    office.digitise()
    assert office.reader.calls.total() == looked_at


def text_pdf(content: bytes) -> bytes:
    """Return a PDF of one page with text and no picture."""
    return pdf(
        {
            1: b"<< /Type /Catalog /Pages 2 0 R >>",
            2: b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            3: b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R /Resources << /Font << /F1 "
            b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>",
            4: stream(content),
        }
    )
