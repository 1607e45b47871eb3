"""Measures: how the installation is doing in figures, from the catalogue. Numbers, steps and codes; no names."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from catalog import Catalogue, chores, figures, fixity, work
from catalog.partial import PUT_OFF, QUARANTINED
from catalog.stuck import Stuck, stuck
from dossier.errors import Code
from dossier.states import DocumentState, Step, WorkState


@dataclass(frozen=True, slots=True)
class Measures:
    """Figures of one moment.

    Attributes:
        queue: Open work items by step and state.
        ages: Seconds that the next ready item of a step has been waiting; steps with nothing ready are left out.
        waiting: Items put off, by step and error code.
        quarantined: Items set aside, by step and error code.
        stuck: What has not moved for over an hour.
        lease_expiries: How often a claim ran out since the installation was made.
        pages_read: Pages read.
        documents_archived: Documents archived, superseded versions included.
        documents: Documents that are not, by state.
        objects: Stored objects.
        oldest_look: When the object that was not read for the longest time was read; None without objects.
        faults: Objects with a fault, by code.
        last_seal: When the event chains were sealed last; None before that.
        chores: When each chore was done last, in seconds since the epoch.
        draining: Nothing new is given out.
    """

    queue: dict[tuple[Step, WorkState], int]
    ages: dict[Step, float]
    waiting: dict[tuple[Step, str], int]
    quarantined: dict[tuple[Step, str], int]
    stuck: list[Stuck]
    lease_expiries: int
    pages_read: int
    documents_archived: int
    documents: dict[DocumentState, int]
    objects: int
    oldest_look: datetime | None
    faults: dict[Code, int]
    last_seal: datetime | None
    chores: dict[str, float]
    draining: bool


def measure(catalogue: Catalogue, now: datetime) -> Measures:
    """Return the present figures.

    Raises:
        Unavailable: The catalogue cannot be reached.
    """
    with catalogue.read() as tx:
        since = {step: figures.oldest_ready(tx, step) for step in Step}
        archived, others = figures.documents_archived(tx)
        return Measures(
            queue=figures.open_items(tx),
            ages={step: max(0.0, (now - at).total_seconds()) for step, at in since.items() if at},
            waiting=figures.by_code(tx, PUT_OFF),
            quarantined=figures.by_code(tx, QUARANTINED),
            stuck=stuck(tx, now),
            lease_expiries=chores.counted(tx).get(work.EXPIRED, 0),
            pages_read=figures.pages_read(tx),
            documents_archived=archived,
            documents=others,
            objects=fixity.total(tx),
            oldest_look=fixity.oldest_look(tx),
            faults=fixity.faults(tx),
            last_seal=figures.last_seal(tx),
            chores=figures.chores_done(tx),
            draining=chores.draining(tx),
        )
