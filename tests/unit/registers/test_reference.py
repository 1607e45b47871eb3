"""Dated reference data: which row holds on a day, trees with lineage, working days, and files people edit."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dossier.errors import Code, Rejected
from registers.procedures import Procedures
from registers.reference import COLUMNS, DATING, Form, Kind, ReferenceRow, in_force, overlaid
from registers.reference_cells import columns_of
from registers.reference_data import Reference, as_stored, from_stored, of_files
from registers.reference_files import packaged, read_here, write_reference
from registers.units import UnitTree
from registers.working_days import Saturdays, WorkingDays

MERGER = date(2025, 7, 1)
BEFORE = MERGER - timedelta(days=1)
TODAY = date(2026, 11, 22)


def unit(code: str, level: str, parent: str = "", **more: object) -> ReferenceRow:
    """Return a unit that began long ago, or as told."""
    values = {"code": code, "name": str(more.pop("name", f"Đơn vị {code}")), "level": level, "parent": parent}
    values |= {"successors": more.pop("successors", ()), "fonds": ""}
    start, end = more.pop("since", date(2000, 1, 1)), more.pop("until", None)
    return ReferenceRow(Kind.UNITS, code, start, end, "NQ", values)  # type: ignore[arg-type]


TREE = UnitTree(
    [
        unit("H98", "tinh", until=BEFORE, successors=("H99",), name="UBND tỉnh Cũ"),
        unit("H99", "tinh"),
        unit("H99.27", "huyen", "H99", until=BEFORE, successors=("H99.27.1", "H99.27.2")),
        unit("H99.27.1", "xa", "H99.27", until=BEFORE, name="UBND xã Một"),
        unit("H99.27.1", "xa", "H99", since=MERGER, name="UBND phường Một"),
        unit("H99.27.2", "xa", "H99.27", until=BEFORE, successors=("H99.27.1",)),
        unit("H98.3", "xa", "H98", until=BEFORE, successors=("H99.3",)),
        unit("H99.3", "xa", "H99", since=MERGER),
    ]
)


def test_the_tree_is_that_of_the_day() -> None:
    """On 30/6/2025 communes stand below a district, on 1/7/2025 below the province, under the name of that day."""
    assert [TREE.on(day)["H99.27.1"].parent for day in (BEFORE, MERGER)] == ["H99.27", "H99"]
    assert set(TREE.on(BEFORE)) - set(TREE.on(MERGER)) == {"H98", "H98.3", "H99.27", "H99.27.2"}
    assert (TREE.name("H99.27.1", BEFORE), TREE.name("H99.27.1", MERGER)) == ("UBND xã Một", "UBND phường Một")
    assert TREE.name("H99.27.2", TODAY) == "Đơn vị H99.27.2"
    assert TREE.name("H77", TODAY) == "H77"
    assert TREE.faults() == []


def test_present_and_historic_view() -> None:
    """A merged commune counts under its successor today; a district that was divided keeps its own code."""
    assert TREE.present("H99.27.2", TODAY) == "H99.27.1"
    assert TREE.present("H99.27.2", BEFORE) == "H99.27.2"
    assert TREE.present("H98", TODAY) == "H99"
    assert TREE.present("H99.27", TODAY) == "H99.27"
    assert TREE.present("H77", TODAY) == "H77"
    assert TREE.above("H99.27.2", BEFORE, "tinh") == "H99"
    assert TREE.above("H77", TODAY, "tinh") == "H77"


@pytest.mark.parametrize(
    ("code", "top", "day", "present", "inside"),
    [
        ("H99.27.2", "H99", TODAY, True, True),
        ("H99.27.2", "H99.27", BEFORE, False, True),
        ("H98.3", "H99", TODAY, True, True),
        ("H98.3", "H99", BEFORE, False, False),
        ("H98.3", "H98", BEFORE, False, True),
        ("H99.3.7", "H99", TODAY, True, True),
        ("H97.1", "H99", TODAY, True, False),
        ("H991", "H99", TODAY, True, False),
    ],
)
def test_who_counts_under_a_unit(code: str, top: str, day: date, *, present: bool, inside: bool) -> None:
    """Successors count in the view of today; an agency in no list counts where its code points."""
    assert TREE.within(code, top, day, present=present) is inside


def test_lineage_that_goes_round_ends() -> None:
    """Two units that name each other as successor, or as parent, are told and hang nothing."""
    round_ = UnitTree(
        [
            unit("A", "xa", "B", until=BEFORE, successors=("B",)),
            unit("B", "xa", "A", until=BEFORE, successors=("A",)),
            unit("C", "xa", "nobody"),
        ]
    )
    assert round_.present("A", TODAY) in {"A", "B"}
    assert round_.above("A", TODAY, "tinh") == "A"
    assert not round_.within("A", "H99", TODAY, present=True)
    assert round_.faults() == ["A", "B", "C"]


def test_the_row_that_took_effect_last_is_in_force() -> None:
    """Until its own last day; a withdrawn row never is, and a later edition leaves days before it as they were."""
    old = unit("H99", "tinh", name="Cũ")
    new = unit("H99", "tinh", since=MERGER, name="Mới")
    assert [row.values["name"] for row in in_force([new, old], Kind.UNITS, BEFORE)] == ["Cũ"]
    assert [row.values["name"] for row in in_force([new, old], Kind.UNITS, MERGER)] == ["Mới"]
    assert list(in_force([unit("H99", "tinh", until=BEFORE)], Kind.UNITS, MERGER)) == []
    corrected = unit("H99", "tinh", since=MERGER, name="Đúng")
    assert [row.values["name"] for row in overlaid([old, new], [corrected])] == ["Cũ", "Đúng"]


def test_a_procedure_is_judged_by_the_edition_of_its_day() -> None:
    """A component that is asked for from a day on is not asked for before; older days go by the oldest row."""
    known = Procedures(
        [
            procedure("1.1", date(2025, 7, 1), deadline=5),
            procedure("1.1", date(2026, 7, 1), deadline=3),
            component("1.1", "to-khai", date(2025, 7, 1)),
            component("1.1", "anh", date(2026, 7, 1)),
        ]
    )
    days = [date(2024, 1, 1), date(2026, 1, 1), date(2026, 8, 1)]
    found = [known.find("1.1", day) for day in days]
    assert [one.deadline for one in found if one] == [5, 5, 3]
    assert [len(one.components) for one in found if one] == [1, 1, 2]
    assert known.find("9.9", days[0]) is None


def procedure(code: str, since: date, deadline: int) -> ReferenceRow:
    """Return a procedure."""
    values = {"code": code, "name": "X", "field": "Y", "has_result": True, "keeps_papers": True, "deadline": deadline}
    return ReferenceRow(Kind.PROCEDURES, code, since, None, "QĐ", values)


def component(code: str, part: str, since: date) -> ReferenceRow:
    """Return a component that must be there."""
    values = {"procedure": code, "code": part, "name": part, "required": True, "kinds": (), "position": 1}
    return ReferenceRow(Kind.COMPONENTS, f"{code}/{part}", since, None, "QĐ", values)


def test_tet_and_swapped_days() -> None:
    """Five working days from 11/2/2026 reach over Tết to 25/2; a swapped Saturday is worked, its Monday is not."""
    calendar = WorkingDays(packaged("holidays"))
    assert calendar.after(date(2026, 2, 11), 5) == date(2026, 2, 25)
    assert calendar.after(date(2026, 2, 11), 0) == date(2026, 2, 11)
    swapped = WorkingDays([*packaged("holidays"), day_off(date(2026, 8, 31), works=False), day_off(date(2026, 8, 22))])
    assert swapped.works(date(2026, 8, 22))
    assert not swapped.works(date(2026, 8, 31))


def day_off(day: date, *, works: bool = True) -> ReferenceRow:
    """Return a day that is worked, or not."""
    values = {"day": day.isoformat(), "works": works, "name": "Hoán đổi"}
    return ReferenceRow(Kind.HOLIDAYS, day.isoformat(), date(2026, 1, 1), None, "TB", values)


@given(start=st.dates(date(2024, 1, 1), date(2027, 12, 31)), count=st.integers(0, 60), worked=st.booleans())
def test_counting_forth_and_back_agrees(*, start: date, count: int, worked: bool) -> None:
    """What lies so many working days after a day has so many between, is worked, and more days are never earlier."""
    calendar = WorkingDays(packaged("holidays"), Saturdays.WORKED if worked else Saturdays.OFF)
    end = calendar.after(start, count)
    assert sum(calendar.works(start + timedelta(days=day)) for day in range(1, (end - start).days + 1)) == count
    assert count == 0 or calendar.works(end)
    assert calendar.after(start, count + 1) > end


def test_packaged_rows_say_on_what_they_rest() -> None:
    """Every row has a basis and a first day; nothing unchecked is told as checked law; the whole is sound."""
    known = of_files(None, None)
    assert known.faults() == []
    assert all(row.basis and row.valid_from for row in known.rows)
    assert {row.key for row in known.of_kind(Kind.RETENTION) if row.checked} == {
        *("so-goc", "hop-dong-chung-thuc", "chung-thuc-chu-ky", "chung-thuc-ban-sao")
    }
    assert not any(row.checked for row in known.rows if row.kind is not Kind.RETENTION)
    assert {kind for kind in Kind if known.of_kind(kind, TODAY)} == set(Kind) - {Kind.AGENCIES}  # an office's own


def test_an_unsound_edition_is_refused() -> None:
    """A unit below one that nobody knows and a component of no procedure are named, and nothing is taken."""
    known = of_files(None, None)
    for row in (unit("H99.1", "xa", "H12"), component("9.9", "x", TODAY)):
        with pytest.raises(Rejected) as caught:
            known.with_edition([row], 1)
        assert caught.value.code is Code.REFERENCE_INVALID
        assert row.key in str(caught.value.detail)


texts = st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S", "Zs"]), max_size=12)
CELLS = {
    Form.TEXT: texts.map(lambda text: " ".join(text.split()).lstrip("'")),
    Form.NUMBER: st.none() | st.integers(0, 9999),
    Form.FLAG: st.none() | st.booleans(),
    Form.CODES: st.lists(st.from_regex(r"[A-Z0-9.]{1,6}", fullmatch=True), max_size=3).map(tuple),
    Form.DAY: st.dates(date(2000, 1, 1), date(2099, 12, 31)),
}


@st.composite
def rows_of(draw: st.DrawFn, kind: Kind) -> ReferenceRow:
    """Draw any row of a kind."""
    values: dict[str, object] = {}
    for column in COLUMNS[kind]:
        if column.allowed:
            values[column.name] = draw(st.sampled_from(column.allowed))
            continue
        cell = CELLS[column.form]
        found = draw(cell.filter(lambda value: value not in (None, "")) if column.needed else cell)
        values[column.name] = found.isoformat() if isinstance(found, date) else found
    start = draw(CELLS[Form.DAY])
    end = draw(st.none() | st.integers(0, 900).map(lambda days: min(start + timedelta(days=days), date(2099, 12, 31))))
    basis = draw(CELLS[Form.TEXT].filter(bool))
    key = "/".join(str(values[name]) for name in _keys(kind))
    checked, withdrawn = draw(st.booleans()), draw(st.booleans())
    return ReferenceRow(kind, key, start, end, basis, values, checked, withdrawn)  # type: ignore[arg-type]


def _keys(kind: Kind) -> tuple[str, ...]:
    return {Kind.COMPONENTS: ("procedure", "code"), Kind.HOLIDAYS: ("day",), Kind.CODES: ("set", "code")}.get(
        kind, ("code",)
    )


@settings(max_examples=40, deadline=None)
@given(data=st.data(), kind=st.sampled_from(Kind), suffix=st.sampled_from([".csv", ".xlsx", ".toml"]))
def test_what_is_written_is_read_back(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject, kind: Kind, suffix: str
) -> None:
    """Any rows come back from each form as they were, formula starts and all, and from storage too."""
    path = tmp_path_factory.mktemp("r") / f"tệp{suffix}"
    rows = data.draw(st.lists(rows_of(kind), min_size=1, max_size=4))
    write_reference(kind, rows, path)
    found = read_here(path)
    assert (found.kind, found.faults) == (kind, ())
    assert list(found.rows) == rows
    dated = {"key", "valid_from", "valid_to", "basis", "checked", "withdrawn"}
    for row in rows:
        assert from_stored(row.kind, {name: getattr(row, name) for name in dated}, as_stored(row)) == row


def test_columns_are_found_in_any_order_and_faults_are_named(tmp_path: Path) -> None:
    """Headings without tones, title rows above, other columns between; a bad row names row and column."""
    path = tmp_path / "x.csv"
    lines = [
        "DANH MỤC ĐƠN VỊ",
        "STT;ten don vi;Mã đơn vị;CẤP;Hiệu lực từ;Hiệu lực đến;Căn cứ",
        "1;UBND xã A;H99.1;xa;01/07/2025;;NQ 1",
        "2;UBND xã B;H99.2;thôn;01/07/2025;;NQ 1",
        "3;;H99.3;xa;32/07/2025;;",
        "4;UBND xã D;H99.4;xa;01/07/2025;30/06/2025;NQ 1",
        ";;;;;;",
    ]
    path.write_text("\n".join(lines), encoding="utf-8")
    found = read_here(path)
    assert [row.key for row in found.rows] == ["H99.1"]
    assert [(fault.row, fault.column) for fault in found.faults] == [
        (4, "level"),
        *((5, "name"), (5, "valid_from"), (5, "basis")),
        (6, "valid_to"),
    ]


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.csv", b""),
        ("a.csv", b"x;y\n1;2\n"),
        ("a.xlsx", b"PK\x03\x04 no workbook"),
        ("a.toml", b"kind = 'nothing'\nrow = []"),
        ("a.toml", b"kind = 'units'\nrow = 7"),
        ("a.pdf", b"%PDF"),
        ("a.csv", b"\xff\xfe\x00"),
    ],
)
def test_no_reference_file_is_told(tmp_path: Path, name: str, data: bytes) -> None:
    """Whatever else comes is refused as unreadable."""
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(Rejected) as caught:
        read_here(path)
    assert caught.value.code in {Code.REFERENCE_UNREADABLE, Code.REGISTER_UNREADABLE}


def test_headings_of_a_kind_are_its_own() -> None:
    """No kind has two columns of one name or heading, so that a sheet is read one way."""
    for kind in Kind:
        assert len({column.heading for column in columns_of(kind)}) == len(columns_of(kind))
        assert len({column.name for column in columns_of(kind)}) == len(COLUMNS[kind]) + len(DATING)


def test_the_digest_names_the_data() -> None:
    """Equal rows in another order have one digest; another row or another setting has another."""
    rows = of_files(None, None).rows
    assert Reference(rows).digest == Reference(tuple(reversed(rows))).digest
    assert Reference(rows[1:]).digest != Reference(rows).digest
    assert Reference(rows, saturdays=Saturdays.WORKED).digest != Reference(rows).digest
