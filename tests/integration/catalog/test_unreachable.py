"""A PostgreSQL that is away, full, busy or does not know us: told as such, without values and passwords."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, InternalError

import catalog.engines
from catalog import Catalogue
from catalog.catalogue import take_turn
from dossier.errors import Code, Unavailable
from tests.servers.postgres import Postgres
from tests.servers.process import free_port

pytestmark = pytest.mark.server
_INSERT = text("INSERT INTO switch (name, value, changed_at) VALUES (:name, '', '')").bindparams(name="Nguyễn Văn Thử")


@pytest.fixture
def own_postgres() -> Iterator[Postgres]:
    """Give a PostgreSQL that may be hurt."""
    with Postgres() as server:
        yield server


@pytest.fixture
def opened(postgres: Postgres) -> Iterator[Catalogue]:
    """Give an empty catalogue on the shared PostgreSQL."""
    own = Catalogue(postgres.wiped_database())
    yield own
    own.close()


def _count(own: Catalogue) -> int:
    with own.read() as tx:
        return int(tx.execute(text("SELECT count(*) FROM switch")).scalar_one())


def _insert(own: Catalogue) -> None:
    with own.write() as tx:
        tx.execute(_INSERT)


def _write_around(own: Catalogue, happens: Callable[[], None]) -> None:
    """Write, let something happen, and go on in the same transaction."""
    with own.write() as tx:
        tx.execute(_INSERT)
        happens()
        tx.execute(text("SELECT 1"))


@pytest.mark.parametrize(
    ("state", "code"),
    [
        ("08006", Code.CATALOGUE_BUSY),
        ("25006", Code.CATALOGUE_BUSY),
        ("40001", Code.CATALOGUE_BUSY),
        ("40P01", Code.CATALOGUE_BUSY),
        ("53200", Code.CATALOGUE_BUSY),
        ("53300", Code.CATALOGUE_BUSY),
        ("55P03", Code.CATALOGUE_BUSY),
        ("57014", Code.CATALOGUE_BUSY),
        ("57P01", Code.CATALOGUE_BUSY),
        ("57P03", Code.CATALOGUE_BUSY),
        ("58030", Code.CATALOGUE_BUSY),
        ("53100", Code.DISK_FULL),
        ("28P01", Code.CATALOGUE_REFUSED),
        ("3D000", Code.CATALOGUE_REFUSED),
        ("42501", Code.CATALOGUE_REFUSED),
    ],
)
def test_what_the_server_says_has_a_code(opened: Catalogue, state: str, code: Code) -> None:
    """Each SQLSTATE that is the world's fault; its words, which may quote values, are left out."""
    raised = f"DO $$ BEGIN RAISE 'Nguyễn Văn Thử' USING ERRCODE = '{state}'; END $$"
    with pytest.raises(Unavailable) as caught, opened.write() as tx:
        tx.execute(text(raised))
    assert caught.value.code is code
    assert caught.value.detail.endswith(state)
    assert "Nguyễn" not in str(caught.value)


def test_a_broken_rule_stays_a_bug_without_the_values(opened: Catalogue) -> None:
    """The database quotes the values of a row that is there twice; the error does not."""
    _insert(opened)
    with pytest.raises(IntegrityError) as caught:
        _insert(opened)
    assert "Nguyễn" not in f"{caught.value} {caught.value.orig} {caught.value.__cause__}"


def test_a_reader_cannot_write(opened: Catalogue) -> None:
    """A transaction for reading changes nothing, whatever it is asked."""
    with pytest.raises((Unavailable, InternalError)), opened.read() as tx:
        tx.execute(_INSERT)
    assert _count(opened) == 0


def test_whom_the_server_does_not_know_is_refused(postgres: Postgres) -> None:
    """Wrong password, unknown database, unknown name: a code of its own, and no password in the words."""
    for url in (
        postgres.url.replace(postgres.password, "another-password"),
        postgres.database_url("nowhere"),
        postgres.url.replace("hososo:", "nobody:"),
    ):
        own = Catalogue(url)
        with pytest.raises(Unavailable) as caught:
            own.check_version()
        own.close()
        assert caught.value.code is Code.CATALOGUE_REFUSED
        assert caught.value.__suppress_context__
        assert not any(word in str(caught.value) for word in (postgres.password, "another-password"))


