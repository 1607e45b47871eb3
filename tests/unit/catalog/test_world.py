"""A database that is busy or out of reach is the world's fault: told as such, and nothing is half done."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from sqlalchemy import text

import catalog.engines
from catalog import Catalogue, Transaction
from catalog.catalogue import take_turn
from dossier.errors import Code, Unavailable

_INSERT = "INSERT INTO seal (at, root, heads, previous) VALUES ('t', 'r', '{}', '')"


def test_a_database_out_of_reach_is_unavailable(tmp_path: Path) -> None:
    """A folder that is not there, as when a share is not mounted, is no bug."""
    away = Catalogue(f"sqlite:///{tmp_path / 'away' / 'catalogue.db'}")
    with pytest.raises(Unavailable) as caught:
        away.check_version()
    away.close()
    assert caught.value.code is Code.CATALOGUE_BUSY


def test_a_writer_that_waits_too_long_is_told_to_come_again(
    catalogue: Catalogue, catalogue_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While one writes, another gets Unavailable after its patience, and can write as soon as the first is done."""
    monkeypatch.setattr(catalog.engines, "BUSY_SECONDS", 0.05)
    monkeypatch.setitem(catalog.engines._SESSION, "lock_timeout", "50ms")
    other = Catalogue(catalogue_url)
    with catalogue.write() as tx:
        _insert_in_turn(tx)
        with pytest.raises(Unavailable) as caught:
            _insert(other)
    assert caught.value.code is Code.CATALOGUE_BUSY
    _insert(other)
    other.close()
    assert _count(catalogue) == 2


def test_readers_do_not_wait_for_a_writer_and_see_whole_transactions(catalogue: Catalogue, catalogue_url: str) -> None:
    """A view begun before a commit does not change under the reader's eyes."""
    other = Catalogue(catalogue_url)
    with catalogue.read() as view:
        assert view.execute(text("SELECT count(*) FROM seal")).scalar() == 0
        _insert(other)
        assert view.execute(text("SELECT count(*) FROM seal")).scalar() == 0
    other.close()
    assert _count(catalogue) == 1


def test_writers_of_many_threads_take_turns(catalogue: Catalogue, catalogue_url: str) -> None:
    """Read, then write, in one transaction: no update is lost, no thread is refused."""
    with catalogue.write() as tx:
        tx.execute(text("INSERT INTO seal (at, root, heads, previous) VALUES ('t', '0', '{}', '')"))

    def count_up() -> None:
        own = Catalogue(catalogue_url)
        for _ in range(10):
            with own.write() as tx:
                take_turn(tx, "test")
                number = int(tx.execute(text("SELECT root FROM seal")).scalar_one())
                tx.execute(text("UPDATE seal SET root = :n").bindparams(n=str(number + 1)))
        own.close()

    threads = [threading.Thread(target=count_up) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with catalogue.read() as tx:
        assert tx.execute(text("SELECT root FROM seal")).scalar() == "40"


def _insert(own: Catalogue) -> None:
    with own.write() as tx:
        _insert_in_turn(tx)


def _insert_in_turn(tx: Transaction) -> None:
    take_turn(tx, "test")
    tx.execute(text(_INSERT))


def _count(own: Catalogue) -> int:
    with own.read() as tx:
        return int(tx.execute(text("SELECT count(*) FROM seal")).scalar_one())
