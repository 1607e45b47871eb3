"""The faults: each takes something away and says how to give it back."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from random import Random

from catalog.work import LEASE_SECONDS
from tests.chaos.hosts import Host, signal_all
from tests.chaos.installation import Installation
from tests.servers.proxy import FaultProxy
from tests.servers.rabbitmq import RabbitMq
from tests.servers.redis import Redis
from workers.queues import QUEUES

_PAST_LEASE = (LEASE_SECONDS + 2, LEASE_SECONDS + 8)
_SLOW_RATE = 4000  # bytes a second: a page of twenty kilobytes takes seconds
_PARTS_OF_HOST = ("worker", "child", "supervisor", "host")


@dataclass(frozen=True, slots=True)
class Struck:
    """A fault that is in force.

    Attributes:
        detail: What exactly was hit.
        seconds: How long it stays.
        undo: Gives back what was taken.
    """

    detail: str
    seconds: float
    undo: Callable[[], None]


Strike = Callable[[Random], Struck | None]
"""Makes a fault happen; None where there is nothing to hit at this moment."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A kind of fault of one installation.

    Attributes:
        kind: What the table of the campaign calls it.
        target: What it needs for itself: two faults of one target are never in force together.
        weight: How often it comes, compared with others.
        strike: Makes it happen.
    """

    kind: str
    target: str
    weight: float
    strike: Strike


def faults_of(installation: Installation) -> list[Fault]:
    """Return every fault that an installation can suffer."""
    found = [fault for host in installation.hosts for fault in _of_host(installation, host)]
    for part in installation.servers:
        found += _of_server(installation, part)
    for (host, part), link in installation.links.items():
        found += _of_link(f"{host}-{part}", part, link)
    return found + _of_operator(installation)


def _of_host(installation: Installation, host: Host) -> list[Fault]:
    found = []
    for part in _PARTS_OF_HOST:
        found.append(Fault(f"{part} killed", host.name, 2, partial(_kill, host, part)))
        found.append(Fault(f"{part} paused", host.name, 0.5, partial(_pause, host, part)))
    if host.name in installation.disks:
        found.append(Fault("disk filled", host.name, 1, partial(_fill, installation, host)))
    return found


def _kill(host: Host, part: str, dice: Random) -> Struck | None:
    members = host.members(part)
    if not members:
        return None
    victims = members if part == "host" else [dice.choice(members)]
    host.kill(part, victims)
    if part in ("supervisor", "host"):
        return Struck(f"{host.name} {part}", dice.uniform(0, 2), host.start)
    return Struck(f"{host.name} {part} {victims[0]}", 0, _nothing)


def _pause(host: Host, part: str, dice: Random) -> Struck | None:
    members = host.members(part)
    if not members:
        return None
    victims = members if part == "host" else [dice.choice(members)]
    signal_all(victims, signal.SIGSTOP)
    undo = partial(signal_all, list(reversed(victims)), signal.SIGCONT)
    return Struck(f"{host.name} {part} {len(victims)}", dice.uniform(*_PAST_LEASE), undo)


def _fill(installation: Installation, host: Host, dice: Random) -> Struck:
    disk = installation.disks[host.name]
    disk.fill()
    return Struck(host.name, dice.uniform(2, 8), disk.free)


def _of_server(installation: Installation, part: str) -> list[Fault]:
    server = installation.servers[part]

    def stopped(how: Callable[[], None], dice: Random) -> Struck:
        how()
        return Struck(part, dice.uniform(0, 4), server.start)

    def paused(dice: Random) -> Struck:
        server.pause()
        return Struck(part, dice.uniform(*_PAST_LEASE), server.resume)

    return [
        Fault(f"{part} killed", part, 2, partial(stopped, server.kill)),
        Fault(f"{part} restarted", part, 1, partial(stopped, server.stop)),
        Fault(f"{part} paused", part, 1, paused),
    ]


def _of_link(name: str, part: str, link: FaultProxy) -> list[Fault]:
    ways: Mapping[str, tuple[Callable[[Random], None], tuple[float, float]]] = {
        "cut": (lambda _dice: link.cut(), (1, LEASE_SECONDS + 5)),
        "silent": (lambda _dice: link.silence(), (2, LEASE_SECONDS + 8)),
        "slow": (lambda _dice: link.slow(_SLOW_RATE), (2, 8)),
        "resetting": (lambda dice: link.reset(dice.randrange(3000)), (2, 6)),
        "truncating": (lambda dice: link.truncate(dice.randrange(3000)), (2, 6)),
    }

    def spoil(set_way: Callable[[Random], None], seconds: tuple[float, float], dice: Random) -> Struck:
        set_way(dice)
        return Struck(name, dice.uniform(*seconds), link.forward)

    return [
        Fault(f"way to {part} {kind}", part, 0.5, partial(spoil, set_way, seconds))
        for kind, (set_way, seconds) in ways.items()
    ]


def _of_operator(installation: Installation) -> list[Fault]:
    broker = installation.servers.get("broker")
    found = [
        Fault("drained", "desk", 1, partial(_drain, installation)),
        Fault("sweep meanwhile", "desk", 2, partial(_sweep, installation)),
    ]
    if isinstance(broker, RabbitMq | Redis):
        found.append(Fault("queues purged", "broker", 2, partial(_purge, broker)))
    return found


def _drain(installation: Installation, dice: Random) -> Struck:
    code, _, _ = installation.run("drain")

    def undo() -> None:
        while installation.run("drain", "--off")[0] != 0:
            time.sleep(1)

    return Struck(f"exit {code}", dice.uniform(1, 4), undo)


def _sweep(installation: Installation, _dice: Random) -> Struck:
    process = installation.start("sweep")

    def undo() -> None:
        process.wait(120)

    return Struck("beside the work", 0, undo)


def _purge(broker: RabbitMq | Redis, _dice: Random) -> Struck:
    if isinstance(broker, Redis):
        with broker.connect() as client:
            client.flushdb()
        return Struck("all of them", 0, _nothing)
    connection = broker.connect()
    channel = connection.channel()
    for name in QUEUES:
        channel.queue_purge(name)
    with suppress(Exception):
        connection.close()
    return Struck("all of them", 0, _nothing)


def _nothing() -> None:
    """What is killed inside a host is replaced by its supervisor."""
