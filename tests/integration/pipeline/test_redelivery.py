"""A folder that is delivered again: what is new is made, what was replaced stays, nothing waits for ever."""

import shutil

import pytest

from catalog import documents, intakes, queue, work
from dossier.errors import Code, Rejected
from dossier.states import DocumentState, Step
from pipeline.delivery import deliver
from pipeline.export import export
from pipeline.indexing import bring_up_to_date
from pipeline.retrying import retry
from pipeline.sweeping import sweep
from pipeline.verification import verify_dossier
from search.query import parse_query
from tests.fakes.office import CODE, PaperOffice


@pytest.fixture
def two(office: PaperOffice) -> PaperOffice:
    """Return an office that has archived a dossier of two documents in sub-folders of their own."""
    office.page("don/1.jpg", 10, text="đơn đề nghị")
    office.page("giay/2.jpg", 20, text="giấy chứng nhận")
    office.digitise()
    assert office.states() == [DocumentState.ARCHIVED] * 2
    return office


def _closed(office: PaperOffice) -> list[int]:
    """Return the versions of a dossier whose manifest is stored."""
    with office.services.catalogue.read() as tx:
        return [
            item.version
            for item in reversed(intakes.assembled(tx, office.dossier().id))
            if f"manifest:{item.id}" in _referrers(office)
        ]


def _referrers(office: PaperOffice) -> set[str]:
    with office.services.catalogue.read() as tx:
        return set(tx.exec_driver_sql("SELECT referrer FROM claim").scalars())


def test_a_replaced_page_makes_a_new_version_and_keeps_the_old(two: PaperOffice) -> None:
    """One document is made anew, the other is kept as it is; both versions verify, and the change is told."""
    kept = two.documents()[0].id
    two.page("giay/2.jpg", 21)
    assert [item.outcome.value for item in two.digitise()] == ["changed"]
    assert two.states() == [DocumentState.ARCHIVED] * 2
    assert two.documents()[0].id == kept
    assert [(item.code, item.detail) for item in two.problems()] == [(Code.FOLDER_CHANGED, "replaced 1")]
    with two.services.catalogue.read() as tx:
        assert len(documents.every_version(tx, two.dossier().id)) == 3
    assert all(finding.verdict == "valid" for finding in verify_dossier(two.dossier(), two.services))
    assert _closed(two) == [1, 2]


def test_the_reading_of_an_unchanged_page_is_used_again(two: PaperOffice) -> None:
    """Only the new page is read."""
    read = two.reader.calls.total()
    two.page("giay/3.jpg", 30)
    two.digitise()
    assert two.reader.calls.total() == read + 1
    assert len(two.documents()) == 2
    assert two.states() == [DocumentState.ARCHIVED] * 2


def test_a_delivery_that_makes_no_new_document_is_closed_too(two: PaperOffice) -> None:
    """Only a bad file came: there is nothing to sign, and yet the delivery gets its manifest and is cleared away."""
    (two.folder() / "xau.jpg").write_bytes(b"")
    two.digitise()
    assert _closed(two) == [1, 2]
    assert two.services.holding.batches() == []
    (two.folder() / "xau.jpg").unlink()
    two.digitise()
    assert _closed(two) == [1, 2, 3]
    assert two.services.holding.batches() == []
    assert [item.code for item in two.problems()] == [Code.FOLDER_CHANGED]


def test_a_removed_page_leaves_the_search(two: PaperOffice) -> None:
    """A replaced document is found no more; what stays is found once."""
    bring_up_to_date(two.services)
    assert _found(two, "nhận") == 1
    (two.folder() / "giay/2.jpg").unlink()
    two.digitise()
    bring_up_to_date(two.services)
    assert (_found(two, "nhận"), _found(two, "nghị")) == (0, 1)


def _found(office: PaperOffice, words: str) -> int:
    return office.services.index.search(parse_query(words)).total


def test_what_was_replaced_before_it_was_signed_is_not_signed(office: PaperOffice) -> None:
    """The key is used for the new page only, the old delivery's bytes are cleared away, the dossier is closed."""
    office.tsa.silent = True
    office.page("1.jpg", 10)
    office.digitise()
    old = office.documents()[0].id
    office.page("1.jpg", 11)
    office.digitise()
    office.tsa.silent = False
    office.clock.later(600)
    office.drain()
    with office.services.catalogue.read() as tx:
        assert documents.get(tx, old).state is DocumentState.WAITING_TIMESTAMP
        assert queue.open_count(tx, tuple(Step)) == 0
    assert office.states() == [DocumentState.ARCHIVED]
    assert office.services.holding.batches() == []
    sweep(office.services)
    assert office.unclaimed() == set()
    assert office.missing() == set()


def test_a_worker_that_renders_a_replaced_document_commits_nothing(office: PaperOffice) -> None:
    """The lease of a running step on a document that a new delivery replaces is taken away."""
    office.page("1.jpg", 10)
    office.deliver()
    office.drain(Step.RECEIVE, Step.READ, Step.ASSEMBLE, Step.CLASSIFY)
    item = office.claim(Step.RENDER)
    assert item is not None
    office.page("1.jpg", 11)
    office.deliver()
    office.drain(Step.RECEIVE, Step.READ, Step.ASSEMBLE)
    with pytest.raises(work.LostLease):
        office.step(item)


