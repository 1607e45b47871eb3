"""Every formula by name and version. A version that was once in use stays: old reports can be printed again."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from dossier.errors import Code, Rejected
from reports.indicators import channels, digitised, electronic_result, reuse, signed, timeliness
from reports.indicators.formula import Formula

_ORDER = (
    *("timeliness", "on_time_settled", "late_settled", "late_received"),
    *("online", "channel_online", "channel_direct", "channel_post"),
    *("portal", "archival", "electronic_result", "reused", "shared", "signed_components", "signed_results"),
)


@cache
def formulas() -> Mapping[str, tuple[Formula, ...]]:
    """Return all versions of each indicator, oldest first, in the order of reports."""
    modules = (timeliness, channels, digitised, electronic_result, reuse, signed)
    every = [formula for module in modules for formula in module.FORMULAS]
    return {key: tuple(one for one in every if one.key == key) for key in _ORDER}


def formula(key: str, version: str = "") -> Formula:
    """Return one version of an indicator; the newest when none is named.

    Raises:
        Rejected(DEFINITION_UNKNOWN): There is no such indicator or version.
    """
    for one in reversed(formulas().get(key, ())):
        if version in ("", one.version):
            return one
    raise Rejected(Code.DEFINITION_UNKNOWN, "indicator", subject=f"{key}={version}"[:60])


def chosen(versions: Mapping[str, str]) -> tuple[Formula, ...]:
    """Return a formula for each indicator: the newest, or the version named by its key."""
    if unknown := versions.keys() - formulas().keys():
        raise Rejected(Code.DEFINITION_UNKNOWN, "indicator", subject=min(unknown)[:60])
    return tuple(formula(key, versions.get(key, "")) for key in formulas())
