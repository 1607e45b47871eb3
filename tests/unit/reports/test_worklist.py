"""The work list: each cause has one action and a price, estimates learn, boxes rank by gain, sheets say it in words."""

from __future__ import annotations

from datetime import date, datetime
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from dossier.facts import Due, FactLine, Facts, Pace
from dossier.register import VIETNAM, Channel, Status
from dossier.remaining import NOWHERE, BoxWork
from dossier.status import Cause, ComponentStatus, PortalCause
from reports.printed.forms import SheetKey, versions
from reports.printed.listing import sheets_html, write_listing_xlsx
from reports.wording import LANGUAGES, word
from reports.worklist.actions import KINDS, Action, Kind, action_of, cost_of
from reports.worklist.boxes import Order, Total, boxes_of, gain_a_minute, ranked
from reports.worklist.effort import Scanned, effort_on, estimates
from reports.worklist.listing import WorkList, WorkRow, as_json, lines, sheets, whole_sheet
from reports.worklist.pricing import prices

AT = datetime(2026, 3, 2, 9, tzinfo=VIETNAM)
EFFORT = effort_on(date(2026, 3, 2))
THREE_MISSING = (3, 0, 0, 0, 0, 0, 0, 0)


def facts(cause: Cause, components: tuple[int, ...] = THREE_MISSING, status: Status | None = Status.RETURNED) -> Facts:
    """Return the facts of a settled dossier with this leading cause."""
    return Facts(
        status=status,
        channel=Channel.DIRECT,
        due=Due.NONE,
        pace=Pace.NONE,
        listed=True,
        keeps_papers=True,
        gives_result=True,
        has_components=False,
        has_result=False,
        reused=None,
        shared=None,
        portal=PortalCause.NO_COMPONENT_FILE,
        archival=cause,
        components=components,
    )


def line(number: int, cause: Cause, box: str = "Hộp 1", to_scan: int | None = None, procedure: str = "p") -> FactLine:
    """Return a line received on the day of its number."""
    return FactLine(
        f"c{number}", "u", "", procedure, facts(cause), number * 86400, None, None, box, "Quầy 1", 0, to_scan
    )


@pytest.mark.parametrize("cause", Cause)
def test_each_cause_has_one_action_and_one_price(cause: Cause) -> None:
    """Work has a chance and takes time; what nobody can do at once has neither, and every action has its words."""
    cost = cost_of(facts(cause), EFFORT)
    assert cost.action is action_of(cause)
    is_work = cost.kind in {Kind.PAPER, Kind.DESK}
    assert (0 < cost.chance <= 1) is is_work
    assert (cost.minutes > 0) is is_work
    assert (cost.share + cost.pages + cost.more > 0) is (cost.kind is Kind.PAPER)
    assert (cost.kind is Kind.NONE) is (cause in {Cause.COUNTED, Cause.NO_PAPERS_KEPT})
    for language in LANGUAGES:
        assert word(f"worklist.action.{cost.action}", language)


def test_every_action_is_somebodys_and_comes_from_a_cause() -> None:
    """No action is without a place to do it, or without a cause."""
    assert set(KINDS) == set(Action) == {action_of(cause) for cause in Cause}


def test_a_part_costs_a_part() -> None:
    """One component of three that is missing costs a third of the pages; a rescan costs what was asked for."""
    part = cost_of(facts(Cause.COMPONENT_MISSING, (1, 0, 0, 0, 0, 0, 0, 2)), EFFORT)
    assert part.share == pytest.approx(1 / 3)
    again = cost_of(facts(Cause.RESCAN, (1, 1, 0, 0, 0, 0, 0, 1)), EFFORT)
    assert (again.share, again.pages, again.more) == (0, EFFORT.again_pages, pytest.approx(1 / 3))
    known = prices([facts(Cause.RESCAN, (1, 1, 0, 0, 0, 0, 0, 1))], {"p": Scanned(1000, 12_000)}, EFFORT)
    assert known.pages(facts(Cause.RESCAN, (1, 1, 0, 0, 0, 0, 0, 1)), "p", 7) == pytest.approx(7 + 4, abs=0.1)


def test_estimates_learn_slowly_and_begin_with_what_was_assumed() -> None:
    """Nothing scanned: the number assumed. One odd dossier moves little, a thousand decide."""
    assert estimates({}, EFFORT).pages("p") == EFFORT.pages
    few = estimates({"p": Scanned(1, 200), "q": Scanned(1000, 5000)}, EFFORT)
    assert few.pages("q") == pytest.approx(5, abs=0.1)
    assert 5 < few.pages("p") < 50
    assert few.pages("new") == pytest.approx(5.2, abs=0.1)


