"""Archived dossiers go back to the one-stop software once, whatever it answers and however it fails."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from catalog import events, portal_packages
from dossier.errors import Code, Rejected, Unavailable
from dossier.portal import Package, PackageState
from hososo.console import Console, local_time
from hososo.duties import duties
from hososo.home import Home
from hososo.portal import hand_back_here, portal_state
from hososo.settings import Settings
from pipeline.handing_back import Handed, hand_back
from pipeline.packaging import again
from pipeline.projecting import project
from pipeline.registering import Order, import_register
from pipeline.services import PortalChannel
from registers.portal.links import Links
from registers.portal.posting import PostWay
from registers.reference_data import of_files
from tests.fakes.archived import archive, codes, correct, register_of
from tests.fakes.office import PaperOffice
from tests.fakes.portal import TOKEN, Mood, Portal, portal_server

one_database = pytest.mark.parametrize("database", ["sqlite", pytest.param("postgresql", marks=pytest.mark.long)])
LINKS = Links("https://so-hoa.vi-du.vn", b"s" * 32, 90)


@pytest.fixture
def portal() -> Iterator[Portal]:
    """Give one-stop software that behaves."""
    with portal_server(Portal()) as serving:
        yield serving


@pytest.fixture
def returning(office: PaperOffice, portal: Portal) -> PaperOffice:
    """Return an office that posts to it."""
    channel = PortalChannel(PostWay(portal.url, TOKEN, seconds=1.0), LINKS)
    office.services = replace(office.services, reference=of_files(None, None), portal=channel)
    return office


def fill(office: PaperOffice, count: int) -> list[str]:
    """Archive so many dossiers and enter them into the register."""
    some = codes(count)
    archive(office.services.catalogue, office.services.store, some)
    path = office.inbox.parent / "so.csv"
    path.write_text(register_of(some), encoding="utf-8")
    import_register(path, Order(as_of=office.services.clock()), office.services)
    return some


def run(office: PaperOffice) -> Handed:
    """Send what is due."""
    return hand_back(office.services, demo=True)


def packages(office: PaperOffice, code: str) -> list[Package]:
    """Return the packages of a dossier."""
    with office.services.catalogue.read() as tx:
        return portal_packages.of_dossier(tx, office.dossier(code).id)


def kinds(office: PaperOffice, code: str) -> list[str]:
    """Return what happened to a dossier since it was archived."""
    with office.services.catalogue.read() as tx:
        return [event.kind for event in events.chain(tx, office.dossier(code).id) if event.kind != "archived"]


def test_what_is_archived_is_taken_once(returning: PaperOffice, portal: Portal) -> None:
    """Each dossier has one package, which the portal takes; a second run finds nothing to do."""
    some = fill(returning, 3)
    done = run(returning)
    assert (done.made, done.accepted, done.failed) == (3, 3, 0)
    assert sorted(portal.takes) == [(code, 1) for code in some]
    assert run(returning) == Handed()
    (package,) = packages(returning, some[0])
    assert (package.state, package.receipt[:3], package.key) == (PackageState.ACCEPTED, "BN-", portal.taken[some[0]][1])
    assert kinds(returning, some[0]) == ["portal_accepted"]
    assert portal.findings == []


def test_a_correction_is_a_new_version(returning: PaperOffice, portal: Portal) -> None:
    """What has changed is sent again under a new key; what has not is not."""
    some = fill(returning, 2)
    run(returning)
    correct(returning.services.catalogue, returning.services.store, some[0])
    assert run(returning).accepted == 1
    assert portal.taken[some[0]][0] == 2
    assert [one.state for one in packages(returning, some[0])] == [PackageState.ACCEPTED, PackageState.ACCEPTED]
    first, second = packages(returning, some[0])
    assert first.revoked_at is not None
    assert second.revoked_at is None


@one_database
@pytest.mark.parametrize("mood", [mood for mood in Mood if mood not in (Mood.WELL, Mood.TWICE)])
def test_no_answer_is_no_loss_and_no_second_taking(returning: PaperOffice, portal: Portal, mood: Mood) -> None:
    """Whatever goes wrong once, the next try brings the answer, and the portal has taken once."""
    (code,) = fill(returning, 1)
    portal.moods = (mood,)
    first = run(returning)
    assert (first.failed, first.sent) == ((0, 1) if mood is Mood.LATE else (1, 0))
    assert run(returning) == Handed(), "before its time nothing is sent again"
    portal.moods = (Mood.WELL,)
    returning.clock.later(120)
    assert run(returning).accepted == 1
    assert portal.takes == [(code, 1)]
    (package,) = packages(returning, code)
    assert package.tries == 2


def test_of_two_answers_the_first_counts(returning: PaperOffice, portal: Portal) -> None:
    """A second answer on the same connection is never read."""
    (code,) = fill(returning, 1)
    portal.moods = (Mood.TWICE,)
    assert run(returning).accepted == 1
    assert packages(returning, code)[0].state is PackageState.ACCEPTED


def test_a_refusal_keeps_its_reason_until_somebody_acts(returning: PaperOffice, portal: Portal) -> None:
    """Refused is not sent again by itself; a correction or `again` makes a new package that is."""
    some = fill(returning, 2)
    portal.refuses = 100
    assert run(returning).refused == 2
    returning.clock.later(100_000)
    assert run(returning) == Handed()
    (package,) = packages(returning, some[0])
    assert (package.state, package.refusal) == (PackageState.REFUSED, "TPHS-02")
    assert package.reason == "Thiếu mã thành phần hồ sơ"
    assert "reason" not in str(events_of(returning, some[0])), "words of others may name people"
    portal.refuses = 0
    correct(returning.services.catalogue, returning.services.store, some[0])
    assert again(some[1], returning.services) is not None
    assert run(returning).accepted == 2
    assert [one.state for one in packages(returning, some[1])] == [PackageState.REPLACED, PackageState.ACCEPTED]


def events_of(office: PaperOffice, code: str) -> list[dict[str, object]]:
    """Return the chain of a dossier as it is exported."""
    with office.services.catalogue.read() as tx:
        return list(events.raw_chain(tx, office.dossier(code).id))


def test_a_sender_that_is_killed_sends_again(returning: PaperOffice, portal: Portal) -> None:
    """The try is recorded before anything leaves: after a kill in between, the same package goes again."""
    (code,) = fill(returning, 1)
    whole = returning.services
    channel = whole.portal
    assert channel is not None

    class Killed(PostWay):
        def send(self, parcels):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
            super().send(parcels)
            raise KeyboardInterrupt

    returning.services = replace(whole, portal=replace(channel, way=Killed(portal.url, TOKEN, seconds=1.0)))
    with pytest.raises(KeyboardInterrupt):
        run(returning)
    assert portal.takes == [(code, 1)]
    assert packages(returning, code)[0].state is PackageState.DUE
    returning.services = whole
    returning.clock.later(120)
    assert run(returning).accepted == 1
    assert portal.takes == [(code, 1)]


def test_a_closed_door_stops_the_run(returning: PaperOffice, portal: Portal) -> None:
    """A wrong token is for a person to mend; the packages wait."""
    fill(returning, 1)
    portal.lets_in = False
    with pytest.raises(Rejected) as caught:
        run(returning)
    assert caught.value.code is Code.PORTAL_REFUSED
    portal.lets_in = True
    returning.clock.later(120)
    assert run(returning).accepted == 1


def test_only_what_counts_as_archived_is_handed_back(returning: PaperOffice, tmp_path: Path) -> None:
    """Without a row in the register there is no package; with it there is one, though nothing else has happened."""
    some = codes(2)
    archive(returning.services.catalogue, returning.services.store, some)
    assert run(returning) == Handed()
    path = tmp_path / "so.csv"
    path.write_text(register_of(some[:1]), encoding="utf-8")
    import_register(path, Order(as_of=returning.services.clock()), returning.services)
    assert run(returning).accepted == 1
    assert packages(returning, some[1]) == []


def test_a_dossier_in_the_middle_of_a_change_has_to_wait(returning: PaperOffice, portal: Portal) -> None:
    """What was written after its line of facts was made is not packed by halves; the flag stays for the next time."""
    (code,) = fill(returning, 1)
    project(returning.services, demo=True)
    with returning.services.catalogue.read() as tx:
        found = portal_packages.flagged(tx, 10)
    with returning.services.catalogue.write() as tx:
        events.append(tx, returning.dossier(code).id, "retried", returning.clock(), {})
    with returning.services.catalogue.write() as tx:
        assert portal_packages.take_flags(tx, found) == {}
        assert portal_packages.counted(tx, [code]) == set()
    assert again(code, returning.services) is None
    assert run(returning).accepted == 1
    assert portal.takes == [(code, 1)]


@one_database
def test_the_chore_sends_and_one_at_a_time(returning: PaperOffice, tmp_path: Path) -> None:
    """What a supervisor does every minute; while another of the same home sends, it does nothing."""
    settings, home = Settings(home=tmp_path / "home"), Home(tmp_path / "home")
    home.make()
    fill(returning, 1)
    with home.handing_back() as got:
        assert got
        assert hand_back_here(returning.services, settings) is None
    done = hand_back_here(returning.services, settings)
    assert done is not None
    assert done.accepted == 1
    assert hand_back_here(replace(returning.services, portal=None), settings) is None
    assert "portal" in {chore.name for chore in duties(settings)}


@one_database
def test_what_waits_is_told_with_its_age(returning: PaperOffice, portal: Portal) -> None:
    """Status says how many and since when, and what was refused; nothing without a channel."""
    settings = Settings(portal_way="http")
    fill(returning, 3)
    portal.moods = (Mood.DROP_BEFORE,)
    run(returning)
    with returning.services.catalogue.read() as tx:
        state, silent = portal_state(tx, settings), portal_state(tx, Settings())
    assert (state.waiting, state.refused) == (3, 0)
    assert state.since is not None
    assert not state.is_late(state.since + timedelta(hours=23))
    assert state.is_late(state.since + timedelta(hours=25))
    console = Console("vi", as_json=False, settings=settings)
    assert state.lines(console) == [f"3 gói chờ cổng ghi nhận, lâu nhất từ {local_time(state.since)}."]
    assert silent.lines(console) == []
    portal.moods, portal.refuses = (Mood.WELL,), 100
    returning.clock.later(120)
    run(returning)
    with returning.services.catalogue.read() as tx:
        assert portal_state(tx, settings).refused == 3


def test_two_senders_at_once_double_nothing(returning: PaperOffice, portal: Portal) -> None:
    """Two hosts pack and send the same dossiers in the same moment, over and over: each is taken once, told once."""
    some = fill(returning, 12)
    returning.services = replace(returning.services, clock=lambda: datetime.now(UTC))
    start = threading.Barrier(2)

    def sender() -> None:
        start.wait()
        for _ in range(3):
            with suppress(Unavailable):  # a database that is busy, or found a deadlock: the next round goes on
                hand_back(returning.services, demo=True, at_once=True)

    with ThreadPoolExecutor(2) as pool:
        for running in [pool.submit(sender) for _ in range(2)]:
            running.result(120)
    assert sorted(portal.takes) == [(code, 1) for code in some]
    for code in some:
        assert [one.state for one in packages(returning, code)] == [PackageState.ACCEPTED]
        assert kinds(returning, code).count("portal_accepted") == 1
