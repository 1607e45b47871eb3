"""Documents move along the table of states and no other way; versions, claims and index marks hold together."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from itertools import product

import pytest

from catalog import Catalogue, documents, intakes, objects, pages
from dossier.codes import parse_code
from dossier.model import Document, ObjectRef, Page, SourceFile
from dossier.scan import Encoding, PageScan
from dossier.states import DOCUMENT_MOVES, DocumentState, FileState, PageState, may_move

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
SCAN = PageScan(Encoding.JPEG, 2480, 3508, 300.0, 300.0, 3)
Add = Callable[[str], Document]


@pytest.fixture
def add(catalogue: Catalogue) -> Add:
    """Return a function that adds a document of one page to one dossier."""
    code = parse_code("H15.50.05.13-261008-0975")
    assert code is not None
    with catalogue.write() as tx:
        dossier_id = intakes.ensure_dossier(tx, code, "H15", NOW)
        intake_id = intakes.begin(tx, dossier_id, "/in/a", "mark", NOW)
        file = SourceFile("f1", intake_id, "a.jpg", "0" * 64, 1, "image/jpeg", FileState.HELD)
        intakes.add_files(tx, [file])

    def make(name: str) -> Document:
        page = Page(f"p-{name}", intake_id, "f1", "a.jpg", "", 1, "1" * 64, SCAN, PageState.READ)
        item = Document(
            name, dossier_id, code.normal, intake_id, 0, 1, "", DocumentState.ASSEMBLED, (page.id,), kind=""
        )
        with catalogue.write() as tx:
            pages.add(tx, [page])
            documents.add(tx, item, f"key-{name}", NOW)
        return item

    return make


def test_a_document_comes_back_as_it_was_added(catalogue: Catalogue, add: Add) -> None:
    """Its pages with the geometry of their scans too."""
    item = add("d1")
    with catalogue.read() as tx:
        assert documents.get(tx, "d1") == item
        assert [page.scan for page in pages.by_ids(tx, item.page_ids)] == [SCAN]


@pytest.mark.parametrize(("old", "new"), list(product(DocumentState, DocumentState)))
def test_documents_move_as_the_table_says(
    catalogue: Catalogue, add: Add, old: DocumentState, new: DocumentState
) -> None:
    """Every pair of states: allowed ones are taken, all others are bugs and change nothing."""
    add("d1")
    with catalogue.write() as tx:
        for state in _way_to(old):
            documents.move(tx, "d1", state)
    if may_move(old, new):
        with catalogue.write() as tx:
            documents.move(tx, "d1", new)
    else:
        with pytest.raises(RuntimeError), catalogue.write() as tx:
            documents.move(tx, "d1", new)
    with catalogue.read() as tx:
        assert documents.get(tx, "d1").state is (new if may_move(old, new) else old)


def _way_to(target: DocumentState) -> list[DocumentState]:
    """Return the shortest way from the first state."""
    ways = {DocumentState.ASSEMBLED: [DocumentState.ASSEMBLED]}
    reached = [DocumentState.ASSEMBLED]
    for state in reached:
        for following in sorted(DOCUMENT_MOVES[state]):
            if following not in ways:
                ways[following] = [*ways[state], following]
                reached.append(following)
    return ways[target]


def test_archived_documents_are_told_to_the_index_in_order_and_only_once(catalogue: Catalogue, add: Add) -> None:
    """Each change has a mark of its own, so that no batch of the projection can skip one."""
    names = [add(f"d{n}").id for n in range(5)]
    with catalogue.write() as tx:
        for name in names:
            documents.move(tx, name, DocumentState.CLASSIFIED)
            documents.set_archived(tx, name, NOW)
        documents.supersede(tx, names[:4], "i2")
    seen, mark = [], 0
    with catalogue.read() as tx:
        while batch := documents.changed_since(tx, mark, 2):
            seen += [(item.id, bool(item.superseded_by)) for _, item in batch]
            mark = batch[-1][0]
    assert seen == [("d4", False), ("d0", True), ("d1", True), ("d2", True), ("d3", True)]


def test_documents_set_aside_have_no_content_key_to_keep(catalogue: Catalogue, add: Add) -> None:
    """A new delivery makes them anew; superseded ones are not kept either."""
    item = add("d1")
    add("d2")
    add("d3")
    with catalogue.write() as tx:
        documents.move(tx, "d2", DocumentState.QUARANTINED)
        documents.supersede(tx, ["d3"], "i2")
        assert documents.content_keys(tx, item.dossier_id) == {"key-d1": "d1"}
        assert documents.unarchived(tx, item.dossier_id) == 2


def test_an_object_goes_with_its_last_claim(catalogue: Catalogue) -> None:
    """Two referrers share one object; recording it twice is one claim."""
    ref = ObjectRef("objects/aa", "a" * 64, 3, "image/jpeg")
    with catalogue.write() as tx:
        for referrer in ("file:1", "file:1", "file:2"):
            objects.record(tx, ref, referrer, "test", NOW)
        assert objects.find(tx, ref.sha256) == ref
        assert not objects.drop_claim(tx, ref.sha256, "file:1")
        assert objects.claimed_digests(tx) == {ref.sha256}
        assert objects.drop_claim(tx, ref.sha256, "file:2")
        assert objects.find(tx, ref.sha256) is None
