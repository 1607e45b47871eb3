"""The figures: partitions add up for any register, and each rule of the definitions has an example."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dossier.errors import Code, Rejected
from dossier.facts import cells
from dossier.register import RESULT_COMPONENT, VIETNAM, Channel, ComponentRule, Procedure, RegisterEntry, Status
from dossier.states import DocumentState
from dossier.status import Cause, DocumentEvidence, DossierEvidence, PortalCause
from reports.as_json import as_json, schema
from reports.indicators.formula import Part
from reports.lists import behind, figures
from reports.period import Counting, month
from reports.signable import require_closed
from reports.tables import causes, component_statuses, form, split
from reports.text import lines
from reports.timeliness import Outcome
from reports.view import Base
from reports.wording import LANGUAGES
from tests.reporting import Inspected, inspected

FEBRUARY = month(2026, 2, Counting.CALENDAR)
AS_OF = datetime(2026, 4, 1, tzinfo=VIETNAM)
FORM = ComponentRule("to-khai", "Tờ khai", required=True, kinds=("TO_KHAI_HO_TICH",))
RESULT = ComponentRule(RESULT_COMPONENT, "Kết quả", required=True, kinds=("GIAY_KHAI_SINH",))
SINCE = date(2025, 7, 1)
PROCEDURES = {
    code: Procedure(code, name, name, parts, has_result=True, keeps_papers=keeps, valid_from=SINCE, basis="")
    for code, name, parts, keeps in (
        ("1.001193", "Hộ tịch", (FORM, RESULT), True),
        ("2.000815", "Chứng thực", (), False),
    )
}


def at(day: int, hour: int = 9, month_number: int = 2) -> datetime:
    """Return a moment of 2026."""
    return datetime(2026, month_number, day, hour, tzinfo=VIETNAM)


def entry(serial: int = 1, **changes: object) -> RegisterEntry:
    """Return a dossier received on 3 February 2026 and settled before its day, with the given changes."""
    values: dict[str, object] = {
        "code": f"H99.27.14-260203-{serial:04d}",
        "raw_code": "",
        "row": serial,
        "unit": "H99.27.14",
        "field": "",
        "procedure": "1.001193",
        "procedure_name": "",
        "channel": Channel.DIRECT,
        "status": Status.RETURNED,
        "received_at": at(3),
        "due_at": at(10, 17),
        "settled_at": at(9),
        "returned_at": None,
    }
    return RegisterEntry(**(values | changes))  # type: ignore[arg-type]


def papers(code: str, *, development: bool = False) -> DossierEvidence:
    """Return the evidence of a dossier that is complete in the archive."""
    done = {"pages_ok": True, "confirmed": True, "signed": True, "archived": True, "signature_refused": False}
    made = tuple(
        DocumentEvidence(
            rule.code,
            rule.code,
            rule.kinds[0],
            is_result=rule is RESULT,
            state=DocumentState.ARCHIVED,
            development_signature=development,
            **done,
        )
        for rule in (FORM, RESULT)
    )
    return DossierEvidence(code, made)


def report(
    rows: Sequence[RegisterEntry],
    evidence: dict[str, DossierEvidence] | None = None,
    *,
    base: Base = Base.B1,
    demo: bool = False,
    as_of: datetime = AS_OF,
) -> Inspected:
    """Return the report of February 2026."""
    return inspected(rows, evidence or {}, PROCEDURES, period=FEBRUARY, base=base, demo=demo, as_of=as_of)


moments = st.none() | st.integers(0, 90 * 24).map(lambda hours: at(1, month_number=1) + timedelta(hours=hours))
flags = st.none() | st.booleans()
registers = st.lists(
    st.builds(
        entry,
        field=st.sampled_from(["", "Đất đai", "Hộ tịch"]),
        procedure=st.sampled_from(["1.001193", "2.000815", "9.999999"]),
        channel=st.none() | st.sampled_from(Channel),
        status=st.none() | st.sampled_from(Status),
        received_at=moments,
        due_at=moments,
        settled_at=moments,
        returned_at=moments,
        portal_components=flags,
        portal_result=flags,
        portal_reused=flags,
    ),
    max_size=25,
).map(lambda rows: [entry_with_serial(row, number) for number, row in enumerate(rows, start=1)])


def entry_with_serial(row: RegisterEntry, serial: int) -> RegisterEntry:
    """Return the row under a code of its own."""
    values = {name: getattr(row, name) for name in RegisterEntry.__slots__ if name not in {"code", "row"}}
    return RegisterEntry(code=f"H99.27.14-260203-{serial:04d}", row=serial, **values)


@settings(max_examples=150, deadline=None)
@given(rows=registers, base=st.sampled_from(Base), with_papers=st.booleans())
def test_partitions_add_up(*, rows: list[RegisterEntry], base: Base, with_papers: bool) -> None:
    """Received = online + direct, post + carried over = settled + in progress + named rest; groups and causes split."""
    evidence = {row.code: papers(row.code) for row in rows[::2]} if with_papers else {}
    found = report(rows, evidence, base=base).figures
    total = found.total
    assert total.received == total.online + total.direct + total.post + total.channel_unknown
    assert total.handled == total.received + total.carried_over == sum(total.outcomes.values())
    rest = total.of(Outcome.GIVEN_BACK, Outcome.EXPLAINED, Outcome.UNEXPLAINED)
    assert total.handled == total.settled + total.in_progress + rest
    assert found.closes == (total.of(Outcome.UNEXPLAINED) == 0)
    assert [sum(load.of(kind) for _, load in found.fields) for kind in Outcome] == list(total.outcomes.values())
    assert sum(load.received for _, load in found.fields) == total.received
    in_base = found.rates["portal"].denominator
    for causes_found in (found.causes, found.portal_causes):
        assert sum(line.count for line in causes_found) == in_base
    assert sum(counts.received for _, counts in found.split) == in_base
    for counts in (counts for _, counts in found.split):
        assert counts.received == counts.digitised + counts.not_digitised
        assert counts.settled == counts.result_digitised + counts.result_not_digitised


@settings(max_examples=50, deadline=None)
@given(rows=registers, base=st.sampled_from(Base), with_papers=st.booleans())
def test_lists_add_up_to_their_figures(*, rows: list[RegisterEntry], base: Base, with_papers: bool) -> None:
    """Every figure is the number of dossiers in its list; outcomes and causes hold for each dossier exactly once."""
    evidence = {row.code: papers(row.code) for row in rows[::2]} if with_papers else {}
    found = report(rows, evidence, base=base)
    view = found.figures.question.view()
    counted = list(cells(found.rows, view.axis))
    for name in figures():
        assert len(found.codes(name)) == sum(cell.count for cell in behind(name, counted, view)), name
    load = found.figures.total
    assert {kind: len(found.codes(kind.value)) for kind in Outcome} == load.outcomes
    assert sorted(code for kind in Outcome for code in found.codes(kind.value)) == found.codes("handled")
    for kinds, prefix in ((Cause, "archival"), (PortalCause, "portal")):
        assert sorted(code for kind in kinds for code in found.codes(f"{prefix}.{kind}")) == found.codes("base")
    for key, rate in found.figures.rates.items():
        if key in {"signed_components", "signed_results", "published"}:
            continue
        over, below, rest = (len(found.codes(f"{key}.{part}")) for part in Part)
        assert (over, below, rest) == (rate.numerator, rate.denominator, rate.denominator - rate.numerator), key


@settings(max_examples=60, deadline=None)
@given(rows=registers, language=st.sampled_from(LANGUAGES))
def test_any_figures_can_be_printed(rows: list[RegisterEntry], language: str) -> None:
    """Text and JSON exist for every register; totals of printed tables are the sums of their columns."""
    found = report(rows).figures
    assert lines(found, language)
    jsonschema.validate(as_json(found), schema())
    tables = (form(found, language), split(found, language), component_statuses(found, language))
    for table in (*tables, *causes(found, language)):
        start = len(table.columns) - sum(isinstance(cell, int) for cell in table.total)
        sums = [sum(int(row[column]) for row in table.rows) for column in range(start, len(table.columns))]
        assert sums == list(table.total[start:])


@given(rows=registers, seed=st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(rows: list[RegisterEntry], seed: object) -> None:
    """The same rows in another order give the same figures, hash included."""
    shuffled = list(rows)
    seed.shuffle(shuffled)  # type: ignore[attr-defined]
    assert report(shuffled) == report(rows)


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({}, Outcome.EARLY),
        ({"settled_at": at(10, 8)}, Outcome.ON_TIME),
        ({"settled_at": at(10, 17)}, Outcome.ON_TIME),
        ({"settled_at": at(10, 18)}, Outcome.LATE),
        ({"settled_at": None, "returned_at": at(11)}, Outcome.LATE),
        ({"due_at": None}, Outcome.UNDATED),
        ({"settled_at": None}, Outcome.UNDATED),
        ({"settled_at": at(2, month_number=3), "due_at": at(5, month_number=3)}, Outcome.IN_TIME),
        ({"settled_at": at(2, month_number=3)}, Outcome.OVERDUE),
        ({"settled_at": None, "status": Status.IN_PROGRESS}, Outcome.OVERDUE),
        ({"settled_at": None, "status": Status.SUPPLEMENT}, Outcome.IN_TIME),
        ({"settled_at": None, "status": Status.IN_PROGRESS, "due_at": None}, Outcome.WAITING),
        ({"settled_at": None, "status": None}, Outcome.OVERDUE),
        ({"settled_at": None, "status": None, "due_at": None}, Outcome.UNEXPLAINED),
        ({"status": Status.REFUSED}, Outcome.GIVEN_BACK),
        ({"status": Status.WITHDRAWN}, Outcome.GIVEN_BACK),
    ],
)
def test_what_became_of_a_dossier(changes: dict[str, object], kind: Outcome) -> None:
    """Each outcome follows from the dates and the state of the register, judged at the end of the period."""
    found = report([entry(1, **changes)])
    assert found.figures.total.of(kind) == 1
    assert found.codes(kind.value) == ["H99.27.14-260203-0001"]


def test_a_report_before_the_end_of_its_period_judges_at_its_own_moment() -> None:
    """On 5 February a dossier due on the 10th is in time, whatever happened later."""
    assert report([entry()], as_of=at(5)).figures.total.of(Outcome.IN_TIME) == 1


def test_dossiers_carried_over_are_handled_but_not_received() -> None:
    """What came in January and was open on 1 February counts as carried over; what was settled does not."""
    open_then = entry(1, received_at=at(20, month_number=1))
    still_open = entry(2, received_at=at(20, month_number=1), settled_at=None, status=Status.IN_PROGRESS)
    done = entry(3, received_at=at(20, month_number=1), settled_at=at(30, month_number=1))
    total = report([open_then, still_open, done]).figures.total
    assert (total.received, total.carried_over, total.handled) == (0, 2, 2)


def test_bases_say_who_is_below_the_line() -> None:
    """B1 leaves out refused dossiers, B2 takes what was settled in the period, B3 leaves out kept-no-papers."""
    rows = [
        entry(1),
        entry(2, status=Status.REFUSED, settled_at=None),
        entry(3, procedure="2.000815"),
        entry(4, received_at=at(20, month_number=1)),
        entry(5, settled_at=None, status=Status.IN_PROGRESS),
        entry(6, received_at=None),
        entry(7, status=Status.REGISTERED, settled_at=None),
    ]
    sizes = {base: report(rows, base=base).figures.rates["archival"].denominator for base in Base}
    assert sizes == {Base.B1: 3, Base.B2: 3, Base.B3: 2}
    assert report(rows).figures.never_received == 2


def test_two_readings_stand_side_by_side() -> None:
    """A photo attached in the portal counts there and not in the archive; an archived dossier counts in both."""
    rows = [entry(1, portal_components=True, portal_result=True), entry(2), entry(3)]
    rates = report(rows, {rows[1].code: papers(rows[1].code)}).figures.rates
    portal, archival, signed = (rates[key] for key in ("portal", "archival", "signed_components"))
    assert (portal.numerator, portal.denominator) == (2, 3)
    assert (archival.numerator, archival.denominator) == (1, 3)
    assert (signed.numerator, signed.denominator) == (1, 1)
    assert rates["electronic_result"].numerator == 2


@pytest.mark.parametrize(("demo", "counted", "words"), [(False, 0, "không chữ ký nào"), (True, 1, "ĐƯỢC TÍNH")])
def test_development_signatures_are_told(*, demo: bool, counted: int, words: str) -> None:
    """They count only in a demonstration, and the report says so either way."""
    row = entry()
    found = report([row], {row.code: papers(row.code, development=True)}, demo=demo).figures
    assert found.rates["archival"].numerator == counted
    assert found.development_signatures == 2
    assert any(words in line for line in lines(found, "vi"))


def test_a_report_that_does_not_close_says_so() -> None:
    """A dossier the register says nothing of keeps the report from closing, and from being signed."""
    found = report([entry(1), entry(2, settled_at=None, status=None, due_at=None)])
    assert not found.figures.closes
    assert any("KHÔNG khép kín" in line for line in lines(found.figures, "vi"))
    assert found.codes("unexplained") == ["H99.27.14-260203-0002"]
    with pytest.raises(Rejected) as caught:
        require_closed(found.figures)
    assert (caught.value.code, caught.value.subject) == (Code.REPORT_NOT_CLOSED, "1")
    require_closed(report([entry(1)]).figures)


def test_the_text_report_states_unit_days_base_and_counts() -> None:
    """Everything that a printed rate needs to be understood stands in the report."""
    found = inspected([entry()], {}, PROCEDURES, period=FEBRUARY, base=Base.B3, as_of=AS_OF, unit="UBND xã Đông Liễu")
    text = "\n".join(lines(found.figures, "vi"))
    assert "Đơn vị: UBND xã Đông Liễu" in text
    assert "Tháng 02/2026 (kỳ dương lịch), từ 01/02/2026 đến 28/02/2026" in text
    assert "B3 - như B1, trừ thủ tục không lưu hồ sơ" in text
    assert "Tỷ lệ số hóa đạt chuẩn lưu trữ: 0,00% (0/1) [hososo-luu-tru/2026-01]" in text
    assert "Chưa quét: 1" in text
    assert "Tỷ lệ kết nối, chia sẻ dữ liệu: không có dữ liệu" in text


def test_late_scanning_changes_a_new_run_only() -> None:
    """The hash names the reported state: it changes when a dossier is digitised and not with time alone."""
    row = entry()
    before, later = report([row]).figures, report([row], as_of=AS_OF + timedelta(days=9)).figures
    assert before.cells_sha256 == later.cells_sha256
    assert report([row], {row.code: papers(row.code)}).figures.cells_sha256 != before.cells_sha256
