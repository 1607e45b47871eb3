"""A backup made while the office works, and what is restored from it."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO, cast

import pytest

from catalog import Catalogue, chores, comparison, filling, fixity
from catalog.separator_key import ensure_separator_key, separator_key
from dossier.errors import Code, Rejected, Unavailable
from dossier.model import ObjectRef
from dossier.states import DocumentState, Step
from ingest.holding import Holding
from ingest.places import FolderPlace
from pipeline.backup import BackedUp, backup
from pipeline.backup_parts import CATALOGUES
from pipeline.indexing import bring_up_to_date
from pipeline.installation import Installation
from pipeline.restoring import Restored, restore
from pipeline.sealing import seal
from pipeline.sweeping import sweep
from pipeline.verification import verify_dossier, verify_seals
from search.fts5_index import Fts5Index
from search.query import parse_query
from storage.local import LocalObjectStore
from storage.port import ObjectStore, put_bytes
from tests.fakes.faulty_store import FaultyStore, disk_full, unreachable
from tests.fakes.office import CODE, OTHER_CODE, PaperOffice
from tests.servers.postgres import Postgres


def _nothing(_done: int, _of: int) -> None:
    pass


def _backup(office: PaperOffice, target: Path, keep: int | None = None) -> BackedUp:
    office.clock.later(1)
    source = Installation(office.services.catalogue, office.services.store, office.clock)
    return backup(source, target, LocalObjectStore(target), keep, _nothing)


def test_the_key_of_separator_sheets_goes_along(office: PaperOffice, target: Path, place: Installation) -> None:
    """What was printed before is believed after; no other switch is carried over."""
    with office.services.catalogue.write() as tx:
        key = ensure_separator_key(tx, office.clock())
        chores.set_draining(tx, office.clock(), on=True)
    _backup(office, target)
    _restore(target, place)
    with place.catalogue.read() as tx:
        assert separator_key(tx) == key
        assert not chores.draining(tx)


@pytest.fixture
def target(tmp_path: Path) -> Path:
    """Return the folder of the backups."""
    return tmp_path / "sao-luu"


@pytest.fixture
def place(tmp_path: Path, office: PaperOffice) -> Iterator[Installation]:
    """Give an installation that has never been used; its database is SQLite, whatever the office has."""
    catalogue = Catalogue(f"sqlite:///{tmp_path / 'restored.db'}")
    yield Installation(catalogue, LocalObjectStore(tmp_path / "restored"), office.clock)
    catalogue.close()


def _restore(target: Path, place: Installation, name: str = "") -> Restored:
    return restore(target, LocalObjectStore(target), place, name, _nothing)


def _moved(office: PaperOffice, place: Installation, tmp_path: Path) -> PaperOffice:
    """Return the office going on with what was restored."""
    index = Fts5Index(tmp_path / "new-index")
    services = replace(office.services, catalogue=place.catalogue, store=place.store, index=index)
    office.services = services
    return office


def _same(office: PaperOffice, place: Installation) -> bool:
    with place.catalogue.read() as own, office.services.catalogue.read() as other:
        return list(comparison.compare(own, other)) == []


def _two(office: PaperOffice) -> None:
    office.page("1.jpg", 10, text="giấy khai sinh")
    office.page("1.jpg", 20, text="đơn đề nghị", code=OTHER_CODE)
    office.digitise()
    seal(office.services)


def test_what_is_restored_is_what_was_there(
    office: PaperOffice, target: Path, place: Installation, tmp_path: Path
) -> None:
    """Row by row; it is sound, can be searched, and a second look at the folders finds nothing new."""
    _two(office)
    made = _backup(office, target)
    assert (made.faults, made.copied) == ({}, made.objects)
    done = _restore(target, place)
    assert done.whole
    assert (done.dossiers, done.objects, done.abandoned) == (2, made.objects, [])
    assert _same(office, place)
    _moved(office, place, tmp_path)
    for code in (CODE, OTHER_CODE):
        assert {finding.verdict for finding in verify_dossier(office.dossier(code), office.services)} == {"valid"}
    assert verify_seals(office.services).verdict == "valid"
    assert bring_up_to_date(office.services) == 2
    assert office.services.index.search(parse_query("khai sinh")).total == 1
    assert [item.outcome.value for item in office.digitise()] == ["same", "same"]
    assert sweep(office.services).objects == 0
    office.page("2.jpg", 30)
    office.digitise()
    seal(office.services)
    assert verify_seals(office.services).verdict == "valid"


def test_a_second_backup_copies_only_what_is_new(office: PaperOffice, target: Path, place: Installation) -> None:
    """Both can be restored, by name."""
    _two(office)
    first = _backup(office, target)
    office.page("2.jpg", 30)
    office.digitise()
    second = _backup(office, target)
    assert 0 < second.copied < first.copied
    assert _restore(target, place, first.name).name == first.name
    with pytest.raises(Rejected) as caught:
        _restore(target, place, second.name)
    assert caught.value.code is Code.CATALOGUE_IN_USE


def test_old_backups_go_with_what_only_they_had(office: PaperOffice, target: Path, place: Installation) -> None:
    """The objects of those that are kept stay."""
    _two(office)
    for _ in range(3):
        made = _backup(office, target, keep=2)
    assert len(list((target / CATALOGUES).iterdir())) == 2
    assert (made.removed, made.objects_removed) == (1, 0)
    assert _restore(target, place).whole


def test_an_office_that_grows_moves_to_postgresql(
    office: PaperOffice, target: Path, tmp_path: Path, postgres: Postgres
) -> None:
    """A backup of one database is restored into the other, which goes on counting where the first one stopped."""
    _two(office)
    _backup(office, target)
    url = postgres.empty_database()
    catalogue = Catalogue(url)
    place = Installation(catalogue, LocalObjectStore(tmp_path / "restored"), office.clock)
    assert _restore(target, place).whole
    assert _same(office, place)
    _moved(office, place, tmp_path)
    office.page("2.jpg", 30)
    office.digitise()
    assert set(office.states()) == {DocumentState.ARCHIVED}
    catalogue.close()
    postgres.drop_database(url)


def test_what_was_under_way_is_given_up_and_done_again(
    office: PaperOffice, target: Path, place: Installation, tmp_path: Path
) -> None:
    """Held pages are in no backup: the folder is looked at anew. What only waits for a signature goes on."""
    office.page("1.jpg", 10)
    office.page("1.jpg", 20, code=OTHER_CODE)
    office.deliver()
    office.drain(Step.RECEIVE, Step.READ, Step.ASSEMBLE, Step.CLASSIFY, Step.RENDER)
    office.page("2.jpg", 30, code=OTHER_CODE)
    office.deliver()
    assert office.claim(Step.RECEIVE) is not None
    _backup(office, target)
    done = _restore(target, place)
    assert done.whole
    assert done.abandoned == [OTHER_CODE]
    services = _moved(office, place, tmp_path).services
    shutil.rmtree(tmp_path / "holding")
    office.services = replace(services, holding=Holding(FolderPlace(tmp_path / "holding")))
    assert [problem.code for problem in office.problems() if problem.code is Code.HOLDING_LOST]
    office.drain()
    assert office.states() == [DocumentState.ARCHIVED]
    looked = {item.code: item.outcome.value for item in office.digitise()}
    assert looked == {CODE: "same", OTHER_CODE: "changed"}
    assert set(office.states(OTHER_CODE)) == {DocumentState.ARCHIVED}
    assert len(office.documents(OTHER_CODE)) == 1
    findings = list(verify_dossier(office.dossier(OTHER_CODE), office.services))
    assert {finding.verdict for finding in findings} == {"valid"}
    assert office.missing() == set()


def test_documents_that_need_held_pages_are_made_again(
    office: PaperOffice, target: Path, place: Installation, tmp_path: Path
) -> None:
    """A document that was not rendered when the backup was made cannot be: the next delivery brings it anew."""
    office.page("1.jpg", 10)
    office.deliver()
    office.drain(Step.RECEIVE, Step.READ, Step.ASSEMBLE, Step.CLASSIFY)
    _backup(office, target)
    assert _restore(target, place).abandoned == [CODE]
    _moved(office, place, tmp_path)
    assert office.states() == [DocumentState.QUARANTINED]
    office.digitise()
    assert office.states() == [DocumentState.ARCHIVED]
    assert office.problems() == [] or Code.HOLDING_LOST not in {each.code for each in office.problems()}


class _Busy:
    """A store over which the office goes on working while it is being copied."""

    def __init__(self, inner: LocalObjectStore, meanwhile: Callable[[], None]) -> None:
        self._inner = inner
        self._meanwhile = meanwhile
        self._turn = threading.Lock()
        self._done = False

    def open(self, sha256: str) -> BinaryIO:
        """Let something happen first, once."""
        with self._turn:
            if not self._done:
                self._done = True
                self._meanwhile()
        return self._inner.open(sha256)

    def stat(self, sha256: str) -> ObjectRef | None:
        """Look it up."""
        return self._inner.stat(sha256)


def test_a_backup_is_of_one_moment_while_the_office_works(
    office: PaperOffice, target: Path, place: Installation, tmp_path: Path
) -> None:
    """Documents are signed, archived and swept while their unsigned forms are copied: what is restored is whole."""
    _two(office)
    office.page("2.jpg", 30)
    office.deliver()
    office.drain(Step.RECEIVE, Step.READ, Step.ASSEMBLE, Step.CLASSIFY, Step.RENDER)

    def meanwhile() -> None:
        office.drain()
        sweep(office.services)
        office.page("3.jpg", 50)
        office.digitise()
        sweep(office.services)

    inner = cast("LocalObjectStore", office.services.store)
    source = Installation(office.services.catalogue, cast("ObjectStore", _Busy(inner, meanwhile)), office.clock)
    made = backup(source, target, LocalObjectStore(target), None, _nothing)
    assert made.faults == {}
    assert made.absent
    done = _restore(target, place)
    assert done.whole
    assert done.abandoned == [CODE]
    _moved(office, place, tmp_path)
    office.digitise()
    seal(office.services)
    assert set(office.states()) == {DocumentState.ARCHIVED}
    assert [len(document.page_ids) for document in office.documents()] == [3]
    assert office.missing() == set()
    findings = [*verify_dossier(office.dossier(), office.services), verify_seals(office.services)]
    assert {finding.verdict for finding in findings} == {"valid"}


def test_what_cannot_be_copied_is_named(office: PaperOffice, target: Path, place: Installation) -> None:
    """A damaged object and a missing one: neither stands in the backup under a name that is not its own."""
    _two(office)
    root = Path(office.services.store._root)  # type: ignore[attr-defined] # the local store
    digests = sorted(ref.sha256 for ref in office.services.store.list())
    damaged, missing = digests[0], digests[1]
    path = root / "objects" / damaged[:2] / damaged[2:4] / damaged
    path.chmod(0o600)
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    office.services.store.remove(missing)
    made = _backup(office, target)
    assert made.faults == {damaged: Code.OBJECT_DAMAGED, missing: Code.OBJECT_MISSING}
    assert {ref.sha256 for ref in LocalObjectStore(target).list()} == set(digests) - {damaged, missing}
    done = _restore(target, place)
    assert not done.whole
    assert set(done.faults) == {damaged, missing}
    with place.catalogue.read() as tx:
        assert {each.sha256 for each in fixity.faulty(tx, "", 9)} == {damaged, missing}


@pytest.mark.parametrize("which", ["document.jsonl.gz", "backup.json", "event_link.jsonl.gz"])
def test_a_damaged_backup_is_refused(office: PaperOffice, target: Path, place: Installation, which: str) -> None:
    """Before anything is restored from it."""
    _two(office)
    made = _backup(office, target)
    path = target / CATALOGUES / made.name / which
    path.write_bytes(path.read_bytes()[:-30])
    with pytest.raises(Rejected) as caught:
        _restore(target, place)
    assert caught.value.code is Code.BACKUP_INVALID
    assert list(place.store.list()) == []
    with place.catalogue.read() as tx:
        assert filling.is_fresh(tx)


def test_no_backup_is_made_on_a_full_disk(office: PaperOffice, target: Path, place: Installation) -> None:
    """The one before stands, nothing of the new one is believed, and with room again it is made."""
    _two(office)
    first = _backup(office, target)
    office.page("2.jpg", 30)
    office.digitise()
    copies = FaultyStore(LocalObjectStore(target), {"put": disk_full(3)})
    source = Installation(office.services.catalogue, office.services.store, office.clock)
    with pytest.raises(Unavailable) as caught:
        backup(source, target, copies, None, _nothing)
    assert caught.value.code is Code.DISK_FULL
    assert [path.name for path in (target / CATALOGUES).iterdir()] == [first.name]
    second = _backup(office, target)
    assert _restore(target, place).name == second.name


def test_a_store_that_is_away_ends_the_backup(office: PaperOffice, target: Path) -> None:
    """It does not name a whole archive object by object as unreadable."""
    for number in range(12):
        office.page(f"{number}.jpg", 10 + number, text=f"trang {number}")
    office.digitise()
    away = FaultyStore(office.services.store, {"open": unreachable(0)})
    source = Installation(office.services.catalogue, away, office.clock)
    with pytest.raises(Unavailable) as caught:
        backup(source, target, LocalObjectStore(target), None, _nothing)
    assert caught.value.code is Code.STORE_UNAVAILABLE
    assert list((target / CATALOGUES).iterdir()) == []


class _Killed(BaseException):
    """As if the process were gone."""


def test_a_killed_backup_and_a_killed_restore_are_run_again(
    office: PaperOffice, target: Path, place: Installation
) -> None:
    """What they left is not believed, and is made use of."""
    _two(office)

    def die(done: int, of: int) -> None:
        if done > of / 2:
            raise _Killed

    source = Installation(office.services.catalogue, office.services.store, office.clock)
    with pytest.raises(_Killed):
        backup(source, target, LocalObjectStore(target), None, die)
    assert len(list((target / CATALOGUES).iterdir())) == 1
    with pytest.raises(Rejected):
        _restore(target, place)
    made = _backup(office, target)
    assert made.copied < made.objects
    assert [path.name for path in (target / CATALOGUES).iterdir()] == [made.name]
    with pytest.raises(_Killed):
        restore(target, LocalObjectStore(target), place, "", die)
    assert list(place.store.list())
    assert _restore(target, place).whole
    assert _same(office, place)


def test_a_store_in_use_is_not_restored_into(office: PaperOffice, target: Path, place: Installation) -> None:
    """An object that no backup knows belongs to somebody."""
    _two(office)
    _backup(office, target)
    put_bytes(place.store, b"somebody's", "text/plain")
    with pytest.raises(Rejected) as caught:
        _restore(target, place)
    assert caught.value.code is Code.CATALOGUE_IN_USE


def test_nothing_held_and_no_key_is_in_a_backup(office: PaperOffice, target: Path, tmp_path: Path) -> None:
    """Neither the pages of a delivery under way, nor what they are held with."""
    office.page("1.jpg", 10)
    office.deliver()
    office.drain(Step.RECEIVE)
    held = {path.read_bytes() for path in (tmp_path / "holding").rglob("*") if path.is_file()}
    assert held
    _backup(office, target)
    copied = [path for path in target.rglob("*") if path.is_file()]
    assert not held & {path.read_bytes() for path in copied}
    assert {path.parent.parent.name for path in copied if path.suffix in (".gz", ".json")} == {CATALOGUES}