@given(st.dictionaries(st.text(max_size=3), st.builds(Scanned, st.integers(1, 99), st.integers(1, 9999)), max_size=5))
def test_an_estimate_lies_between_what_was_seen_and_assumed(seen: dict[str, Scanned]) -> None:
    """No procedure is expected to be thicker than the thickest seen, or thinner than the thinnest."""
    means = [one.pages / one.dossiers for one in seen.values()] + [EFFORT.pages]
    found = estimates(seen, EFFORT)
    for name in (*seen, "another"):
        assert min(means) - 1e-9 <= found.pages(name) <= max(means) + 1e-9


def test_effort_is_dated_and_covers_every_kind_of_work() -> None:
    """Before the first day the first numbers hold; each cause with work has its chance."""
    assert effort_on(date(1999, 1, 1)) == EFFORT
    assert EFFORT.basis
    work = {cause for cause in Cause if KINDS[action_of(cause)] in {Kind.PAPER, Kind.DESK}}
    assert set(EFFORT.chances) == work


def test_thin_and_full_boxes_go_first() -> None:
    """A box of thin dossiers beats one of thick ones; a full box beats one that is fetched for a single dossier."""
    rows = [
        *(line(number, Cause.NOT_SCANNED, "dày", 60) for number in range(10)),
        *(line(number, Cause.NOT_SCANNED, "mỏng", 4) for number in range(10, 20)),
        line(30, Cause.NOT_SCANNED, "một", 4),
        *(line(number, Cause.COUNTED, "một") for number in range(31, 40)),
        line(50, Cause.NOT_SCANNED, NOWHERE, 1),
        line(51, Cause.UNCONFIRMED, "bàn"),
        line(52, Cause.PAPER_LOST, "mất"),
    ]
    known = prices({row.facts for row in rows}, {}, EFFORT)
    found, total = ranked(boxes_of(rows, known), known, EFFORT, Order.GAIN)
    assert [box.box for box in found] == ["mỏng", "một", "dày"]
    oldest, _ = ranked(boxes_of(rows, known), known, EFFORT, Order.FIFO)
    assert [box.box for box in oldest] == ["dày", "mỏng", "một"]
    assert (total.dossiers, total.counted, total.on_paper, total.at_desk, total.others) == (33, 9, 22, 1, 1)
    assert total.without_place == 1
    assert total.missing(Fraction(4, 5)) == 18


def test_those_outside_the_rate_are_in_no_box() -> None:
    """Refused dossiers and mere registrations raise nothing."""
    row = line(1, Cause.NOT_SCANNED)
    outside = facts(Cause.NOT_SCANNED, status=Status.REFUSED)
    known = prices([row.facts, outside], {}, EFFORT)
    refused = FactLine("x", "u", "", "p", outside, 1, None, None, "Hộp 1")
    assert boxes_of([row, refused], known) == boxes_of([row], known)


boxes = st.lists(
    st.builds(
        BoxWork,
        unit=st.sampled_from(["u", "v"]),
        box=st.text("ab", max_size=2),
        counter=st.just(""),
        dossiers=st.integers(0, 30),
        counted=st.just(0),
        on_paper=st.integers(0, 20),
        paper_gain=st.floats(0, 20),
        pages=st.floats(0, 500),
        paper_minutes=st.floats(0, 60),
        at_desk=st.just(0),
        desk_gain=st.just(0.0),
        desk_minutes=st.just(0.0),
        oldest=st.integers(0, 10**9),
    ),
    max_size=30,
)


@given(boxes, st.integers(0, 30))
def test_a_page_of_the_list_is_the_beginning_of_the_whole(every: list[BoxWork], limit: int) -> None:
    """Gains fall along the list; asking for fewer boxes gives the same ones, and the same total."""
    known = prices([], {}, EFFORT)
    whole, total = ranked(every, known, EFFORT, Order.GAIN)
    worth = [gain_a_minute(box, known, EFFORT) for box in whole]
    assert worth == sorted(worth, reverse=True)
    part, same = ranked(every, known, EFFORT, Order.GAIN, limit)
    assert [gain_a_minute(box, known, EFFORT) for box in part] == worth[:limit]
    assert limit == 0 or same == total


