"""What a monitoring system reads: right figures, conventional names, and nothing that could be a person's."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families
from prometheus_client.samples import Sample

from catalog import Catalogue, chores, work
from catalog.stuck import Reason
from dossier.errors import Code, Unavailable
from dossier.states import DocumentState, Step, WorkState
from pipeline.measures import Measures, measure
from pipeline.running import Outcome
from pipeline.setbacks import set_aside
from tests.fakes.office import PaperOffice
from web.metrics import OTHER, Chore, render

_ALERTS = Path(__file__).parents[3] / "deploy" / "prometheus-alerts.yaml"
_VALUES = {
    "step": {step.value for step in Step},
    "state": {state.value for state in (*WorkState, *DocumentState)},
    "code": {code.value for code in Code} | {OTHER},
    "reason": {reason.value for reason in Reason},
    "chore": {chore.value for chore in Chore},
}


def _samples(text: bytes) -> Iterator[Sample]:
    for family in text_string_to_metric_families(text.decode()):
        yield from family.samples


def _figures(office: PaperOffice) -> dict[str, float]:
    text = render(lambda: measure(office.services.catalogue, office.clock()), 97 * 86_400)
    return {
        one.name + "".join(f" {key}={value}" for key, value in sorted(one.labels.items())): one.value
        for one in _samples(text)
    }


@pytest.fixture
def busy(office: PaperOffice) -> PaperOffice:
    """Return an office with something archived, set aside, put off and ready; names of people are all over it."""
    office.page("Le Thi Binh/1.jpg", 10, text="Họ và tên: Lê Thị Bình")
    office.page("Tran Van An/1.jpg", 20, text="Họ và tên: Trần Văn An")
    office.page("c/1.jpg", 30)
    office.deliver()
    office.drain(Step.RECEIVE, Step.READ, Step.ASSEMBLE, Step.CLASSIFY)
    item = office.claim(Step.RENDER)
    assert item is not None
    set_aside(item, Code.RENDITION_TOO_LARGE, "", office.services)
    office.drain(Step.RENDER)
    item = office.claim(Step.SIGN)
    assert item is not None
    office.step(item)
    office.drain(Step.ARCHIVE)
    office.tsa.silent = True
    office.drain()
    office.page("1.jpg", 40, code="H99.27.14-260211-0010")
    office.deliver()
    return office


def test_the_figures_are_those_of_the_catalogue(busy: PaperOffice) -> None:
    """Queue, age, waits, quarantine, documents, fixity."""
    busy.clock.later(30)
    found = _figures(busy)
    assert found["hososo_up"] == 1
    assert found["hososo_queue_items state=ready step=receive"] == 1
    assert 30 <= found["hososo_queue_age_seconds step=receive"] < 60
    assert found["hososo_queue_age_seconds step=read"] == 0
    assert found["hososo_waiting_items code=TSA_UNAVAILABLE step=sign"] == 1
    assert found["hososo_quarantined_items code=RENDITION_TOO_LARGE step=render"] == 1
    assert found["hososo_pages_read_total"] == 3
    assert found["hososo_documents_archived_total"] == 1
    assert found["hososo_documents_unarchived state=quarantined"] == 1
    assert found["hososo_documents_unarchived state=waiting_timestamp"] == 1
    assert found["hososo_objects"] == len(list(busy.services.store.list()))
    assert found["hososo_faulty_objects code=OBJECT_DAMAGED"] == 0
    assert found["hososo_fixity_oldest_look_timestamp_seconds"] < busy.clock().timestamp()
    assert found["hososo_lease_expiries_total"] == 0
    assert found["hososo_draining"] == 0


def test_rare_things_are_counted(office: PaperOffice) -> None:
    """A lease that ran out, a chore that was done, a drain."""
    office.page("1.jpg", 10)
    office.deliver()
    assert office.claim(Step.RECEIVE) is not None
    office.clock.later(3600)
    with office.services.catalogue.write() as tx:
        assert work.release_expired(tx, office.clock()) == 1
        assert chores.take(tx, "seal", "me", office.clock(), every=0, lease=1)
        chores.done(tx, "seal", "me", office.clock())
        assert chores.take(tx, "Lê Thị Bình", "me", office.clock(), every=0, lease=1)
        chores.done(tx, "Lê Thị Bình", "me", office.clock())
        chores.set_draining(tx, office.clock(), on=True)
    found = _figures(office)
    assert found["hososo_lease_expiries_total"] == 1
    assert found["hososo_draining"] == 1
    assert found["hososo_chore_done_timestamp_seconds chore=seal"] == pytest.approx(office.clock.now.timestamp(), abs=1)
    assert found["hososo_chore_done_timestamp_seconds chore=backup"] == 0
    assert not any("Bình" in name for name in found)


def test_no_label_can_hold_personal_data(busy: PaperOffice) -> None:
    """Every label is one of a few, and its values are those of an enumeration in the code."""
    text = render(lambda: measure(busy.services.catalogue, busy.clock()), 1)
    for one in _samples(text):
        for label, value in one.labels.items():
            assert value in _VALUES[label], f"{one.name} {label}={value}"
    for secret in ("Binh", "Bình", "Tran", "H99", str(busy.inbox)):
        assert secret not in text.decode()


def test_names_and_units_are_conventional(busy: PaperOffice) -> None:
    """One prefix, lower case, base units, `_total` on counters and on nothing else, a sentence of help each."""
    text = render(lambda: measure(busy.services.catalogue, busy.clock()), 1)
    for family in text_string_to_metric_families(text.decode()):
        assert re.fullmatch(r"hososo_[a-z_]+", family.name)
        assert family.documentation.endswith(".")
        assert not re.search(r"(_ms|_minutes|_hours|_days|_kb|_mb|_percent)$", family.name)
        for one in family.samples:
            assert one.name.endswith("_total") == (family.type == "counter"), one.name


def test_a_catalogue_that_is_away_is_a_figure_too() -> None:
    """The page is still a page: `hososo_up 0`, and nothing that could be mistaken for a count."""

    def away() -> Measures:
        raise Unavailable(Code.CATALOGUE_BUSY, "connection refused")

    assert [(one.name, one.value) for one in _samples(render(away, 1))] == [("hososo_up", 0.0)]


def test_an_empty_catalogue_has_figures(tmp_path: Path) -> None:
    """Before the first dossier nothing is overdue, and nothing divides by nothing."""
    catalogue = Catalogue(f"sqlite:///{tmp_path / 'empty.db'}")
    catalogue.upgrade()
    names = {one.name for one in _samples(render(lambda: measure(catalogue, datetime.now(UTC)), 1))}
    catalogue.close()
    assert "hososo_fixity_oldest_look_timestamp_seconds" not in names
    assert "hososo_queue_items" in names


def test_every_alert_asks_for_metrics_that_exist(busy: PaperOffice) -> None:
    """A rule over a misspelt name would never ring; every rule says how grave it is and what to do."""
    known = {one.name for one in _samples(render(lambda: measure(busy.services.catalogue, busy.clock()), 1))}
    known |= {
        "hososo_last_seal_timestamp_seconds",
        "hososo_stuck_items",
        "hososo_step_duration_seconds_count",
        "hososo_tsa_request_duration_seconds_bucket",
        "hososo_tsa_request_duration_seconds_count",
    }
    rules = [rule for group in yaml.safe_load(_ALERTS.read_text(encoding="utf-8"))["groups"] for rule in group["rules"]]
    assert len(rules) >= 10
    for rule in rules:
        assert set(re.findall(r"\bhososo_\w+", rule["expr"])) <= known, rule["alert"]
        assert rule["labels"]["severity"] in ("critical", "warning")
        assert rule["annotations"]["summary"]
        assert rule["annotations"]["description"]
    text = json.dumps(rules)
    outcomes = set(re.findall(r'outcome=\\"(\w+)\\"', text))
    assert outcomes <= {outcome.value for outcome in Outcome} | {"granted", "failed"}
    steps = set(re.findall(r'step=\\"(\w+)\\"', text))
    assert steps <= _VALUES["step"]
    assert set(re.findall(r'chore=\\"(\w+)\\"', text)) <= _VALUES["chore"]
    assert set(re.findall(r'reason=\\"(\w+)\\"', text)) <= _VALUES["reason"]
