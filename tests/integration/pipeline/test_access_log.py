"""The access log in the archive store: what somebody does to the catalogue or to the store alone is found and named."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from typing import BinaryIO

import pytest
from sqlalchemy import text

from catalog import Catalogue, access, access_segments, comparison
from dossier.digest import canonical, of_bytes
from dossier.errors import Code, Unavailable
from dossier.model import ObjectRef
from hososo.site_chores import kept_under_seal
from pipeline import access_log
from pipeline.access_checking import AccessCheck, check_access_log
from pipeline.access_log import ACCESS_TYPE, as_object, read_segment, segment_of, store_access_log
from pipeline.installation import Installation
from pipeline.rebuilding import FOUND, Rebuilt, rebuild
from pipeline.sealing import seal
from pipeline.services import LockPolicy
from pipeline.sweeping import sweep
from pipeline.verification import Finding, verify_access_log, verify_seals
from storage.keys import object_key
from storage.port import LockMode, put_bytes
from tests.e2e.program import wait_until
from tests.fakes.office import PaperOffice
from workers import chores

pytestmark = pytest.mark.parametrize("database", ["sqlite", pytest.param("postgresql", marks=pytest.mark.long)])


def _note(office: PaperOffice, count: int) -> None:
    for number in range(count):
        with office.services.catalogue.write() as tx:
            access.note(tx, office.clock(), "a1", "document.view", f"d{number}", "page=1")


@pytest.fixture
def kept(office: PaperOffice) -> PaperOffice:
    """Return an office with three segments of four, four and two lines, sealed, and a line that none has yet."""
    _note(office, 10)
    assert store_access_log(office.services, most=4) == 10
    seal(office.services)
    _note(office, 1)
    return office


def _findings(office: PaperOffice) -> list[Finding]:
    return [*verify_access_log(office.services), verify_seals(office.services)]


def _named(office: PaperOffice) -> list[tuple[str, Code | None]]:
    return [(each.subject, each.code) for each in _findings(office) if each.verdict != "valid"]


def _sha256(office: PaperOffice, number: int) -> str:
    with office.services.catalogue.read() as tx:
        return next(each.sha256 for each in access_segments.every(tx) if each.number == number)


def _checked(office: PaperOffice, most_lines: int | None = None) -> AccessCheck:
    with office.services.catalogue.read() as tx:
        return check_access_log(tx, office.services.store, most_lines=most_lines)


def test_what_nobody_touched_is_sound(kept: PaperOffice) -> None:
    """Every line, every segment, and the seal that covers the newest; a second run and a second seal add nothing."""
    found, sealed = _findings(kept)
    assert (found.verdict, found.detail) == ("valid", "lines=11 segments=3 unstored=1")
    assert sealed.verdict == "valid"
    assert store_access_log(kept.services) == 1
    assert store_access_log(kept.services) == 0
    assert seal(kept.services) == seal(kept.services)
    assert _checked(kept).unstored == 0
    assert _checked(kept).head == _checked(kept, most_lines=1).head


def test_a_segment_says_what_it_is_and_nothing_of_people(kept: PaperOffice) -> None:
    """It begins with its mark; its lines can be hashed by anybody; its claim names a number and no more."""
    data = kept.services.store.read(_sha256(kept, 2))
    assert data.startswith(b'{"#":"hososo-access-log 1",')
    stored = read_segment(_sha256(kept, 2), kept.services.store)
    assert stored.segment.previous == _sha256(kept, 1)
    assert [line.number for line in stored.lines] == [5, 6, 7, 8]
    with kept.services.catalogue.read() as tx:
        claims = tx.execute(text("SELECT referrer FROM claim ORDER BY referrer")).scalars().all()
    assert [claim for claim in claims if claim.startswith("access")] == [f"access-log:{number}" for number in (1, 2, 3)]


def _chain_anew(office: PaperOffice, since: int) -> None:
    """Change a line and give all from there on digests that fit, as somebody does who knows how the log is made."""
    with office.services.catalogue.write() as tx:
        previous = access.between(tx, since - 1, since - 1)[0].digest
        for line in list(access.lines(tx, since - 1)):
            said = {**access.as_hashed(line), "previous": previous}
            del said["digest"]
            if line.number == since:
                said["subject"] = "another"
            digest = of_bytes(canonical(said))
            changed = "UPDATE access SET subject = :subject, previous = :previous, digest = :digest WHERE id = :id"
            tx.execute(
                text(changed), {"subject": said["subject"], "previous": previous, "digest": digest, "id": line.number}
            )
            previous = digest


def _sql(*statements: str) -> Callable[[PaperOffice], None]:
    def run(office: PaperOffice) -> None:
        with office.services.catalogue.write() as tx:
            for statement in statements:
                tx.execute(text(statement))

    return run


_SWAP = (
    "UPDATE access SET id = 999 WHERE id = 6",
    "UPDATE access SET id = 6 WHERE id = 7",
    "UPDATE access SET id = 7 WHERE id = 999",
)
_FORGET_LAST = "DELETE FROM access_segment WHERE number = 3"
_CUT = "DELETE FROM access WHERE id > 8"


@pytest.mark.parametrize(
    ("tamper", "named"),
    [
        pytest.param(_sql("UPDATE access SET subject = 'x' WHERE id = 6"), "line 6", id="changed"),
        pytest.param(_sql("UPDATE access SET at = '2026-01-01T00:00:00Z' WHERE id = 6"), "line 6", id="other-time"),
        pytest.param(lambda office: _chain_anew(office, 6), "line 6", id="chained-anew"),
        pytest.param(_sql("DELETE FROM access WHERE id = 6"), "line 6", id="removed"),
        pytest.param(_sql("DELETE FROM access WHERE id < 3"), "line 1", id="beginning-removed"),
        pytest.param(_sql(*_SWAP), "line 6", id="reordered"),
        pytest.param(_sql("DELETE FROM access WHERE id = 10"), "line 10", id="end-of-a-segment-removed"),
        pytest.param(_sql("DELETE FROM access WHERE id > 8"), "line 9", id="cut"),
        pytest.param(_sql("UPDATE access SET digest = 'f' WHERE id = 11"), "line 11", id="not-stored-yet"),
        pytest.param(_sql("DELETE FROM access_segment WHERE number = 2"), "segment 2", id="segment-removed"),
        pytest.param(_sql("DELETE FROM access_segment WHERE number = 1"), "segment 1", id="first-segment-removed"),
        pytest.param(_sql("UPDATE access_segment SET head = 'f' WHERE number = 2"), "segment 2", id="segment-changed"),
        pytest.param(_sql("UPDATE access_segment SET last = 6 WHERE number = 2"), "segment 2", id="segment-shortened"),
        pytest.param(_sql("UPDATE access_segment SET previous = 'f' WHERE number = 3"), "segment 3", id="other-chain"),
    ],
)
def test_what_is_done_to_the_catalogue_is_named(
    kept: PaperOffice, tamper: Callable[[PaperOffice], None], named: str
) -> None:
    """Lines and segments changed, removed, reordered, cut off: the first wrong one is named."""
    tamper(kept)
    assert (named, Code.EVENT_CHAIN_BROKEN) in _named(kept)


def test_a_log_cut_off_with_its_segments_is_found_in_the_store(kept: PaperOffice) -> None:
    """The seal names a segment that is gone; without seals the store still has the lines, and a sweep spares it."""
    _sql(_CUT, _FORGET_LAST)(kept)
    (stray, broken) = _named(kept)
    assert stray[0].startswith("object ")
    assert broken == ("log:access", Code.EVENT_CHAIN_BROKEN)
    _sql("DELETE FROM seal", "DELETE FROM claim WHERE referrer LIKE 'access-log:3' OR referrer LIKE 'seal:%'")(kept)
    _sql("DELETE FROM stored_object WHERE sha256 NOT IN (SELECT sha256 FROM claim)", "DELETE FROM intent")(kept)
    _note(kept, 3)
    store_access_log(kept.services)
    assert sweep(kept.services).objects > 0
    assert _named(kept) == [stray]


def test_what_is_done_to_the_store_is_named(kept: PaperOffice) -> None:
    """A segment with another byte, and one that is gone; the lines in the catalogue are not blamed."""
    changed, removed = _sha256(kept, 1), _sha256(kept, 2)
    path = kept.inbox.parent / "archive" / object_key(changed)
    path.chmod(0o600)
    path.write_bytes(path.read_bytes().replace(b"d0", b"d9"))
    kept.services.store.remove(removed)
    assert _named(kept) == [("segment 1", Code.OBJECT_DAMAGED), ("segment 2", Code.OBJECT_MISSING)]


def test_only_the_newest_segments_are_read_when_asked(kept: PaperOffice) -> None:
    """A page answers quickly; that an older segment is gone shows all the same."""
    _sql("UPDATE access SET subject = 'x' WHERE id = 1")(kept)
    done = _checked(kept, most_lines=9)
    assert (done.sound, done.lines, done.unread) == (True, 11, 4)
    assert not _checked(kept, most_lines=10).sound
    _sql("DELETE FROM access_segment WHERE number = 1")(kept)
    assert [fault.subject for fault in _checked(kept, most_lines=1).faults] == ["segment 1"]


def test_a_segment_is_locked_where_the_office_locks(kept: PaperOffice) -> None:
    """As everything archived; the one before as well, in case a kill came between."""
    kept.services = replace(kept.services, lock_policy=LockPolicy(3, LockMode.GOVERNANCE))
    store_access_log(kept.services)
    for number in (3, 4):
        lock = kept.services.store.retain(_sha256(kept, number), date(2026, 1, 1), LockMode.GOVERNANCE)
        assert lock.until == kept.clock().date() + timedelta(days=3)


def test_a_kill_between_store_and_catalogue_doubles_nothing(
    office: PaperOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next run makes the segment again, with what came meanwhile; the sweep takes the bytes nobody counts on."""
    _note(office, 3)
    with monkeypatch.context() as patched:
        patched.setattr(access_log, "record", _die)
        with pytest.raises(KeyboardInterrupt):
            store_access_log(office.services)
    _note(office, 1)
    assert store_access_log(office.services) == 4
    assert _named(office) == []
    office.clock.later(2 * 86_400)
    assert sweep(office.services).objects == 1
    assert _checked(office).segments == 1
    assert office.missing() == office.unclaimed() == set()


