"""Opening a broker, RabbitMQ or Redis, with every setting that matters written out."""

from __future__ import annotations

import logging
import ssl
from urllib.parse import SplitResult, unquote, urlsplit

import pika
import redis
from dramatiq import Broker
from dramatiq.brokers.rabbitmq import RabbitmqBroker
from dramatiq.brokers.redis import RedisBroker
from dramatiq.errors import BrokerConnectionError
from dramatiq.middleware import AgeLimit, Middleware, Retries, TimeLimit

from dossier.errors import Code, Rejected, Unavailable
from workers.queues import WAKE_UP_MILLISECONDS

AWAY = (BrokerConnectionError, pika.exceptions.AMQPError, redis.RedisError, OSError, ValueError)
"""What a broker that is away, or goes away in the middle, makes the libraries raise; a ValueError where a connection
is reset before the client has looked at it for the first time."""

_AMQP_PORTS = {"amqp": 5672, "amqps": 5671}
_REDIS_SCHEMES = ("redis", "rediss")
_CONNECT_SECONDS, _HEARTBEAT_SECONDS = 5.0, 10
_MILLION = 1_000_000
# Dead consumers are looked for on one command in ten; the library's one in a thousand leaves their messages for hours.
_MAINTENANCE_CHANCE = _MILLION // 10


def open_broker(url: str, password: str) -> Broker:
    """Return a broker for `amqp[s]://user@host/vhost` or `redis[s]://[user@]host/number`. Nothing is connected yet.

    Raises:
        Rejected(SETTINGS_INVALID): It is no such URL, or it holds a password, which belongs into a file.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as exc:
        raise _invalid("is no URL") from exc
    _quieten()
    if parts.password is not None:
        raise _invalid("holds a password: name a file in broker_password_file")
    if parts.scheme in _AMQP_PORTS and parts.hostname:
        return _rabbitmq(parts, port or _AMQP_PORTS[parts.scheme], password)
    if parts.scheme in _REDIS_SCHEMES and parts.hostname:
        return _redis(parts, port or 6379, password)
    raise _invalid("begins with amqp://, amqps://, redis:// or rediss://")


def messages_in(broker: Broker, queue: str) -> int:
    """Return how many messages wait in a queue.

    Raises:
        Unavailable(BROKER_UNAVAILABLE): The broker cannot be asked.
    """
    try:
        if isinstance(broker, RabbitmqBroker):
            broker.declare_queue(queue, ensure=True)
            return int(broker.get_queue_message_counts(queue)[0])
        broker.declare_queue(queue)
        return int(broker.do_qsize(queue))  # type: ignore[attr-defined]  # made of its scripts by name
    except AWAY as exc:
        forget_connection(broker)
        raise Unavailable(Code.BROKER_UNAVAILABLE, type(exc).__name__) from exc


def forget_connection(broker: Broker) -> None:
    """Drop this thread's connection, so that the next call makes a new one."""
    if isinstance(broker, RabbitmqBroker):
        del broker.connection


def _quieten() -> None:
    """Keep the libraries from telling every failed attempt of every consumer: the relay says it once, in our words."""
    for name in ("dramatiq", "pika"):
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)


def _rabbitmq(parts: SplitResult, port: int, password: str) -> Broker:
    context = ssl.create_default_context() if parts.scheme == "amqps" else None
    return RabbitmqBroker(
        host=parts.hostname,
        port=port,
        virtual_host=unquote(parts.path.removeprefix("/")) or "/",
        credentials=pika.PlainCredentials(parts.username or "hososo", password),
        ssl_options=pika.SSLOptions(context, parts.hostname) if context else None,
        heartbeat=_HEARTBEAT_SECONDS,  # a silent host is noticed after two of them
        blocked_connection_timeout=_CONNECT_SECONDS,  # a broker short of memory or disk must not hold us
        socket_timeout=_CONNECT_SECONDS,
        stack_timeout=2 * _CONNECT_SECONDS,
        connection_attempts=1,  # who calls tries again, and has other things to do meanwhile
        confirm_delivery=True,  # a wake-up counts as sent only once the broker has it
        middleware=_middleware(),
    )


def _redis(parts: SplitResult, port: int, password: str) -> Broker:
    client = redis.Redis(
        host=parts.hostname or "",
        port=port,
        db=int(parts.path.removeprefix("/") or 0),
        username=parts.username or None,
        password=password or None,
        ssl=parts.scheme == "rediss",
        socket_timeout=_CONNECT_SECONDS,
        socket_connect_timeout=_CONNECT_SECONDS,
        health_check_interval=_HEARTBEAT_SECONDS,
    )
    return RedisBroker(  # type: ignore[no-untyped-call]
        client=client,
        namespace="hososo",
        heartbeat_timeout=_HEARTBEAT_SECONDS * 1000,
        maintenance_chance=_MAINTENANCE_CHANCE,
        dead_message_ttl=WAKE_UP_MILLISECONDS,  # nothing is lost with a wake-up: the catalogue has the item
        middleware=_middleware(),
    )


def _middleware() -> list[Middleware]:
    """Return what happens around a wake-up: age and time are limited, and only the catalogue tries again."""
    return [AgeLimit(max_age=WAKE_UP_MILLISECONDS), TimeLimit(), Retries(max_retries=0)]


def _invalid(what: str) -> Rejected:
    return Rejected(Code.SETTINGS_INVALID, what, subject="broker_url")
