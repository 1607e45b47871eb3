"""What `/readyz` looks at: the parts that this installation's settings name."""

from __future__ import annotations

from contextlib import closing

from dossier.errors import Code
from hososo.servers import broker_of, object_store
from hososo.settings import Settings
from hososo.wiring import check_clock, open_catalogue
from web.readiness import Part

_NO_OBJECT = "0" * 64


def parts(settings: Settings) -> list[Part]:
    """Return what to look at: catalogue, clock and store always, the broker where there is one."""
    asked = [
        Part("catalogue", lambda: open_catalogue(settings).close(), Code.CATALOGUE_BUSY),
        Part("clock", lambda: ask_clock(settings), Code.CATALOGUE_BUSY),
        Part("store", lambda: _check_store(settings), Code.STORE_UNAVAILABLE),
    ]
    if settings.broker_url:
        asked.append(Part("broker", lambda: ask_broker(settings), Code.BROKER_UNAVAILABLE))
    return asked


def ask_clock(settings: Settings) -> None:
    """Hold this host's clock against the catalogue's; errors as `check_clock`."""
    with closing(open_catalogue(settings)) as catalogue:
        check_clock(catalogue)


def _check_store(settings: Settings) -> None:
    """Ask for an object that cannot be there: that takes the server, the bucket and the account's rights."""
    object_store(settings).stat(_NO_OBJECT)


def ask_broker(settings: Settings) -> None:
    """Ask the broker how long a queue is.

    Raises:
        Unavailable(BROKER_UNAVAILABLE): It does not answer.
    """
    from workers.brokers import messages_in  # noqa: PLC0415 - polling workers need no broker's client
    from workers.queues import QUEUES  # noqa: PLC0415

    broker = broker_of(settings)
    if broker is not None:
        with closing(broker):
            messages_in(broker, QUEUES[0])
