"""What all tests share: the servers that they run against, and which of them run in one process."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest_plugins = ["tests.servers.fixtures"]

_TOGETHER = Path(__file__).parent / "integration" / "docs"  # one archive, digitised once for all of them


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep the tests of a module in one process of several (`--dist loadgroup`), as `--dist loadfile` does."""
    for item in items:
        group = _TOGETHER if _TOGETHER in item.path.parents else item.path
        item.add_marker(pytest.mark.xdist_group(str(group)))
