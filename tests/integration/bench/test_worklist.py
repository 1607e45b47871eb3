"""The simulated store room, in a short seeded form: the list keeps what it promises, and sees no truth."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bench.store_room import Room, fill
from bench.worklist import JUDGED, MOST, ROOMS, outcome


@pytest.mark.parametrize("name", ["boxes by procedure", "nothing learned yet"])
def test_the_list_needs_fewer_pages(name: str) -> None:
    """80 % are reached with at most 70 % of the pages of first in, first out."""
    assert name in JUDGED
    assert outcome(replace(ROOMS[name], dossiers=1500), 3).ratio <= MOST


def test_what_nobody_knows_is_in_no_line() -> None:
    """Other true pages and finds give the same lines of facts, as long as nothing was scanned or stated."""
    room = Room(dossiers=400, counted=0.0, learned=False)
    before = [one.line for one in fill(room, 5)]
    changed = fill(room, 5)
    for one in changed:
        one.pages, one.to_scan, one.is_found = one.pages * 10, one.to_scan * 10, not one.is_found
        one.derive()
    assert [one.line for one in changed] == before
