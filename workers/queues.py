"""The queues and limits of the steps, written out: nothing here is left to a library's default.

A message is a wake-up, `(work item id, attempt)`: whoever gets it takes the most urgent item of its step from the
catalogue, so neither the order nor the number of messages decides what is done. A message that is lost costs a
moment, one that comes twice costs a look.
"""

from __future__ import annotations

from dataclasses import dataclass

from dossier.states import Step


@dataclass(frozen=True, slots=True)
class Lane:
    """How the wake-ups of one step travel.

    Attributes:
        queue: Name of the queue; steps of one queue share its consumers.
        urgency: Which of several received wake-ups a process acts on first; the lower number goes first.
        seconds: How long one run of the step may take; then its process is ended and the item tried again. All stay
            below half an hour, after which RabbitMQ takes an unacknowledged message back.
    """

    queue: str
    urgency: int
    seconds: float


_SHORT, _LONG = 300.0, 1500.0  # a page and a document are bounded in their confined children; a dossier is long

LANES: dict[Step, Lane] = {
    Step.RECEIVE: Lane("hososo.receive", 7, _LONG),
    Step.READ: Lane("hososo.read", 6, _SHORT),
    Step.ASSEMBLE: Lane("hososo.dossier", 5, _LONG),
    Step.CLASSIFY: Lane("hososo.document", 4, _SHORT),
    Step.RENDER: Lane("hososo.document", 3, _LONG),
    Step.SIGN: Lane("hososo.sign", 2, _LONG),
    Step.ARCHIVE: Lane("hososo.document", 1, _LONG),
    Step.CLOSE: Lane("hososo.dossier", 0, _LONG),
}

QUEUES = tuple(dict.fromkeys(lane.queue for lane in LANES.values()))

WINDOW = 50
"""Wake-ups kept in a queue at most: a backlog of a million items waits in the catalogue, not in the broker."""

WAKE_UP_MILLISECONDS = 600_000
"""Age beyond which a wake-up is dropped unread; the relay sends another if there is still something to do."""
