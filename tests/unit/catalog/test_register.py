"""The register in the catalogue: corrected files update it and are remembered, older ones do not undo newer ones."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from operator import attrgetter

import pytest

from catalog import Catalogue, register_history, register_rows, register_saving
from catalog.register_history import SavedSource
from catalog.register_rows import FIELDS
from catalog.register_saving import Held, NewImport, Saved
from dossier.register import Channel, RegisterEntry, Status

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
DAY = timedelta(days=1)
CODES = ("H15.50.05.13-261008-0975", "H15.50.05.13-261008-0976")
ENTRY = RegisterEntry(
    code=CODES[0],
    raw_code=CODES[0],
    row=2,
    unit="H15",
    field="hộ tịch",
    procedure="1.001193",
    procedure_name="Đăng ký khai sinh",
    channel=Channel.DIRECT,
    status=Status.IN_PROGRESS,
    received_at=NOW,
    due_at=NOW,
    settled_at=None,
    returned_at=None,
    applicant="Lê Thị Thử",
    portal_reused=False,
    copies=2,
    applicant_id="099175004461",
)
RETURNED = replace(ENTRY, status=Status.RETURNED, settled_at=NOW, returned_at=NOW, copies=1)


def save(catalogue: Catalogue, *rows: RegisterEntry, **changes: object) -> Saved:
    """Import rows; the digest of the file and what else is said of it can be changed."""
    own = replace(NewImport("0" * 64, 0, NOW, "lan.nt", "so.xlsx"), **changes)  # type: ignore[arg-type]
    with catalogue.write() as tx:
        return register_saving.save(tx, map(attrgetter(*FIELDS), rows), own)


def counts(saved: Saved) -> tuple[int, int, int, int]:
    """Return how many rows were added, changed, the same, and held back."""
    return saved.added, saved.changed, saved.same, saved.older + saved.undoing


def found(catalogue: Catalogue) -> list[RegisterEntry]:
    """Return what the register says now."""
    with catalogue.read() as tx:
        return list(register_rows.entries(tx))


def test_a_register_row_comes_back_as_it_was_saved(catalogue: Catalogue) -> None:
    """Times, enumerations, flags, numbers and empty cells keep their kind."""
    rows = [ENTRY, replace(RETURNED, code=CODES[1], portal_result=True, submitted_at=NOW, note='"a\tb\\\n')]
    assert counts(save(catalogue, *rows)) == (2, 0, 0, 0)
    assert found(catalogue) == rows
    with catalogue.read() as tx:
        assert register_rows.find(tx, ENTRY.code) == ENTRY


def test_a_corrected_register_keeps_what_was_before(catalogue: Catalogue) -> None:
    """A changed row takes the old one's place; who changed what when is told; a row that only moved is the same."""
    save(catalogue, ENTRY)
    assert counts(save(catalogue, replace(ENTRY, row=7))) == (0, 0, 1, 0)
    later = {"sha256": "1" * 64, "at": NOW + DAY, "actor": "binh.tv", "name": "so-2.xlsx"}
    assert counts(save(catalogue, RETURNED, replace(ENTRY, code=CODES[1]), **later)) == (1, 1, 0, 0)
    assert found(catalogue)[0] == RETURNED
    with catalogue.read() as tx:
        first, second = register_history.changes(tx, CODES[0])
    assert (first.is_first, first.by.actor, first.fields["copies"]) == (True, "lan.nt", (None, 2))
    assert (second.by.number, second.by.actor, second.by.name, second.by.at) == (3, "binh.tv", "so-2.xlsx", NOW + DAY)
    assert set(second.fields) == {"status", "settled_at", "returned_at", "copies"}
    assert (second.fields["status"], second.fields["copies"]) == ((4, 10), (2, 1))


def test_the_same_file_twice_changes_nothing(catalogue: Catalogue) -> None:
    """Also when another file came in between: bytes that were imported before speak of the moment they came first."""
    save(catalogue, ENTRY)
    assert counts(save(catalogue, RETURNED, sha256="1" * 64, at=NOW + DAY)) == (0, 1, 0, 0)
    again = save(catalogue, ENTRY, at=NOW + 2 * DAY)
    assert counts(again) == (0, 0, 0, 1)
    assert again.held == [Held(2, CODES[0], is_older=True)]
    assert found(catalogue) == [RETURNED]