def test_a_document_set_aside_is_made_anew_by_a_new_delivery(office: PaperOffice) -> None:
    """It does not block the dossier for ever, and nothing of it stays on the list."""
    office.page("1.jpg", 10)
    office.deliver()
    office.drain(Step.RECEIVE, Step.READ, Step.ASSEMBLE, Step.CLASSIFY)
    office.kill_over(Step.RENDER)
    office.drain()
    assert office.states() == [DocumentState.QUARANTINED]
    office.page("2.jpg", 20)
    office.digitise()
    assert set(office.states()) == {DocumentState.ARCHIVED}
    assert office.quarantined() == []
    assert office.services.holding.batches() == []


def test_a_later_delivery_that_fails_does_not_keep_the_earlier_one_open(office: PaperOffice) -> None:
    """Version 1 waits for its time stamp while version 2 is rejected: version 1 is closed when it is signed."""
    office.tsa.silent = True
    office.page("1.jpg", 10)
    office.digitise()
    (office.folder() / "1.jpg").write_bytes(b"")
    office.digitise()
    office.tsa.silent = False
    office.clock.later(600)
    office.drain()
    assert office.states() == [DocumentState.ARCHIVED]
    assert _closed(office) == [1]
    sweep(office.services)
    assert office.services.holding.batches() == []


def test_the_same_dossier_in_two_folders_does_not_go_to_and_fro(two: PaperOffice) -> None:
    """The second folder makes a version; a third and fourth look change nothing any more."""
    other = two.inbox.parent / "kho2"
    shutil.copytree(two.folder(), other / CODE)
    two.page("giay/2.jpg", 22)
    two.digitise()
    versions = []
    for _ in range(2):
        for inbox in (other, two.inbox):
            deliver(inbox, two.services)
            two.drain()
            versions.append(two.dossier().version)
    assert versions == [3, 3, 3, 3]


def test_a_touched_folder_with_a_bad_file_is_the_same(two: PaperOffice) -> None:
    """New file times alone are no change, whatever could not be taken of the folder."""
    bad = two.folder() / "xau.pdf"
    bad.write_bytes(b"no PDF at all")
    two.digitise()
    bad.touch()
    assert [item.outcome.value for item in two.deliver()] == ["same"]


def test_problems_stay_on_the_list_when_one_folder_is_looked_at_again(office: PaperOffice) -> None:
    """Asking for the dossier folder itself does not make its bad file forgotten."""
    office.page("1.jpg", 10)
    (office.folder() / "xau.jpg").write_bytes(b"")
    office.digitise()
    for path in (office.folder(), office.inbox):
        deliver(path, office.services)
        assert [item.code for item in office.problems()] == [Code.FILE_EMPTY]


def test_problems_of_a_folder_that_is_gone_are_closed(office: PaperOffice) -> None:
    """A clerk who clears the inbox has dealt with the bad file in it."""
    office.page("1.jpg", 10)
    (office.folder() / "xau.jpg").write_bytes(b"")
    office.digitise()
    shutil.rmtree(office.folder())
    office.deliver()
    assert office.problems() == []
    assert office.states() == [DocumentState.ARCHIVED]


def test_retry_looks_anew_at_a_file_that_could_not_be_read(office: PaperOffice) -> None:
    """A page set aside is read again after `retry`, though nothing in its folder has changed."""
    page = office.page("1.jpg", 10)
    office.page("2.jpg", 20)
    office.reader.faults[page] = [Rejected(Code.READ_TIMEOUT)] * 2
    office.digitise()
    assert len(office.documents()[0].page_ids) == 1
    assert [item.outcome.value for item in office.digitise()] == ["same"]
    assert retry(office.services) == 1
    assert [item.outcome.value for item in office.digitise()] == ["changed"]
    assert len(office.documents()[0].page_ids) == 2
    assert [item.code for item in office.problems()] == [Code.FOLDER_CHANGED]
    assert retry(office.services) == 0


def test_export_gives_the_files_of_the_newest_delivery(two: PaperOffice) -> None:
    """A kept document of an earlier delivery does not bring back the file it came from."""
    two.page("giay/2.jpg", 21)
    two.digitise()
    target = two.inbox.parent / "ra"
    names = export(two.dossier(), target, two.services)
    assert (target / "goc/giay/2.jpg").read_bytes() == (two.folder() / "giay/2.jpg").read_bytes()
    assert len(names) == len(set(names))


def test_order_of_files_alone_changes_no_document(two: PaperOffice) -> None:
    """A file that comes in between moves the others' places, not their content."""
    before = {document.id for document in two.documents()}
    two.page("giua/1.jpg", 30)
    two.digitise()
    after = [document.id for document in two.documents()]
    assert before <= set(after)
    assert len(after) == 3