def test_the_same_lines_make_the_same_object(office: PaperOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    """Killed in between and made again later, there is nothing to sweep."""
    _note(office, 3)
    with monkeypatch.context() as patched:
        patched.setattr(access_log, "record", _die)
        with pytest.raises(KeyboardInterrupt):
            store_access_log(office.services)
    office.clock.later(3600)
    assert store_access_log(office.services) == 3
    assert office.unclaimed() == set()


def _die(*_: object) -> None:
    raise KeyboardInterrupt


def test_a_full_disk_loses_nothing(office: PaperOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    """The lines stay in the catalogue, and go into the store when there is room."""
    _note(office, 3)

    def full(_: BinaryIO, __: str) -> ObjectRef:
        raise Unavailable(Code.DISK_FULL)

    with monkeypatch.context() as patched:
        patched.setattr(office.services.store, "put", full)
        with pytest.raises(Unavailable):
            store_access_log(office.services)
    assert _checked(office).unstored == 3
    assert store_access_log(office.services) == 3


def test_several_at_once_make_one_chain(office: PaperOffice) -> None:
    """While lines go on being noted, every line lies in one segment, and none in two."""

    def store_some() -> int:
        return sum(store_access_log(office.services, most=3) for _ in range(3))

    with ThreadPoolExecutor(4) as pool:
        noting = [pool.submit(_note, office, 10) for _ in range(2)]
        storing = [pool.submit(store_some) for _ in range(2)]
        stored = sum(each.result(60) for each in storing)
        for each in noting:
            each.result(60)
    assert stored + store_access_log(office.services) == 20
    done = _checked(office)
    assert (done.lines, done.unstored, done.faults) == (20, 0, [])


def test_the_process_of_the_pages_does_it_alone(office: PaperOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    """An office that runs nothing but its pages has its log stored and sealed all the same."""
    monkeypatch.setattr(chores, "_LOOK_SECONDS", 0.05)
    _note(office, 3)
    with kept_under_seal(office.services):
        wait_until(lambda: _is_sealed(office), 20)
    assert _named(office) == []


def _is_sealed(office: PaperOffice) -> bool:
    with office.services.catalogue.read() as tx:
        return access_segments.sealed(tx) != ""


def _rebuilt(office: PaperOffice, into: Catalogue) -> Rebuilt:
    return rebuild(Installation(into, office.services.store, office.clock), lambda _: None)


def test_the_log_is_rebuilt_from_the_store(kept: PaperOffice, fresh: Catalogue) -> None:
    """Every stored line with its number, every segment, under the seals; the log goes on from there."""
    done = _rebuilt(kept, fresh)
    assert (done.whole, done.access_lines, done.access_lost) == (True, 10, [])
    with fresh.read() as here, kept.services.catalogue.read() as there:
        assert list(comparison.compare(here, there, FOUND)) == []
    kept.services = replace(kept.services, catalogue=fresh)
    _note(kept, 2)
    assert store_access_log(kept.services) == 2
    seal(kept.services)
    assert _named(kept) == []


def test_a_lost_segment_is_told_and_the_others_are_rebuilt(kept: PaperOffice, fresh: Catalogue) -> None:
    """Lines before and after the gap are there again; verify names the gap."""
    kept.services.store.remove(_sha256(kept, 2))
    done = _rebuilt(kept, fresh)
    assert (done.whole, done.access_lines, done.access_lost) == (False, 6, [2])
    kept.services = replace(kept.services, catalogue=fresh)
    assert _named(kept) == [("segment 2", Code.EVENT_CHAIN_BROKEN)]


def test_a_contradicting_segment_is_told(kept: PaperOffice, fresh: Catalogue) -> None:
    """Where the catalogue was cut and went on, the longer log is rebuilt, and the other is no longer unseen."""
    _sql(_CUT.replace("8", "4"), "DELETE FROM access_segment WHERE number > 1")(kept)
    _note(kept, 2)
    store_access_log(kept.services)
    false = _sha256(kept, 2)
    done = _rebuilt(kept, fresh)
    assert (done.access_lines, done.access_lost, done.unusable) == (10, [], [(false, Code.EVENT_CHAIN_BROKEN)])


def test_of_two_with_one_number_the_sealed_one_is_rebuilt(office: PaperOffice, fresh: Catalogue) -> None:
    """What a process that was overtaken has left does not make the seals look broken; lines only it has are told."""
    _note(office, 2)
    store_access_log(office.services)
    seal(office.services)
    _note(office, 1)
    with office.services.catalogue.read() as tx:
        lines = access.between(tx, 1, 3)
    left = put_bytes(office.services.store, as_object(segment_of(lines, None), lines), ACCESS_TYPE)
    done = _rebuilt(office, fresh)
    assert (done.access_lines, done.unsealed, done.unusable) == (2, 0, [(left.sha256, Code.EVENT_CHAIN_BROKEN)])
