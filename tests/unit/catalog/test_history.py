"""What must show: a changed, removed or inserted event, a dossier that is gone."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from catalog import Catalogue, events, intakes, problems, seals
from catalog.schema import stamp
from dossier.codes import DossierCode, parse_code
from dossier.digest import of_bytes
from dossier.errors import Code, Rejected
from pipeline.sealing import check_seals, merkle_root

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
CODES = ("H15.50.05.13-261008-0975", "H15.50.05.13-261008-0976")


def _code(raw: str) -> DossierCode:
    code = parse_code(raw)
    assert code is not None
    return code


@pytest.fixture
def dossiers(catalogue: Catalogue) -> tuple[str, str]:
    """Return two dossiers with three events each."""
    with catalogue.write() as tx:
        first, second = (intakes.ensure_dossier(tx, _code(raw), "H15", NOW) for raw in CODES)
        for kind in ("delivered", "received", "closed"):
            for dossier_id in (first, second):
                events.append(tx, dossier_id, kind, NOW, {"n": 1}, actor="hososo")
    return first, second


def test_a_chain_that_nobody_touched_is_sound(catalogue: Catalogue, dossiers: tuple[str, str]) -> None:
    """Its recomputed head is the stored one, and each link can be checked outside from its exported form."""
    with catalogue.read() as tx:
        links = list(events.chain(tx, dossiers[0]))
        assert events.check_chain(tx, dossiers[0]) == links[-1].digest == events.head(tx, dossiers[0])
    assert [link.sequence for link in links] == [1, 2, 3]
    assert links[0].previous == events.GENESIS


@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE event_link SET payload = '[]' WHERE sequence = 2",
        "UPDATE event_link SET actor = 'nobody' WHERE sequence = 1",
        "UPDATE event_link SET at = '2020-01-01T00:00:00.000000Z' WHERE sequence = 3",
        "UPDATE event_link SET kind = 'archived' WHERE sequence = 3",
        "DELETE FROM event_link WHERE sequence = 1",
        "DELETE FROM event_link WHERE sequence = 2",
        "UPDATE event_link SET sequence = sequence + 10",
        "UPDATE event_link SET digest = previous, previous = digest WHERE sequence = 2",
    ],
)
def test_a_chain_that_was_touched_is_broken(catalogue: Catalogue, dossiers: tuple[str, str], tampering: str) -> None:
    """Changing or removing any link is found, and the finding names the dossier."""
    with catalogue.write() as tx:
        tx.execute(text(tampering))
    with catalogue.read() as tx, pytest.raises(Rejected) as caught:
        events.check_chain(tx, dossiers[0])
    assert (caught.value.code, caught.value.subject) == (Code.EVENT_CHAIN_BROKEN, dossiers[0])


def test_a_sequence_number_is_given_once(catalogue: Catalogue, dossiers: tuple[str, str]) -> None:
    """The database itself refuses a second link in the same place."""
    with catalogue.read() as tx:
        assert events.has(tx, dossiers[0], "received", {"n": 1})
        assert not events.has(tx, dossiers[0], "received", {"n": 2})
    with pytest.raises(IntegrityError), catalogue.write() as tx:
        tx.execute(text("UPDATE event_link SET sequence = 1"))


def _seal(catalogue: Catalogue, *, flat: bool = False) -> None:
    """Seal as the program does, or as the one before it did: all heads in each seal, and one level."""
    with catalogue.write() as tx:
        last = seals.latest(tx)
        heads = {head.dossier_id: head for head in seals.heads(tx)}
        leaves = {key: bytes.fromhex(of_bytes(f"{key}:{head.digest}".encode())) for key, head in heads.items()}
        if flat:
            root, form = merkle_root(list(leaves.values())), seals.FLAT
        else:
            root = merkle_root([merkle_root([leaf]) for leaf in leaves.values()])  # the ids begin differently
            form = seals.CHANGED if seals.any_sealed(tx) else seals.ALL
        held = {key: head.digest for key, head in heads.items() if form != seals.CHANGED or head.digest != head.sealed}
        seals.add(tx, seals.Seal(stamp(NOW), root.hex(), held, seals.digest_of(last), None, form))


@pytest.mark.parametrize("flat", [False, True])
@pytest.mark.parametrize(
    "tampering",
    [
        "DELETE FROM event_link WHERE dossier_id = :id",
        "DELETE FROM event_link WHERE dossier_id = :id AND sequence = 3",
        "UPDATE event_link SET digest = 'f' || substr(digest, 2) || 'x' WHERE dossier_id = :id AND sequence = 3",
        "UPDATE seal SET heads = '{}' WHERE id = 1",
        "UPDATE seal SET root = previous WHERE id = 2",
        "UPDATE seal SET at = '2020' WHERE id = 1",
        "DELETE FROM seal WHERE id = 1",
    ],
)
def test_the_seals_tell_what_the_chains_cannot(
    catalogue: Catalogue, dossiers: tuple[str, str], tampering: str, *, flat: bool
) -> None:
    """A whole dossier that is gone, an end that was cut off, or a seal that was changed; also of an earlier program."""
    _seal(catalogue, flat=flat)
    with catalogue.write() as tx:
        events.append(tx, dossiers[1], "confirmed", NOW, {})
    _seal(catalogue)
    with catalogue.read() as tx:
        check_seals(tx)
    with catalogue.write() as tx:
        statement = text(tampering)
        tx.execute(statement.bindparams(id=dossiers[0]) if ":id" in tampering else statement)
    with catalogue.read() as tx, pytest.raises(Rejected) as caught:
        check_seals(tx)
    assert caught.value.code is Code.EVENT_CHAIN_BROKEN


def test_a_seal_is_not_taken_for_one_over_all_heads(catalogue: Catalogue, dossiers: tuple[str, str]) -> None:
    """Else the heads that it leaves out would be covered no more."""
    _seal(catalogue)
    with catalogue.write() as tx:
        events.append(tx, dossiers[1], "confirmed", NOW, {})
    _seal(catalogue)
    with catalogue.write() as tx:
        tx.execute(text("UPDATE seal SET form = 2"))
    with catalogue.read() as tx, pytest.raises(Rejected) as caught:
        check_seals(tx)
    assert caught.value.code is Code.EVENT_CHAIN_BROKEN


def test_a_problem_is_told_once_closed_and_opened_again(catalogue: Catalogue) -> None:
    """It keeps the day it was first seen; closing one leaves the others."""
    with catalogue.write() as tx:
        for _ in range(2):
            problems.report(tx, "/in/a", "1.jpg", Code.FILE_EMPTY, "", NOW)
        problems.report(tx, "/in/a", "2.jpg", Code.FILE_EMPTY, "", NOW)
        problems.resolve(tx, "/in/a", "2.jpg", Code.FILE_EMPTY, NOW)
        assert [item.subject for item in problems.open_problems(tx)] == ["1.jpg"]
        assert problems.folders_below(tx, "/in") == ["/in/a"]
        problems.resolve_all(tx, "/in/a", NOW)
        assert problems.open_problems(tx) == []
        problems.report(tx, "/in/a", "1.jpg", Code.FILE_EMPTY, "", NOW)
        assert [item.subject for item in problems.open_problems(tx)] == ["1.jpg"]