@pytest.mark.parametrize("is_stated", [False, True])
def test_an_older_export_does_not_undo_a_newer_one(catalogue: Catalogue, *, is_stated: bool) -> None:
    """Its rows are held back and told, its other rows are taken; a file that only confirms makes a row newer."""
    made = {"is_stated": is_stated, "at": NOW + 9 * DAY}
    save(catalogue, RETURNED, as_of=NOW, **made)
    save(catalogue, RETURNED, sha256="1" * 64, as_of=NOW + 3 * DAY, **made)
    between = save(
        catalogue, replace(RETURNED, copies=5), replace(ENTRY, code=CODES[1]), sha256="2" * 64, as_of=NOW + DAY, **made
    )
    assert (counts(between), between.older) == ((1, 0, 0, 1), 1)
    assert found(catalogue)[0] == RETURNED
    newer = save(catalogue, replace(RETURNED, copies=5), sha256="3" * 64, as_of=NOW + 4 * DAY, **made)
    assert counts(newer) == (0, 1, 0, 0)


def test_results_are_taken_back_only_by_a_file_that_says_when_it_was_made(catalogue: Catalogue) -> None:
    """A file of unknown age that lacks a known result is as a rule an old one."""
    save(catalogue, RETURNED)
    undated = save(catalogue, ENTRY, sha256="1" * 64, at=NOW + DAY)
    assert (counts(undated), undated.undoing) == ((0, 0, 0, 1), 1)
    stated = save(catalogue, ENTRY, sha256="2" * 64, at=NOW + 2 * DAY, as_of=NOW + DAY, is_stated=True)
    assert counts(stated) == (0, 1, 0, 0)
    assert found(catalogue) == [ENTRY]


def test_what_a_file_has_no_column_for_stays(catalogue: Catalogue) -> None:
    """The book of the counter knows no states and flags; importing it does not take them from what is known."""
    save(catalogue, RETURNED)
    book = replace(RETURNED, status=None, portal_reused=None, copies=None, applicant="Lê Thị Thứ")
    present = {"code", "raw_code", "unit", "received_at", "returned_at", "applicant"}
    assert counts(save(catalogue, book, sha256="1" * 64, present=present)) == (0, 1, 0, 0)
    assert found(catalogue) == [replace(RETURNED, applicant="Lê Thị Thứ")]


def test_an_export_of_tomorrow_is_one_of_now(catalogue: Catalogue) -> None:
    """A wrong clock elsewhere does not keep later files out."""
    saved = save(catalogue, ENTRY, as_of=NOW + 99 * DAY, is_stated=True)
    assert saved.as_of.startswith("2026-11-22T08:00:00")


def test_an_import_that_is_interrupted_leaves_nothing(catalogue: Catalogue) -> None:
    """However many rows were written before."""

    def rows() -> object:
        yield from (replace(ENTRY, code=f"H15-{number}") for number in range(2500))
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), catalogue.write() as tx:
        register_saving.save(tx, map(attrgetter(*FIELDS), rows()), NewImport("0" * 64, 0, NOW))  # type: ignore[arg-type]
    with catalogue.read() as tx:
        assert register_rows.imports(tx) == 0
        assert list(register_rows.entries(tx)) == []


def test_imports_are_listed_with_what_came_of_them(catalogue: Catalogue) -> None:
    """In their order, numbered from 1."""
    save(catalogue, RETURNED, rejected=3)
    save(catalogue, replace(RETURNED, copies=7), ENTRY, sha256="1" * 64, at=NOW + DAY, as_of=NOW + DAY)
    with catalogue.read() as tx:
        first, second = register_history.past_imports(tx)
    assert (first.number, first.accepted, first.rejected, first.changed, first.as_of) == (1, 1, 3, 0, NOW)
    assert (second.number, second.accepted, second.changed, second.held) == (2, 2, 1, 1)


def test_the_way_of_reading_a_source_is_kept(catalogue: Catalogue) -> None:
    """By the mark of its header, the newest of each, until somebody forgets it."""
    old = SavedSource("a" * 64, {"encoding": "vni"}, "so.csv", "lan.nt", NOW)
    new = replace(old, choice={"columns": {"received": "F"}}, at=NOW + DAY)
    with catalogue.write() as tx:
        for source in (old, new, replace(old, mark="b" * 64)):
            register_history.remember_source(tx, source)
    with catalogue.read() as tx:
        assert register_history.source_of(tx, ["c" * 64, "a" * 64]) == new
        assert register_history.source_of(tx, ["c" * 64]) is None
        assert [source.mark[0] for source in register_history.sources(tx)] == ["a", "b"]
    with catalogue.write() as tx:
        assert register_history.forget_source(tx, "a_") == 0
        assert register_history.forget_source(tx, "aaaa") == 1
