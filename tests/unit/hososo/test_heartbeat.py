"""The sign of life of a supervisor: fresh while it lives, gone when it ended in order, old when it hangs."""

from __future__ import annotations

import os
import socket
import time
from pathlib import Path

import pytest

from hososo.heartbeat import MOST_SECONDS, Heartbeat
from hososo.home import Home


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """Return a home that has been made."""
    made = Home(tmp_path / "home")
    made.make()
    return made


def test_a_sign_is_fresh_until_the_end(home: Home) -> None:
    """None before the first, one after it, none after the end in order, which may come twice."""
    heartbeat = Heartbeat(home)
    assert not heartbeat.fresh()
    heartbeat.beat()
    assert Heartbeat(home).fresh()
    heartbeat.stop()
    heartbeat.stop()
    assert not Heartbeat(home).fresh()


def test_an_old_sign_is_none(home: Home) -> None:
    """A supervisor that hangs stops giving signs, and the last one ages."""
    heartbeat = Heartbeat(home)
    heartbeat.beat()
    (sign,) = (home.root / "locks").glob("worker-*")
    then = time.time() - MOST_SECONDS - 1
    os.utime(sign, (then, then))
    assert not heartbeat.fresh()


def test_hosts_that_share_a_home_have_signs_of_their_own(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """The life of one container says nothing about another's."""
    Heartbeat(home).beat()
    monkeypatch.setattr(socket, "gethostname", lambda: "another")
    assert not Heartbeat(home).fresh()


def test_a_home_that_cannot_be_written_ends_nobody(tmp_path: Path) -> None:
    """The workers go on; whoever watches finds no sign."""
    heartbeat = Heartbeat(Home(tmp_path / "gone"))
    heartbeat.beat()
    heartbeat.stop()
    assert not heartbeat.fresh()
