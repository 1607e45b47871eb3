"""A rolling scrub finds what has rotted or is gone, brings it back where it can, and says so where it cannot."""

import os
import shutil
import threading
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import delete, select

from catalog import chores, events, fixity
from catalog.schema import claim, moment, stored_object
from dossier.errors import Code, Unavailable
from pipeline.fixity import CHORE, FixityRules, Scrubbed, scrub
from pipeline.verification import verify_dossier
from storage.local import LocalObjectStore
from storage.memory import MemoryObjectStore
from tests.fakes.faulty_store import Fault, FaultyStore, unreachable
from tests.fakes.office import CODE, OTHER_CODE, PaperOffice

NOW = FixityRules(rate=0, sample=0, days=1)


@pytest.fixture
def archived(office: PaperOffice) -> PaperOffice:
    """Return an office with two archived dossiers."""
    office.page("1.jpg", 10, text="giấy khai sinh")
    office.page("1.jpg", 20, text="đơn đề nghị", code=OTHER_CODE)
    office.digitise()
    return office


@pytest.fixture
def copy(archived: PaperOffice) -> LocalObjectStore:
    """Return a second copy of the objects."""
    home = archived.inbox.parent
    shutil.copytree(home / "archive", home / "second")
    return LocalObjectStore(home / "second")


def _all(office: PaperOffice, **others: object) -> Scrubbed:
    """Read everything, as when all of it is due."""
    office.clock.later(86_400 * 2)
    done = scrub(office.services, NOW, "host/1", **others)  # type: ignore[arg-type] # passed on as they came
    assert done is not None
    return done


def _path(office: PaperOffice, digest: str) -> Path:
    return office.inbox.parent / "archive" / "objects" / digest[:2] / digest[2:4] / digest


def _damage(office: PaperOffice, digest: str) -> None:
    path = _path(office, digest)
    path.chmod(0o600)
    with path.open("r+b") as stream:
        stream.seek(-1, os.SEEK_END)
        last = stream.read(1)
        stream.seek(-1, os.SEEK_END)
        stream.write(bytes([last[0] ^ 1]))


def _source(office: PaperOffice) -> str:
    return next(digest for digest, kind in _objects(office).items() if kind == "image/jpeg")


def _objects(office: PaperOffice) -> dict[str, str]:
    with office.services.catalogue.read() as tx:
        return dict(tx.execute(select(stored_object.c.sha256, stored_object.c.media_type)).all())


def _faults(office: PaperOffice) -> dict[Code, int]:
    with office.services.catalogue.read() as tx:
        return fixity.faults(tx)


def _told(office: PaperOffice) -> list[str]:
    with office.services.catalogue.read() as tx:
        dossiers = [office.dossier(CODE).id, office.dossier(OTHER_CODE).id]
        kinds = [event.kind for each in dossiers for event in events.chain(tx, each)]
    return [kind for kind in kinds if kind.startswith("fixity")]


def test_everything_is_read_and_noted(archived: PaperOffice) -> None:
    """After a whole round the oldest look is that round's, and nothing is wrong."""
    before = archived.clock()
    done = _all(archived)
    assert (done.objects, done.bad, done.finished) == (len(_objects(archived)), 0, True)
    assert done.bytes == sum(ref.size for ref in archived.services.store.list())
    with archived.services.catalogue.read() as tx:
        oldest = fixity.oldest_look(tx)
    assert oldest is not None
    assert oldest > before
    assert _told(archived) == []


def test_archiving_counts_as_a_look(archived: PaperOffice) -> None:
    """The signed files and the words were read back when they were archived; what was only stored was not."""
    with archived.services.catalogue.read() as tx:
        rows = tx.execute(select(stored_object.c.media_type, stored_object.c.checked_at)).all()
    looked = {media_type for media_type, checked_at in rows if checked_at}
    assert "application/pdf" in looked
    assert "image/jpeg" not in looked
    with archived.services.catalogue.read() as tx:
        assert fixity.oldest_look(tx) == min(
            moment(at) for at in tx.execute(select(stored_object.c.created_at)).scalars()
        )


