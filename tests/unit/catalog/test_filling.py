"""An empty catalogue is filled: as an earlier program left it and brought up, or row by row from another."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from catalog import Catalogue, filling, hand_overs, paper_places, portable
from dossier.errors import Code, Rejected

_DOSSIER = "INSERT INTO dossier (id, code, raw, unit, created_at) VALUES ('d1', 'C1', 'C1', 'H1', 't')"
_LINK = (
    "INSERT INTO event_link (dossier_id, sequence, at, actor, kind, payload, previous, digest)"
    " VALUES ('d1', :sequence, 't', 'a', 'kind', '{}', 'p', :digest)"
)
_SEAL = "INSERT INTO seal (at, root, heads, previous) VALUES ('t', 'r', '{}', '')"
_ITEM = (
    "INSERT INTO work_item (step, subject, intake_id, state, priority, attempts, created_at, changed_at)"
    " VALUES (:step, 'x', 'i1', 'done', 0, 1, 't', 't')"
)

_HANDED = {
    "account_id": "a1",
    "code": "C1",
    "component": "to-khai",
    "pages": None,
    "state": "open",
    "created_at": "2026-11-23T08:00:00Z",
    "expires_at": "2026-11-24T08:00:00Z",
    "place": "",
    "intake_id": "",
}


@pytest.fixture
def empty(empty_url: str) -> Iterator[Catalogue]:
    """Give a catalogue without a schema."""
    opened = Catalogue(empty_url)
    yield opened
    opened.close()


def test_a_populated_catalogue_of_the_first_version_is_brought_up(empty: Catalogue) -> None:
    """Heads are noted, seals stay what they are, and every closed dossier is due to be closed once more."""
    with filling.filled_anew(empty, "0001") as tx:
        tx.execute(text(_DOSSIER))
        tx.execute(text(_LINK), [{"sequence": 1, "digest": "first"}, {"sequence": 2, "digest": "last"}])
        tx.execute(text(_SEAL))
        tx.execute(text(_ITEM), [{"step": "close"}, {"step": "read"}])
        filling.bring_up(tx)
    empty.check_version()
    with empty.read() as tx:
        assert tx.execute(text("SELECT head, sealed FROM dossier")).one() == ("last", "")
        assert tx.execute(text("SELECT form FROM seal")).scalar_one() == 1
        states = tx.execute(text("SELECT step, state FROM work_item ORDER BY step")).all()
        assert states == [("close", "ready"), ("read", "done")]


def test_leaves_of_a_backup_of_0011_get_their_columns(empty: Catalogue) -> None:
    """They stood behind the number of a dossier in its box, and beside the names that a hand-over replaces."""
    place = {"code": "C1", "box": "H-01", "number": "Số 3\x1f1-4, 6", "counter": "", "pages": 5}
    others = [{"code": "C2", "number": "\x1f7"}, {"code": "C3", "number": "4/2024 %"}]
    name = 'to-khai/Bản "1".jpg'
    handed = {"k1": {"names": [name], "leaves": "1-3"}, "k2": {"names": [], "leaves": "7"}, "k3": [name], "k4": []}
    with filling.filled_anew(empty, "0011") as tx:
        portable.load(tx, "paper_place", [place, *({**place, **other} for other in others)])
        portable.load(tx, "hand_over", [{**_HANDED, "id": key, "key": key, "replaces": handed[key]} for key in handed])
        filling.bring_up(tx)
    with empty.read() as tx:
        places = paper_places.of_codes(tx, ["C1", "C2", "C3"])
        assert [(places[code].number, places[code].leaves) for code in sorted(places)] == [
            ("Số 3", "1-4, 6"),
            ("", "7"),
            ("4/2024 %", ""),
        ]
        found = [own for key in handed if (own := hand_overs.of_key(tx, "a1", key))]
        assert [(own.replaces, own.leaves) for own in found] == [((name,), "1-3"), ((), "7"), ((name,), ""), ((), "")]


def test_nothing_is_left_of_a_filling_that_failed(empty: Catalogue) -> None:
    """Not even the tables."""
    with pytest.raises(IntegrityError), filling.filled_anew(empty, "0001") as tx:
        tx.execute(text(_DOSSIER), [{}, {}])
    with empty.read() as tx:
        assert filling.is_fresh(tx)


def test_a_catalogue_of_a_later_program_is_not_filled(empty: Catalogue) -> None:
    """Nobody knows what its rows mean."""
    with pytest.raises(Rejected) as caught, filling.filled_anew(empty, "9999"):
        pass
    assert caught.value.code is Code.CATALOGUE_VERSION


def test_a_catalogue_in_use_is_left_alone(empty: Catalogue) -> None:
    """One that was made and never used is made anew."""
    empty.upgrade()
    with filling.filled_anew(empty, "0002") as tx:
        tx.execute(text(_DOSSIER))
    with pytest.raises(Rejected) as caught, filling.filled_anew(empty, "0002"):
        pass
    assert caught.value.code is Code.CATALOGUE_IN_USE
    with empty.read() as tx:
        assert tx.execute(text("SELECT code FROM dossier")).scalar_one() == "C1"


def test_numbers_go_on_where_they_were(empty: Catalogue) -> None:
    """Rows that are carried over keep their numbers, and the next one of the database's own is free."""
    row = {"id": 41, "at": "t", "root": "r", "heads": {"d": "h"}, "previous": "", "token": "AAE=", "form": 3}
    with filling.filled_anew(empty, "0002") as tx:
        assert portable.load(tx, "seal", [row]) == 1
    with empty.write() as tx:
        assert list(portable.dump(tx, "seal")) == [row]
        tx.execute(text("INSERT INTO seal (at, root, heads, previous) VALUES ('t', 's', '{}', '')"))
        assert tx.execute(text("SELECT max(id) FROM seal")).scalar_one() == 42


def test_rows_of_something_else_are_refused(empty: Catalogue) -> None:
    """A backup that was put together by hand is not believed."""
    with pytest.raises(Rejected) as caught, filling.filled_anew(empty, "0002") as tx:
        portable.load(tx, "dossier", [{"id": "d1", "colour": "red"}])
    assert caught.value.code is Code.BACKUP_INVALID
