"""What a supervisor does beside its workers is enough for what the documentation promises."""

from __future__ import annotations

from hososo.duties import duties
from hososo.fixity import _SLICE_SECONDS
from hososo.settings import Settings
from workers.chores import _LOOK_SECONDS

_DAY = 86_400.0
_LARGEST = 50e6
"""Megabytes of the archive that docs/operations.md speaks of."""


def test_the_scrub_gets_through_the_largest_archive_as_it_is_set_up() -> None:
    """Everything within `fixity_days` and the daily sample besides, at `fixity_rate`, in slices with rests between."""
    settings = Settings()
    (every,) = (chore.every for chore in duties(settings) if chore.name == "scrub")
    share = _SLICE_SECONDS / (_SLICE_SECONDS + every + _LOOK_SECONDS)
    needed = _LARGEST / settings.fixity_days + _LARGEST * settings.fixity_sample
    assert settings.fixity_rate * share * _DAY > needed
