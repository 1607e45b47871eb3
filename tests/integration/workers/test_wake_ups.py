"""What happens around a wake-up, which the broker's library keeps to itself."""

from __future__ import annotations

from typing import cast

import pytest
from dramatiq import Broker
from dramatiq.brokers.stub import StubBroker
from structlog.testing import capture_logs

from dossier.states import Step
from workers.actors import Bell, declare_actors
from workers.hand import Hand
from workers.queues import LANES
from workers.relay import Relay


class _BrokenHand:
    def take(self, steps: tuple[Step, ...]) -> bool:
        """Fail as nobody foresaw."""
        raise ZeroDivisionError(str(steps))


@pytest.fixture
def broker() -> Broker:
    """Return a broker with the actors of a hand that is broken."""
    made = StubBroker()
    declare_actors(made, cast("Hand", _BrokenHand()), cast("Relay", None), Bell())
    return made


def test_what_nobody_foresaw_is_told(broker: Broker) -> None:
    """The library's lines are turned off: ours has to say it."""
    with capture_logs() as lines, pytest.raises(ZeroDivisionError):
        broker.get_actor(Step.READ.value).fn(1, 1)
    assert [line["event"] for line in lines] == ["bug in a wake-up"]


def test_waiting_for_this_process_is_not_time_of_the_step(broker: Broker) -> None:
    """A page that waits for a long delivery to be received, and is then read, is not cut off in the middle."""
    longest = max(lane.seconds for lane in LANES.values())
    for step in Step:
        limit = broker.get_actor(step.value).options["time_limit"] / 1000
        assert limit >= longest + LANES[step].seconds
