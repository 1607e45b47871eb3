"""What is backed up, restored and rebuilt: a catalogue and an archive store. The steps need more: see `Services`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from catalog import Catalogue
from storage.port import ObjectStore


@dataclass(frozen=True, slots=True)
class Installation:
    """Catalogue, archive store and clock of one installation."""

    catalogue: Catalogue
    store: ObjectStore
    clock: Callable[[], datetime]
