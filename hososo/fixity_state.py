"""How far the scrub of an installation has come, and what it found."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from catalog import Transaction, fixity
from dossier.errors import Code
from hososo.console import Console, local_time
from hososo.settings import Settings


@dataclass(frozen=True, slots=True)
class FixityState:
    """How old the oldest look at an object is, whether that is too old, and how many objects have which fault."""

    oldest: datetime | None
    overdue: bool
    faults: dict[Code, int]

    @property
    def sound(self) -> bool:
        """Whether nobody has to act."""
        return not self.overdue and not self.faults

    def lines(self, console: Console) -> list[str]:
        """Return what is wrong as people read it; nothing when nothing is."""
        out = []
        if self.overdue and self.oldest:
            out.append(console.word("fixity.overdue", at=local_time(self.oldest)))
        for code, count in sorted(self.faults.items()):
            out.append(console.word("fixity.faults", count=count) + " " + console.problem(code))
        return out

    def as_json(self) -> dict[str, Any]:
        """Return the state for programs."""
        return {
            "oldest": self.oldest.isoformat() if self.oldest else None,
            "overdue": self.overdue,
            "faults": {code.value: count for code, count in sorted(self.faults.items())},
        }


def fixity_state(tx: Transaction, settings: Settings, now: datetime) -> FixityState:
    """Return the state; two indexed queries, whatever the archive holds."""
    oldest = fixity.oldest_look(tx)
    allowed = timedelta(days=settings.fixity_days + settings.fixity_grace_days)
    return FixityState(oldest, oldest is not None and now - oldest > allowed, fixity.faults(tx))