def work_row(counter: str, code: str = "", place: str = "Kho 1, hộp 2") -> WorkRow:
    """Return a row of a box, or with a code of a dossier whose pages were counted."""
    actions = ((Action.SCAN, 1),) if code else ((Action.SCAN, 3), (Action.SCAN_RESULT, 1))
    return WorkRow(place, counter, actions, 1 if code else 4, 23.4, 41.2, 3.6, AT, code, "07", "Khai sinh", bool(code))


def work_list(*rows: WorkRow, key: SheetKey = SheetKey.BOXES, is_part: bool = False) -> WorkList:
    """Return a list of an office at 30 %."""
    total = Total(600, 180, 300, 4321.5, 20, 90.0, 2)
    return WorkList(
        key, Order.GAIN, "UBND xã Đông Liễu", AT, date(2026, 1, 1), date(2026, 3, 2), total, is_part, rows, "x", 180
    )


def test_the_list_is_told_in_words() -> None:
    """The rate, what is missing to 80 %, what is left; estimates are marked, counted pages are not."""
    told = "\n".join(lines(work_list(work_row("Quầy 1"), work_row("Quầy 2", "H99-1")), "vi"))
    for expected in (
        "30,00% (180/600",
        "Cần thêm 300 hồ sơ để đạt 80%",
        "khoảng 4.322 trang",
        "~23 trang",
        " 23 trang",
    ):
        assert expected in told
    assert "Quét cả hồ sơ: 3; Quét kết quả giải quyết: 1" in told
    assert "30,00%" not in "\n".join(lines(work_list(is_part=True), "vi"))
    assert "80%" in "\n".join(lines(work_list(), "en"))


def test_a_program_gets_the_same() -> None:
    """Totals and rows; a box has no code."""
    value = as_json(work_list(work_row("Quầy 1"), work_row("Quầy 2", "H99-1")))
    assert value["total"]["missing_to_target"] == 300
    assert value["rows"][0]["actions"] == {"scan": 3, "scan_result": 1}
    assert ["code" in row for row in value["rows"]] == [False, True]


def test_each_counter_has_a_sheet() -> None:
    """In the order of the list, with a box to tick in every line; names of counters and boxes stay text."""
    hostile = "<script>alert(1)</script>"
    found = work_list(work_row("Quầy 2"), work_row(hostile), work_row("Quầy 2", place=hostile), work_row(""))
    made = sheets(found)
    assert [len(sheet.rows) for sheet in made] == [2, 1, 1]
    page = sheets_html(made)
    assert page.count("□") == 4
    assert "<script>" not in page
    assert page.count('class="sheet') == 3
    assert "(chưa phân quầy)" in page
    assert len(whole_sheet(found).rows) == 4
    assert len(sheets(work_list())) == 1


@pytest.mark.parametrize("key", SheetKey, ids=str)
def test_every_sheet_is_dated_and_fills_its_page(key: SheetKey) -> None:
    """The box to tick is the last column; nothing on it looks like law."""
    for one in versions(key):
        assert [one.columns[0].key, one.columns[-1].key] == ["ordinal", "done"]
        assert sum(map(float, one.shares)) == pytest.approx(100, abs=0.1)
    rows = [work_row("Quầy 1", "" if key is SheetKey.BOXES else "H99-1")]
    assert "Thông tư" not in sheets_html(sheets(work_list(*rows, key=key)))


@pytest.mark.parametrize("key", SheetKey, ids=str)
def test_every_sheet_is_a_workbook_as_well(key: SheetKey, tmp_path: Path) -> None:
    """Also with few columns: heading blocks and signatures find their places; nothing of a name runs."""
    path = tmp_path / "viec.xlsx"
    row = work_row("Quầy 1", "" if key is SheetKey.BOXES else "H99-1", place="=1+1")
    write_listing_xlsx(whole_sheet(work_list(row, key=key)), path)
    cells = [cell for line in CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python() for cell in line]
    assert "NGƯỜI GIAO VIỆC" in cells
    assert "□" in cells
    assert "=1+1" not in cells


def test_the_statuses_that_prices_count_are_in_order() -> None:
    """What is left to scan, confirm and sign is counted by the place of a status in the line of facts."""
    assert ComponentStatus.CHUA_QUET < ComponentStatus.DA_QUET < ComponentStatus.DA_XAC_NHAN < ComponentStatus.DA_KY