@pytest.mark.parametrize("gone", [False, True])
def test_bad_bytes_come_back_from_the_second_copy(archived: PaperOffice, copy: LocalObjectStore, *, gone: bool) -> None:
    """Damaged or missing: the object is whole again, the chain of its dossier says so, and nobody is bothered."""
    digest = _source(archived)
    if gone:
        _path(archived, digest).unlink()
    else:
        _damage(archived, digest)
    done = _all(archived, second=copy)
    assert (done.mended, done.bad) == (1, 0)
    archived.services.store.verify(digest)
    assert _faults(archived) == {}
    assert _told(archived) == ["fixity.repaired"]
    assert archived.problems() == []
    for code in (CODE, OTHER_CODE):
        assert {one.verdict for one in verify_dossier(archived.dossier(code), archived.services)} == {"valid"}


def test_without_a_copy_a_person_is_told_until_it_is_right_again(archived: PaperOffice, copy: LocalObjectStore) -> None:
    """One line on the list and one event, however often it is looked at; both are over once a copy is there."""
    digest = _source(archived)
    _damage(archived, digest)
    for _ in range(3):
        assert _all(archived).bad == 1
    assert [(item.code, item.subject, item.detail) for item in archived.problems()] == [
        (Code.OBJECT_DAMAGED, f"1.jpg ({digest[:12]})", digest)
    ]
    assert _faults(archived) == {Code.OBJECT_DAMAGED: 1}
    assert _told(archived) == ["fixity.damaged"]
    assert _all(archived, second=copy).mended == 1
    assert archived.problems() == []
    assert _faults(archived) == {}
    assert sorted(_told(archived)) == ["fixity.damaged", "fixity.repaired"]


def test_what_somebody_put_right_is_noticed(archived: PaperOffice, copy: LocalObjectStore) -> None:
    """An administrator who copies the file back by hand need not tell the program."""
    digest = _source(archived)
    _damage(archived, digest)
    _all(archived)
    with copy.open(digest) as stream:
        archived.services.store.mend(digest, stream)
    assert _all(archived).bad == 0
    assert archived.problems() == []
    assert sorted(_told(archived)) == ["fixity.damaged", "fixity.repaired"]


def test_a_bad_copy_mends_nothing(archived: PaperOffice, copy: LocalObjectStore) -> None:
    """Its bytes are verified before ours are replaced."""
    digest = _source(archived)
    shutil.rmtree(archived.inbox.parent / "second" / "objects" / digest[:2])
    _damage(archived, digest)
    damaged = _path(archived, digest).read_bytes()
    assert _all(archived, second=copy).bad == 1
    other = archived.inbox.parent / "second" / "objects" / digest[:2] / digest[2:4] / digest
    other.parent.mkdir(parents=True)
    other.write_bytes(b"not it")
    assert _all(archived, second=copy).bad == 1
    assert _path(archived, digest).read_bytes() == damaged


def test_equal_bytes_in_two_dossiers_are_told_to_both(archived: PaperOffice) -> None:
    """An object has as many claimants as need it."""
    archived.page("2.jpg", 10, text="giấy khai sinh", code=OTHER_CODE)
    digest = archived.page("1.jpg", 10, text="giấy khai sinh")
    archived.digitise()
    _damage(archived, digest)
    _all(archived)
    assert _told(archived) == ["fixity.damaged", "fixity.damaged"]
    assert {Path(item.folder).name for item in archived.problems() if item.code is Code.OBJECT_DAMAGED} == {
        CODE,
        OTHER_CODE,
    }


@pytest.mark.parametrize("store", ["unmounted", "unreachable"])
def test_a_store_that_is_away_is_no_damage(archived: PaperOffice, store: str) -> None:
    """Nothing is recorded, nobody is told, and the next slice goes on."""
    good = archived.services.store
    away = (
        MemoryObjectStore()
        if store == "unmounted"
        else FaultyStore(good, {method: unreachable(0) for method in ("verify", "open", "read", "stat")})
    )
    archived.use(store=away)
    with pytest.raises(Unavailable) as caught:
        _all(archived)
    assert caught.value.code is Code.STORE_UNAVAILABLE
    assert (_faults(archived), archived.problems(), _told(archived)) == ({}, [], [])
    archived.use(store=good)
    assert _all(archived).objects == len(_objects(archived))


def test_one_sector_that_cannot_be_read_is_not_a_store_that_is_away(
    archived: PaperOffice, copy: LocalObjectStore
) -> None:
    """The first time it is noted, the second time it counts as damage and is mended; all else is read meanwhile."""
    digest = _source(archived)
    store = _Unreadable(archived.services.store, {}, digest)
    archived.use(store=store)
    done = _all(archived, second=copy)
    assert (done.bad, done.objects) == (1, len(_objects(archived)) - 1)
    assert _faults(archived) == {Code.STORE_UNAVAILABLE: 1}
    assert archived.problems() == []
    assert _all(archived, second=copy).mended == 1
    assert _faults(archived) == {}


