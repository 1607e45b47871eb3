"""What `verify`, the index and the seals make of an archive that somebody has been at."""

import os
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import text

from catalog import pages, seals
from dossier.errors import Code, Rejected
from dossier.states import Step
from pipeline.export import export
from pipeline.indexing import bring_up_to_date
from pipeline.sealing import seal
from pipeline.services import LockPolicy
from pipeline.sweeping import sweep
from pipeline.verification import verify_dossier, verify_seals
from search.query import parse_query
from storage.port import LockMode, put_bytes
from tests.fakes.office import CODE, OTHER_CODE, PaperOffice


@pytest.fixture
def archived(office: PaperOffice) -> PaperOffice:
    """Return an office with two archived dossiers, sealed."""
    office.page("1.jpg", 10, text="giấy khai sinh")
    office.page("1.jpg", 20, text="đơn đề nghị", code=OTHER_CODE)
    office.digitise()
    seal(office.services)
    return office


def _words(office: PaperOffice) -> str:
    with office.services.catalogue.read() as tx:
        return pages.get(tx, office.documents()[0].page_ids[0]).words


def _damage(office: PaperOffice, digest: str) -> None:
    path = Path(office.services.store._root) / "objects" / digest[:2] / digest[2:4] / digest  # type: ignore[attr-defined] # the local store
    path.chmod(0o600)
    with path.open("r+b") as stream:
        stream.seek(-1, os.SEEK_END)
        stream.write(b"\xff")


def test_a_sound_archive_is_sound(archived: PaperOffice) -> None:
    """Every object, signature, chain and seal."""
    findings = list(verify_dossier(archived.dossier(), archived.services))
    assert {finding.kind for finding in findings} == {"object", "signature", "chain"}
    assert {finding.verdict for finding in [*findings, verify_seals(archived.services)]} == {"valid"}


def test_one_changed_byte_is_found(archived: PaperOffice) -> None:
    """The finding names the object; export does not pass it off as sound; the index goes on without its words."""
    digest = _words(archived)
    _damage(archived, digest)
    bad = [finding for finding in verify_dossier(archived.dossier(), archived.services) if finding.verdict != "valid"]
    assert [(finding.kind, finding.subject, finding.code) for finding in bad] == [
        ("object", digest, Code.OBJECT_DAMAGED)
    ]
    with pytest.raises(Rejected) as caught:
        export(archived.dossier(), archived.inbox.parent / "ra", archived.services)
    assert caught.value.code is Code.OBJECT_DAMAGED
    assert bring_up_to_date(archived.services) == 2
    assert archived.services.index.search(parse_query("nghị")).total == 1


def test_a_deleted_dossier_is_missed_by_the_seal(archived: PaperOffice) -> None:
    """Though nothing that is left is unsound."""
    gone = archived.dossier(CODE).id
    with archived.services.catalogue.write() as tx:
        tx.execute(text("DELETE FROM event_link WHERE dossier_id = :id").bindparams(id=gone))
    finding = verify_seals(archived.services)
    assert (finding.verdict, finding.code, finding.subject) == ("invalid", Code.EVENT_CHAIN_BROKEN, gone)


def test_sealing_what_is_sealed_makes_no_second_seal(archived: PaperOffice) -> None:
    """A run that changed nothing leaves the seals as they are."""
    root = seal(archived.services)
    with archived.services.catalogue.read() as tx:
        (only,) = seals.all_seals(tx)
    assert only.root == root
    assert only.token is not None


def test_two_runs_that_seal_at_the_same_time_make_one_line(
    archived: PaperOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The seal that comes second is made on top of the first, never beside it."""
    archived.page("2.jpg", 30)
    archived.digitise()
    asked = archived.tsa.token
    overtaken = False

    def overtake(digest: bytes, algorithm: str) -> bytes:
        nonlocal overtaken
        if not overtaken:
            overtaken = True
            seal(archived.services)
        return asked(digest, algorithm)

    monkeypatch.setattr(archived.tsa, "token", overtake)
    seal(archived.services)
    assert overtaken
    assert verify_seals(archived.services).verdict == "valid"
    with archived.services.catalogue.read() as tx:
        assert len(list(seals.all_seals(tx))) == 2


def test_a_seal_without_a_time_stamp_says_so(archived: PaperOffice) -> None:
    """It is made all the same, and `verify` counts it."""
    archived.tsa.silent = True
    archived.page("2.jpg", 30)
    archived.digitise()
    seal(archived.services)
    finding = verify_seals(archived.services)
    assert (finding.verdict, finding.detail) == ("valid", "without_time_stamp=1")


def test_the_sweep_leaves_what_is_locked(archived: PaperOffice) -> None:
    """An object that nobody claims and somebody has locked stays, and the sweep goes on."""
    locked = put_bytes(archived.services.store, b"locked", "text/plain").sha256
    loose = put_bytes(archived.services.store, b"loose", "text/plain").sha256
    archived.services.store.retain(locked, date(2099, 1, 1), LockMode.GOVERNANCE)
    assert sweep(archived.services).objects == 1
    assert archived.services.store.stat(loose) is None
    assert archived.unclaimed() == {locked}


def test_the_sweep_leaves_copies_that_are_in_use(archived: PaperOffice) -> None:
    """A `verify` that runs beside keeps its file; what a killed one left is removed."""
    (archived.services.scratch / "copy-left").write_bytes(b"left")
    final = next(ref for ref in archived.services.store.list())
    with archived.services.local_copy(final) as path:
        assert sweep(archived.services).files == 1
        assert path.stat().st_size == final.size
    assert list(archived.services.scratch.iterdir()) == []


def test_what_is_archived_is_locked_and_what_is_on_its_way_is_not(office: PaperOffice) -> None:
    """Final form, report, words, source and manifest cannot be deleted; the unsigned rendition could, and is gone."""
    office.services = replace(office.services, lock_policy=LockPolicy(365, LockMode.GOVERNANCE))
    office.page("1.jpg", 10)
    office.deliver()
    office.drain(Step.RECEIVE, Step.READ, Step.ASSEMBLE, Step.CLASSIFY, Step.RENDER)
    store = office.services.store
    assert {store.hold(ref.sha256, on=False).until for ref in store.list()} == {None}
    office.drain()
    archived = [ref.sha256 for ref in store.list()]
    assert len(archived) == 5
    for digest in archived:
        with pytest.raises(Rejected) as caught:
            store.remove(digest)
        assert caught.value.code is Code.OBJECT_LOCKED
