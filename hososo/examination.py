"""What `doctor` finds out about the servers that the settings name, by asking them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from dossier.errors import HososoError
from hososo.readiness import ask_broker, ask_clock
from hososo.servers import prove_store
from hososo.settings import Settings


@dataclass(frozen=True, slots=True)
class Examined:
    """One server: what it is, where it is, and what is wrong with it if anything is."""

    name: str
    where: str
    fault: HososoError | None


def examine(settings: Settings) -> Iterator[Examined]:
    """Yield what each server that the settings name is good for; nothing for what lies in folders.

    The locks of the archive's bucket are proved on a throw-away object, and that the holding bucket forgets.
    """
    if settings.database_url:
        yield _asked("clock", "", lambda: ask_clock(settings))
    if settings.s3_endpoint:
        buckets = f"{settings.s3_bucket} {settings.s3_holding_bucket}".strip()
        yield _asked("store", f"{settings.s3_endpoint} {buckets}", lambda: prove_store(settings))
    if settings.broker_url:
        yield _asked("broker", settings.broker_url, lambda: ask_broker(settings))


def _asked(name: str, where: str, question: Callable[[], None]) -> Examined:
    try:
        question()
    except HososoError as exc:
        return Examined(name, where, exc)
    return Examined(name, where, None)
