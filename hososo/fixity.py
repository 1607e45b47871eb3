"""The scrub of an installation: its rules and its second copy as the settings have them."""

from __future__ import annotations

from hososo.settings import Settings
from pipeline.fixity import FixityRules, Scrubbed, scrub_slice
from pipeline.services import Services
from storage.local import LocalObjectStore
from storage.port import ObjectStore

_SLICE_SECONDS = 60.0
"""A supervisor does its chores one after the other: none may keep the seal waiting for long."""


def rules_of(settings: Settings, *, longest: float) -> FixityRules:
    """Return how much a slice of so many seconds reads."""
    return FixityRules(settings.fixity_days, settings.fixity_sample, settings.fixity_rate, longest)


def second_copy_of(settings: Settings) -> ObjectStore | None:
    """Return the second copy, None where none is configured or its folder is not there now."""
    folder = settings.second_copy
    return LocalObjectStore(folder) if folder is not None and (folder / "objects").is_dir() else None


def scrub_here(services: Services, settings: Settings) -> Scrubbed:
    """Read a short slice: a chore of the supervisor."""
    rules = rules_of(settings, longest=_SLICE_SECONDS)
    return scrub_slice(services, rules, second=second_copy_of(settings))