class _Unreadable(FaultyStore):
    def __init__(self, inner: LocalObjectStore, faults: dict[str, Fault], digest: str) -> None:
        super().__init__(inner, faults)
        self.digest = digest

    def verify(self, sha256: str) -> None:
        if sha256 == self.digest and not self.calls["mend"]:
            raise Unavailable(Code.STORE_UNAVAILABLE, "EIO")
        super().verify(sha256)


def test_nobody_scrubs_beside_another(archived: PaperOffice) -> None:
    """A slice under way on one host keeps the others out until it is over, or its lease is."""
    with archived.services.catalogue.write() as tx:
        assert chores.take(tx, CHORE, "other/1", archived.clock(), every=0, lease=300)
    assert scrub(archived.services, NOW, "host/1") is None
    archived.clock.later(301)
    assert scrub(archived.services, NOW, "host/1") is not None


def test_a_slice_that_is_stopped_goes_on_later(archived: PaperOffice) -> None:
    """It gives the chore back at once, and the next slice reads what this one left."""
    stop = threading.Event()
    store = _Stopping(archived.services.store, {}, stop)
    archived.use(store=store)
    first = _all(archived, stop=stop)
    assert (first.objects, first.finished) == (1, False)
    stop.clear()
    store.after = 0
    with archived.services.catalogue.read() as tx:
        left = [item.sha256 for item in fixity.oldest_first(tx, fixity.START, 100)][:-1]
    second = scrub(archived.services, NOW, "host/2")
    assert second is not None
    assert second.finished
    assert store.seen[1 : len(left) + 1] == left


class _Stopping(FaultyStore):
    def __init__(self, inner: LocalObjectStore, faults: dict[str, Fault], stop: threading.Event) -> None:
        super().__init__(inner, faults)
        self.stop, self.after = stop, 1
        self.seen: list[str] = []

    def verify(self, sha256: str) -> None:
        super().verify(sha256)
        self.seen.append(sha256)
        if len(self.seen) == self.after:
            self.stop.set()


def test_a_day_reads_its_share_and_a_sample(archived: PaperOffice) -> None:
    """A day's slice of a long period reads a part of the archive, not all of it; what is nearly due is read anyway."""
    count = len(_objects(archived))
    rules = FixityRules(rate=0, sample=0, days=count / 2)
    _all(archived)  # everything was read just now
    archived.clock.later(86_400)
    done = scrub(archived.services, rules, "host/1")
    assert done is not None
    assert done.objects == 2
    sampled = scrub(archived.services, replace(rules, days=1e5, sample=0.5), "host/1")
    assert sampled is not None
    assert sampled.objects == 1 + 1  # next to no time has gone by: one of the round, one of the sample


def test_damage_does_not_hide_what_was_removed_meanwhile(archived: PaperOffice) -> None:
    """An object whose last claim goes while it is being read is nobody's loss."""
    digest = _source(archived)
    archived.use(store=_Removing(archived.services.store, {}, archived, digest))
    done = _all(archived)
    assert done.bad == 0
    assert (_faults(archived), archived.problems(), _told(archived)) == ({}, [], [])


class _Removing(FaultyStore):
    def __init__(self, inner: LocalObjectStore, faults: dict[str, Fault], office: PaperOffice, digest: str) -> None:
        super().__init__(inner, faults)
        self.office, self.digest = office, digest

    def verify(self, sha256: str) -> None:
        if sha256 == self.digest:
            with self.office.services.catalogue.write() as tx:
                for table in (claim, stored_object):
                    tx.execute(delete(table).where(table.c.sha256 == sha256))
            self.inner.remove(sha256)
        super().verify(sha256)


def test_the_rate_is_kept(archived: PaperOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    """Reading so many bytes takes at least as long as the rate says; the waiting ends when somebody says stop."""
    waited: list[float] = []

    class Counting(threading.Event):
        def wait(self, timeout: float | None = None) -> bool:
            waited.append(timeout or 0)
            return True

    monkeypatch.setattr("pipeline.fixity._RENEW_SECONDS", 5.0)
    archived.clock.later(86_400 * 2)
    assert scrub(archived.services, replace(NOW, rate=0.001), "host/1", stop=Counting()) is not None
    assert max(waited) == 5.0
