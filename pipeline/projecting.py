"""Projecting: the lines of facts that reports count are brought up to date with register, archive and reference data.

A line is due when an import has touched its row, when anything was written about its dossier, or when what all lines
follow from has changed: the reference data, the meaning of the facts, whether development signatures count.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, time

from catalog import Transaction, explanations, facts, paper_places, portal_packages, register_rows
from catalog.facts import Progress
from dossier.deriving import fact_line
from dossier.digest import canonical, of_bytes
from dossier.facts import FACTS_VERSION, FactLine
from dossier.register import VIETNAM, Procedure, RegisterEntry
from dossier.status import Cause
from pipeline.evidence import evidence
from pipeline.keeping import keep_bytes
from pipeline.locking import lock
from pipeline.referring import reference
from pipeline.services import Services
from pipeline.statements import STATEMENT_TYPE, Explanation, explanation_object, record_explanation
from registers.reference_data import Reference

_AT_ONCE = 2000
_DUE_AT_ONCE = 500
_LAST_SECOND = time(23, 59, 59)


class Projection:
    """Makes lines by one set of reference data; `demo` says whether development signatures count."""

    def __init__(self, services: Services, known: Reference, *, demo: bool) -> None:
        self.services, self.known, self.demo = services, known, demo
        self.returning = services.portal is not None
        said = {"facts": FACTS_VERSION, "demo": demo, "reference": known.digest, "returning": self.returning}
        self.basis = of_bytes(canonical(said))

    def lines(self, tx: Transaction, entries: Sequence[RegisterEntry]) -> list[FactLine]:
        """Return the lines of some rows of the register as everything is in this transaction."""
        codes = [entry.code for entry in entries]
        papers = evidence(tx, codes, self.services.rules, returning=self.returning)
        explained = explanations.explained(tx, codes)
        places = paper_places.of_codes(tx, codes)
        made = []
        for entry in entries:
            procedure = self._procedure(entry)
            due = self._legal_due(entry, procedure)
            own = papers.get(entry.code)
            known, place = entry.code in explained, places.get(entry.code)
            made.append(fact_line(entry, procedure, own, legal_due=due, explained=known, place=place, demo=self.demo))
        return made

    def write(self, entries: Iterable[RegisterEntry], codes: Iterable[str]) -> None:
        """Make the lines of some rows anew; `codes` are those of dossiers that are no longer due after it."""
        with self.services.catalogue.write() as tx:
            facts.take_facts_turn(tx)
            facts.clear_due(tx, list(codes))
            self.save(tx, list(entries))

    def write_due(self, codes: list[str]) -> None:
        """Make the lines of dossiers that were written about; those that are in no register have none."""
        with self.services.catalogue.write() as tx:
            facts.take_facts_turn(tx)
            facts.clear_due(tx, codes)
            self.save(tx, register_rows.of_codes(tx, codes))

    def save(self, tx: Transaction, entries: Sequence[RegisterEntry]) -> None:
        """Make the lines of some rows anew; of those that count as archived the package for the portal may be due."""
        lines = self.lines(tx, entries)
        facts.save(tx, lines)
        portal_packages.note_counted(tx, [one.code for one in lines if one.facts.archival is Cause.COUNTED])

    def _procedure(self, entry: RegisterEntry) -> Procedure | None:
        if entry.received_at is None or not entry.procedure:
            return None
        return self.known.procedures.find(entry.procedure, entry.received_at.astimezone(VIETNAM).date())

    def _legal_due(self, entry: RegisterEntry, procedure: Procedure | None) -> datetime | None:
        """Return the last second of the procedure's deadline, where the register has no day of appointment."""
        if entry.due_at is not None or entry.received_at is None or procedure is None or procedure.deadline is None:
            return None
        day = entry.received_at.astimezone(VIETNAM).date()
        return datetime.combine(self.known.working_days.after(day, procedure.deadline), _LAST_SECOND, VIETNAM)


def project(services: Services, *, demo: bool) -> int:
    """Bring all lines up to date; return how many were made. Safe to run again, and by several at once."""
    with services.catalogue.read() as tx:
        known = reference(tx, services)
    projection = Projection(services, known, demo=demo)
    _begin(services, projection.basis)
    return _imported(services, projection) + _written_about(services, projection)


def explain(services: Services, codes: Sequence[str], reason: str, actor: str, *, demo: bool) -> None:
    """Record why the register is silent about some dossiers, and make their lines anew."""
    own = Explanation(tuple(codes), reason, actor, services.clock())
    note = keep_bytes(explanation_object(own), STATEMENT_TYPE, services)
    with services.catalogue.write() as tx:
        facts.take_facts_turn(tx)
        record_explanation(tx, own, note)
        make_anew(tx, services, codes, demo=demo)
    lock([note.sha256], services)


def make_anew(tx: Transaction, services: Services, codes: Sequence[str], *, demo: bool) -> None:
    """Make the lines of some dossiers anew, after something was stated about them; the caller has the turn."""
    projection = Projection(services, reference(tx, services), demo=demo)
    projection.save(tx, register_rows.of_codes(tx, codes))


def _begin(services: Services, basis: str) -> None:
    """Forget all lines when they were made with something else."""
    with services.catalogue.read() as tx:
        now = facts.progress(tx)
    if now is None or now.basis != basis:
        with services.catalogue.write() as tx:
            facts.take_facts_turn(tx)
            facts.clear(tx)
            facts.set_progress(tx, Progress(basis, 0))


def _imported(services: Services, projection: Projection) -> int:
    """Make the lines of rows that imports have touched, a chunk a transaction.

    The mark moves when all are made: who is stopped begins again, and whoever is late only makes lines once more.
    """
    with services.catalogue.read() as tx:
        now, newest = facts.progress(tx), register_rows.newest_import(tx)
    mark = now.mark if now is not None else 0
    if newest <= mark:
        return 0
    made = 0
    for some in _pages(services, mark):
        projection.write(some, [entry.code for entry in some])
        made += len(some)
    with services.catalogue.write() as tx:
        facts.take_facts_turn(tx)
        facts.set_progress(tx, Progress(projection.basis, newest))
    return made


def _written_about(services: Services, projection: Projection) -> int:
    made = 0
    while True:
        with services.catalogue.read() as tx:
            codes = facts.due(tx, _DUE_AT_ONCE)
        if not codes:
            return made
        projection.write_due(codes)
        made += len(codes)


def _pages(services: Services, mark: int) -> Iterator[list[RegisterEntry]]:
    """Yield the rows that imports after a mark have touched, each page read by itself."""
    after = ""
    while True:
        with services.catalogue.read() as tx:
            some = register_rows.entries_since(tx, mark, after, _AT_ONCE)
        if not some:
            return
        yield some
        after = some[-1].code
