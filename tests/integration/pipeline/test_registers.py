"""Importing registers as a whole: a hundred bad ones, sources that are known again, a kill half-way."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from catalog import register_history, register_rows, register_saving
from catalog.register_saving import Saved
from dossier.errors import Code, Rejected
from pipeline.registering import Order, import_register, look_at
from registers.choice import Choice
from registers.returning import write_rejected
from tests.fakes.office import PaperOffice
from tests.integration.pipeline.bad_registers import HEADER, KINDS, good_rows, write_csv

SEED = 2026
ORDER = Order("lan.nt", units=frozenset({"H99"}))
NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)


def known(office: PaperOffice) -> tuple[int, set[str]]:
    """Return how many imports there were, and the codes in the register."""
    with office.services.catalogue.read() as tx:
        return register_rows.imports(tx), {entry.code for entry in register_rows.entries(tx)}


@pytest.mark.parametrize("database", ["sqlite", pytest.param("postgresql", marks=pytest.mark.long)])
@pytest.mark.parametrize("round_", [0, *(pytest.param(later, marks=pytest.mark.long) for later in (1, 2))])
def test_a_hundred_bad_registers(office: PaperOffice, tmp_path: Path, round_: int) -> None:
    """Each is refused whole with its code and leaves nothing, or only its wrong rows are set aside, with the reason."""
    imports = 0
    for kind, make in KINDS.items():
        folder = tmp_path / kind
        folder.mkdir()
        bad = make(folder, Random(f"{SEED}:{round_}:{kind}"))
        before = known(office)
        if bad.refused:
            with pytest.raises(Rejected) as caught:
                import_register(bad.path, ORDER, office.services)
            assert caught.value.code is bad.refused, kind
            assert known(office) == before, kind
            continue
        done = import_register(bad.path, ORDER, office.services)
        imports += 1
        assert (len(done.found.entries), len(done.found.rejected)) == (bad.rows - bad.wrong, bad.wrong), kind
        assert {row.reason_code for row in done.found.rejected} == ({bad.reason} if bad.reason else set()), kind
        assert known(office) == (imports, before[1] | {entry.code for entry in done.found.entries}), kind
    assert len(KINDS) * 3 > 100


def test_a_source_is_read_as_it_was_said_once(office: PaperOffice, tmp_path: Path) -> None:
    """What a person decided holds for the next file with that header; what is said then goes before it."""
    header = ["a", "b", "c", "d", "nhan", "han", "tra", "h", "i", "k", "l"]
    first, second = tmp_path / "1.csv", tmp_path / "2.csv"
    for number, path in enumerate((first, second)):
        rows = good_rows(Random(number), 5)
        write_csv(path, rows)
        path.write_text(path.read_text(encoding="utf-8-sig").replace(";".join(HEADER), ";".join(header)), "utf-8-sig")
    choice = Choice(header_row=1, columns={"code": "B", "received": "nhan", "applicant": "D"})
    done = import_register(first, Order("lan.nt", choice), office.services)
    assert (done.source, done.is_remembered) == (None, True)
    again = import_register(second, Order("binh.tv"), office.services)
    assert again.source is not None
    assert (again.source.actor, again.source.name, again.is_remembered) == ("lan.nt", "1.csv", False)
    assert again.found.entries[0].applicant == "Lê Thị Thử"
    found, _ = look_at(second, Order("binh.tv", Choice(columns={"applicant": "C"})), office.services)
    assert found.entries[0].applicant == "Đăng ký khai sinh"


def test_corrected_rows_are_imported(office: PaperOffice, tmp_path: Path) -> None:
    """What came back, corrected, is imported by itself; the dossiers are there once, their import is known."""
    rows = good_rows(Random(SEED), 12)
    rows[3][4] = "31/02/2026"
    done = import_register(write_csv(tmp_path / "r.csv", rows), Order("lan.nt"), office.services)
    back = write_rejected(done.found, tmp_path / "lai", str)
    text = back.read_text(encoding="utf-8-sig").replace("31/02/2026", "10/03/2026")
    back.write_text(text, encoding="utf-8-sig")
    again = import_register(back, Order("lan.nt"), office.services)
    assert (again.saved.added, again.saved.changed, len(again.found.rejected)) == (1, 0, 0)
    with office.services.catalogue.read() as tx:
        assert len(list(register_rows.entries(tx))) == 12
        (change,) = register_history.changes(tx, rows[3][1])
    assert (change.by.number, change.by.name) == (2, "lai.csv")


def test_a_kill_half_way_leaves_nothing(office: PaperOffice, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows were written when the import died; the next one begins anew and is the first."""
    path = write_csv(tmp_path / "r.csv", good_rows(Random(SEED), 2500))
    take = register_saving._Saving.take

    def die_late(self: register_saving._Saving, rows: list[list[object]]) -> None:
        take(self, rows)
        if self.done.added > 1000:
            raise KeyboardInterrupt

    monkeypatch.setattr(register_saving._Saving, "take", die_late)
    with pytest.raises(KeyboardInterrupt):
        import_register(path, ORDER, office.services)
    monkeypatch.undo()
    assert known(office) == (0, set())
    saved: Saved = import_register(path, ORDER, office.services).saved
    assert (saved.number, saved.added) == (1, 2500)


def test_an_export_that_says_its_day_is_of_that_day(office: PaperOffice, tmp_path: Path) -> None:
    """The title rows of an export, else who imports it, else the first time these bytes came."""
    rows = good_rows(Random(SEED), 3)
    path = write_csv(tmp_path / "r.csv", rows)
    path.write_text("Thời điểm xuất báo cáo: 17:05 20/11/2026\n" + path.read_text("utf-8-sig"), "utf-8-sig")
    assert import_register(path, ORDER, office.services).saved.as_of.startswith("2026-11-20T10:05:00")
    said = Order("lan.nt", as_of=NOW - timedelta(days=9))
    assert import_register(path, said, office.services).saved.as_of.startswith("2026-11-13T08:00:00")


def test_a_register_that_is_mostly_wrong_is_told_by_its_commonest_reason(office: PaperOffice, tmp_path: Path) -> None:
    """A preview shows its rows all the same."""
    rows = good_rows(Random(SEED), 30)
    for row in rows:
        row[4], row[5] = row[5], row[4]
    path = write_csv(tmp_path / "r.csv", rows)
    with pytest.raises(Rejected) as caught:
        import_register(path, ORDER, office.services)
    assert (caught.value.code, caught.value.detail) == (
        Code.REGISTER_MOSTLY_WRONG,
        "30 rows, 30 of them DUE_BEFORE_RECEIVED",
    )
    assert len(look_at(path, ORDER, office.services)[0].rejected) == 30
