"""`/metrics`: the measures in Prometheus' text format. Labels are steps, states, codes and chores: never a name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import StrEnum

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from dossier.errors import Code, HososoError
from dossier.states import DocumentState, Step, WorkState
from pipeline.measures import Measures


class Chore(StrEnum):
    """The chores that are told of; a name from elsewhere does not become a label."""

    SEAL = "seal"
    SWEEP = "sweep"
    SCRUB = "scrub"
    INDEX = "index"
    BACKUP = "backup"


OTHER = "OTHER"
"""Stands for an error code that this program does not know."""
_CODES = frozenset(code.value for code in Code)
_OPEN_STATES = (WorkState.READY, WorkState.CLAIMED, WorkState.QUARANTINED)


class Installation(Collector):
    """Collects the measures of an installation whenever somebody asks.

    Args:
        measure: Returns the present figures; raises a HososoError when the catalogue is away.
        fixity_seconds: After so many seconds without being read an object is overdue.
    """

    def __init__(self, measure: Callable[[], Measures], fixity_seconds: float) -> None:
        self._measure = measure
        self._fixity_seconds = fixity_seconds

    def describe(self) -> Iterable[Metric]:
        """Return nothing: naming the metrics in advance would mean asking the catalogue at once."""
        return ()

    def collect(self) -> Iterator[Metric]:
        """Yield every metric; only `hososo_up` 0 while the catalogue is away."""
        try:
            found = self._measure()
        except HososoError:
            yield _gauge("hososo_up", "Whether the catalogue answers.", 0)
            return
        yield _gauge("hososo_up", "Whether the catalogue answers.", 1)
        yield from _work(found)
        yield from _archive(found)
        yield from _upkeep(found)
        yield _gauge(
            "hososo_fixity_limit_seconds",
            "Age of the oldest look from which the scrub is overdue.",
            self._fixity_seconds,
        )


def render(measure: Callable[[], Measures], fixity_seconds: float) -> bytes:
    """Return the present figures in Prometheus' text format; see `Installation`."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(Installation(measure, fixity_seconds))
    return generate_latest(registry)


def _work(found: Measures) -> Iterator[Metric]:
    queue = GaugeMetricFamily("hososo_queue_items", "Work items that are not done.", labels=["step", "state"])
    age = GaugeMetricFamily(
        "hososo_queue_age_seconds", "Seconds that the next ready item of a step has been waiting.", labels=["step"]
    )
    for step in Step:
        age.add_metric([step.value], found.ages.get(step, 0.0))
        for state in _OPEN_STATES:
            queue.add_metric([step.value, state.value], found.queue.get((step, state), 0))
    yield queue
    yield age
    yield _by_code("hososo_waiting_items", "Work items put off, by error code.", found.waiting)
    yield _by_code("hososo_quarantined_items", "Work items set aside, by error code.", found.quarantined)
    yield from _stuck(found)
    yield CounterMetricFamily("hososo_lease_expiries", "Claims of workers that ran out.", found.lease_expiries)
    yield _gauge("hososo_draining", "Whether nothing new is given out.", int(found.draining))


def _stuck(found: Measures) -> Iterator[Metric]:
    labels = ["step", "reason"]
    items = GaugeMetricFamily("hososo_stuck_items", "Work items that have not moved for over an hour.", labels=labels)
    since = GaugeMetricFamily(
        "hososo_stuck_oldest_timestamp_seconds", "Since when the oldest of them is stuck.", labels=labels
    )
    counts: dict[tuple[str, str], int] = {}
    oldest: dict[tuple[str, str], float] = {}
    for one in found.stuck:
        key = (one.step.value, one.reason.value)
        counts[key] = counts.get(key, 0) + one.count
        oldest[key] = min(oldest.get(key, one.oldest.timestamp()), one.oldest.timestamp())
    for key, count in counts.items():
        items.add_metric(list(key), count)
        since.add_metric(list(key), oldest[key])
    yield items
    yield since


def _archive(found: Measures) -> Iterator[Metric]:
    yield CounterMetricFamily("hososo_pages_read", "Pages read.", found.pages_read)
    yield CounterMetricFamily("hososo_documents_archived", "Documents archived.", found.documents_archived)
    states = GaugeMetricFamily("hososo_documents_unarchived", "Documents that are not archived.", labels=["state"])
    for state in DocumentState:
        if state is not DocumentState.ARCHIVED:
            states.add_metric([state.value], found.documents.get(state, 0))
    yield states
    yield _gauge("hososo_objects", "Objects in the archive store.", found.objects)
    faulty = GaugeMetricFamily("hososo_faulty_objects", "Objects that are damaged or missing.", labels=["code"])
    for code in sorted({Code.OBJECT_DAMAGED, Code.OBJECT_MISSING} | set(found.faults)):
        faulty.add_metric([code.value], found.faults.get(code, 0))
    yield faulty
    if found.oldest_look:
        yield _gauge(
            "hososo_fixity_oldest_look_timestamp_seconds",
            "When the object that was not read for the longest time was read.",
            found.oldest_look.timestamp(),
        )


def _upkeep(found: Measures) -> Iterator[Metric]:
    if found.last_seal:
        yield _gauge(
            "hososo_last_seal_timestamp_seconds", "When the event chains were sealed last.", found.last_seal.timestamp()
        )
    done = GaugeMetricFamily(
        "hososo_chore_done_timestamp_seconds", "When a chore was done last; 0: never.", labels=["chore"]
    )
    for chore in Chore:
        done.add_metric([chore.value], found.chores.get(chore.value, 0.0))
    yield done


def _by_code(name: str, text: str, counts: Mapping[tuple[Step, str], int]) -> Metric:
    family = GaugeMetricFamily(name, text, labels=["step", "code"])
    summed: dict[tuple[str, str], int] = {}
    for (step, code), count in counts.items():
        key = (step.value, code if code in _CODES else OTHER)
        summed[key] = summed.get(key, 0) + count
    for (step_name, known), count in summed.items():
        family.add_metric([step_name, known], count)
    return family


def _gauge(name: str, text: str, value: float) -> Metric:
    return GaugeMetricFamily(name, text, value)
