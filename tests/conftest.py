"""What all tests share: the servers that they run against, and which of them run in one process."""

from __future__ import annotations

import gc

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadFileScheduling

pytest_plugins = ["tests.servers.fixtures"]

_TOGETHER = "tests/integration/docs/"  # one archive, digitised once for all of them


class _Together(LoadFileScheduling):
    """Gives a process the tests of a whole module, and those over one archive together."""

    def _split_scope(self, nodeid: str) -> str:
        return _TOGETHER if nodeid.startswith(_TOGETHER) else super()._split_scope(nodeid)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadFileScheduling:
    """Return what deals the tests out (`pytest -n 3`)."""
    return _Together(config, log)


def pytest_sessionstart() -> None:
    """Look for no garbage while tests are collected: modules and test items stay."""
    gc.disable()


def pytest_collection_finish() -> None:
    """Look for garbage again, but not in what was collected."""
    gc.freeze()
    gc.enable()


def pytest_sessionfinish() -> None:
    """Let go of what was collected: libraries tell of what they find left at the end."""
    gc.unfreeze()
