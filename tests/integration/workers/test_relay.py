"""The relay and the wake-ups, on real brokers: never too many, never too early, nothing about anybody in them."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from typing import cast

import pytest
from dramatiq import Broker, Message, Worker
from sqlalchemy import text

from catalog import queue, work
from dossier.states import Step
from tests.fakes.office import PaperOffice
from tests.integration.workers.conftest import emptied
from tests.servers.rabbitmq import RabbitMq
from tests.servers.redis import Redis
from workers.actors import Bell, consume_until, declare_actors
from workers.brokers import messages_in, open_broker
from workers.hand import Hand
from workers.queues import LANES, QUEUES, WINDOW
from workers.relay import Relay
from workers.runs import new_run_id

_READ = LANES[Step.READ].queue


@pytest.fixture(params=["rabbitmq", "redis"])
def server(request: pytest.FixtureRequest) -> RabbitMq | Redis:
    """Return each broker's server without messages of ours."""
    request.getfixturevalue("redis_server" if request.param == "redis" else "rabbitmq")
    return emptied(request.param, request)


@pytest.fixture
def broker(server: RabbitMq | Redis) -> Iterator[Broker]:
    """Give the broker as the program opens it."""
    opened = open_broker(server.url.replace(f":{server.password}@", "@", 1), server.password)
    yield opened
    opened.close()


@pytest.fixture
def delivered(office: PaperOffice) -> PaperOffice:
    """Return an office whose pages are received and wait to be read."""
    for number in range(3):
        office.page(f"{number}.jpg", 10 + number)
    office.deliver()
    office.drain(Step.RECEIVE)
    return office


def test_queues_are_never_fuller_than_the_window(office: PaperOffice, broker: Broker) -> None:
    """Of a large backlog only a window is told to the broker, and the same look again sends nothing."""
    _enqueue(office, 10 * WINDOW)
    relay = Relay(office.services, broker)
    assert relay.tick() == WINDOW
    assert relay.tick() == 0
    assert messages_in(broker, _READ) == WINDOW
    assert sum(messages_in(broker, name) for name in QUEUES) == WINDOW


def test_nothing_is_sent_before_its_commit(office: PaperOffice, broker: Broker) -> None:
    """A wake-up for what is not committed would be for nothing, or for what will never be."""
    relay = Relay(office.services, broker)
    with office.services.catalogue.write() as tx:
        work.enqueue(tx, Step.READ, ["page"], "box", office.clock())
        assert relay.tick() == 0
    assert relay.tick() == 1


def test_nothing_is_sent_for_what_was_rolled_back(office: PaperOffice, broker: Broker) -> None:
    """The ready rows are the outbox: a row that never was is never told."""
    with pytest.raises(ZeroDivisionError):
        _enqueue_and_fail(office)
    assert Relay(office.services, broker).tick() == 0
    assert messages_in(broker, _READ) == 0


def test_a_message_holds_an_item_and_an_attempt_and_nothing_else(
    delivered: PaperOffice, server: RabbitMq | Redis, broker: Broker
) -> None:
    """Brokers keep logs and dumps: no name, no code and no text of a paper may be in them."""
    assert Relay(delivered.services, broker).tick() == 3
    found = json.loads(_raw_message(server))
    assert set(found) == {"queue_name", "actor_name", "args", "kwargs", "options", "message_id", "message_timestamp"}
    assert (found["queue_name"], found["actor_name"]) == (_READ, "read")
    item_id, attempt = found["args"]
    assert item_id in _item_ids(delivered)
    assert attempt == 0
    assert found["kwargs"] == {}
    assert set(found["options"]) <= {"redis_message_id"}


def test_wake_ups_that_come_twice_do_nothing_twice(delivered: PaperOffice, broker: Broker) -> None:
    """Each message costs a look; each item is done once."""
    broker.declare_queue(_READ)
    for item_id in 3 * _item_ids(delivered):
        broker.enqueue(_message(item_id))
    _consume(delivered, broker, lambda: messages_in(broker, _READ) == 0 and _open(delivered) == 0)
    assert delivered.states() == ["archived"]
    assert _attempts(delivered) == {1}


def test_a_wake_up_for_what_is_gone_is_dropped(delivered: PaperOffice, broker: Broker) -> None:
    """Messages outlive their items, in a queue that was put back from a backup for example."""
    relay, hand = Relay(delivered.services, broker), Hand(delivered.services, new_run_id(), lambda: False)
    delivered.drain()
    declare_actors(broker, hand, relay, Bell())
    broker.enqueue(_message(999_999))
    worker = Worker(broker, worker_threads=1, worker_timeout=100)
    worker.start()
    broker.join(_READ, timeout=20_000)
    worker.stop()
    assert delivered.quarantined() == []
    assert messages_in(broker, _READ) == 0
    assert not hand.broken


def _enqueue(office: PaperOffice, count: int) -> None:
    with office.services.catalogue.write() as tx:
        work.enqueue(tx, Step.READ, (f"page-{number}" for number in range(count)), "box", office.clock())


def _enqueue_and_fail(office: PaperOffice) -> None:
    with office.services.catalogue.write() as tx:
        work.enqueue(tx, Step.READ, ["page"], "box", office.clock())
        raise ZeroDivisionError


def _message(item_id: int) -> Message[None]:
    return Message(queue_name=_READ, actor_name="read", args=(item_id, 0), kwargs={}, options={})


def _consume(office: PaperOffice, broker: Broker, done: Callable[[], bool]) -> None:
    """Work as a worker process does, until `done` or for half a minute."""
    deadline, was_done = time.monotonic() + 30, threading.Event()

    def stopped() -> bool:
        if done():
            was_done.set()
        return was_done.is_set() or time.monotonic() > deadline

    consume_until(office.services, broker, new_run_id(), stopped)
    assert was_done.is_set()


def _open(office: PaperOffice) -> int:
    with office.services.catalogue.read() as tx:
        return queue.open_count(tx, tuple(Step))


def _item_ids(office: PaperOffice) -> list[int]:
    with office.services.catalogue.read() as tx:
        return [item.id for item in queue.due(tx, Step.READ, office.clock(), 100)]


def _attempts(office: PaperOffice) -> set[int]:
    with office.services.catalogue.read() as tx:
        return set(tx.execute(text("select attempts from work_item")).scalars())


def _raw_message(server: RabbitMq | Redis) -> bytes:
    """Return the bytes of a message as they lie on the broker."""
    if isinstance(server, Redis):
        with server.connect() as client:
            return next(iter(cast("dict[bytes, bytes]", client.hgetall(f"hososo:{_READ}.msgs")).values()))
    connection = server.connect()
    _, _, body = connection.channel().basic_get(_READ, auto_ack=True)
    connection.close()
    return bytes(body)
