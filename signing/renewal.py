"""When a document time stamp must be renewed: before its certificate ends, or its digest or key becomes weak."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import cache
from importlib import resources
from typing import Any

_MONTHS = 12


@dataclass(frozen=True, slots=True)
class RenewalPolicy:
    """How renewals are timed and made.

    Attributes:
        valid_from: First day on which it is in force.
        lead_months: So long before the time stamp's certificate ends, or an algorithm does, it is due.
        digest: Digest of new document time stamps.
        ends: Until when algorithms are good, by name: `sha256`, or `rsa2048` for RSA keys of up to 2048 bits.
    """

    valid_from: date
    lead_months: int
    digest: str
    ends: tuple[tuple[str, datetime], ...] = ()

    def due_at(self, until: datetime | None, digest: str, key: str) -> datetime | None:
        """Return when a file is due for renewal; None, now: it has no document time stamp.

        Args:
            until: End of the certificate that made its newest document time stamp, aware.
            digest: What that time stamp is over, e.g. `sha256`.
            key: The authority's kind of key and its strength, e.g. `rsa-3072`.
        """
        if until is None:
            return None
        kind, _, bits = key.partition("-")
        ends = [end for name, end in self.ends if name == digest or _covers(name, kind, bits)]
        return _months_before(min([until, *ends]), self.lead_months)


def policy_in_force(at: datetime) -> RenewalPolicy:
    """Return the newest policy that is in force at a moment.

    Raises:
        LookupError: No policy is that old.
    """
    valid = [policy for policy in _policies() if policy.valid_from <= at.date()]
    if not valid:
        raise LookupError(f"no policy for renewals at {at:%Y-%m-%d}")
    return max(valid, key=lambda policy: policy.valid_from)


def _covers(name: str, kind: str, bits: str) -> bool:
    return name.startswith(kind) and name[len(kind) :].isdigit() and int(bits) <= int(name[len(kind) :])


def _months_before(moment: datetime, months: int) -> datetime:
    years, month = divmod(moment.year * _MONTHS + moment.month - 1 - months, _MONTHS)
    return moment.replace(year=years, month=month + 1, day=min(moment.day, 28))


@cache
def _policies() -> tuple[RenewalPolicy, ...]:
    text = resources.files("signing").joinpath("renewal.toml").read_text(encoding="utf-8")
    return tuple(_policy(entry) for entry in tomllib.loads(text)["policy"])


def _policy(entry: dict[str, Any]) -> RenewalPolicy:
    ends = tuple((end["name"], datetime.combine(end["date"], time(), UTC)) for end in entry.get("end", ()))
    return RenewalPolicy(entry["valid_from"], entry["lead_months"], entry["digest"], ends)