def test_a_server_that_is_not_there_is_busy(postgres: Postgres) -> None:
    """Nobody listens at the address, or the name is no host's."""
    there = f"127.0.0.1:{postgres.port}"
    for other in (f"127.0.0.1:{free_port()}", "database.invalid:5432"):
        own = Catalogue(postgres.url.replace(there, other))
        with pytest.raises(Unavailable) as caught:
            own.check_version()
        own.close()
        assert caught.value.code is Code.CATALOGUE_BUSY


def test_a_restart_is_outlived(own_postgres: Postgres) -> None:
    """A transaction that was cut short left nothing; the next one after the restart works, on a new connection."""
    own = Catalogue(own_postgres.new_database())
    with pytest.raises(Unavailable) as caught:
        _write_around(own, own_postgres.kill)
    assert caught.value.code is Code.CATALOGUE_BUSY
    with pytest.raises(Unavailable):
        _count(own)
    own_postgres.start()
    assert _count(own) == 0
    _insert(own)
    own_postgres.stop()
    own_postgres.start()
    assert _count(own) == 1
    own.close()


def test_a_server_that_stands_still_is_busy_for_new_connections(own_postgres: Postgres) -> None:
    """It accepts the connection and says nothing: the wait for it ends."""
    own = Catalogue(own_postgres.new_database() + "?connect_timeout=2")
    own_postgres.pause()
    with pytest.raises(Unavailable) as caught:
        own.check_version()
    assert caught.value.code is Code.CATALOGUE_BUSY
    own_postgres.resume()
    own.check_version()
    own.close()


def test_a_writer_that_stands_still_loses_its_locks(postgres: Postgres, monkeypatch: pytest.MonkeyPatch) -> None:
    """A paused process holds nobody up for longer than a lease; what it had written is undone."""
    monkeypatch.setitem(catalog.engines._SESSION, "idle_in_transaction_session_timeout", "300ms")
    url = postgres.wiped_database()
    paused, other = Catalogue(url), Catalogue(url)
    began = time.monotonic()
    with pytest.raises(Unavailable) as caught:
        _write_around(paused, lambda: _insert(other))  # which waits for the same key
    assert time.monotonic() - began < 5
    assert caught.value.code is Code.CATALOGUE_BUSY
    assert _count(other) == 1
    paused.close()
    other.close()


def test_a_reader_may_take_its_time(opened: Catalogue, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between two statements stored bytes may be read; that is no reason to lose the view."""
    monkeypatch.setitem(catalog.engines._SESSION, "idle_in_transaction_session_timeout", "100ms")
    with opened.read() as tx:
        tx.execute(text("SELECT 1"))
        time.sleep(0.5)
        assert tx.execute(text("SELECT 1")).scalar() == 1


def test_a_deadlock_is_told_as_busy(postgres: Postgres) -> None:
    """Whoever is chosen to give way may come again; the other goes on."""
    url, both_hold = postgres.wiped_database(), threading.Barrier(2)

    def cross(first: int, second: int) -> str:
        own = Catalogue(url)
        try:
            with own.write() as tx:
                tx.execute(text("SET LOCAL deadlock_timeout = '50ms'"))
                take_turn(tx, f"turn {first}")
                both_hold.wait(10)
                take_turn(tx, f"turn {second}")
        except Unavailable as exc:
            return str(exc)
        finally:
            own.close()
        return "through"

    with ThreadPoolExecutor(2) as pool:
        ends = [done.result(30) for done in (pool.submit(cross, 1, 2), pool.submit(cross, 2, 1))]
    assert sorted(ends) == ["CATALOGUE_BUSY: DeadlockDetected 40P01", "through"]


def test_the_clocks_of_one_host_agree(opened: Catalogue) -> None:
    """The server runs beside the test."""
    assert abs(opened.clock_skew()) < 1


def test_sqlite_has_no_clock_of_its_own() -> None:
    """Nothing can differ."""
    own = Catalogue("sqlite://")
    assert own.clock_skew() == 0.0
    own.close()
