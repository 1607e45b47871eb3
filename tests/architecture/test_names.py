"""Flat top-level names are claims on the whole environment: they must be ours alone (decision 0001)."""

from __future__ import annotations

from importlib.metadata import packages_distributions

import pytest

from tests.architecture.sources import DISTRIBUTION, PACKAGES, ROOT, SHIPPED

_VAGUE = {"utils", "util", "helpers", "helper", "common", "base", "manager", "misc"}


@pytest.mark.parametrize("name", PACKAGES)
def test_a_top_level_name_belongs_to_our_distribution_alone(name: str) -> None:
    """Another distribution that installs the same name would silently take our place, or we its."""
    owners = set(packages_distributions().get(name, []))
    assert owners <= {DISTRIBUTION}, f"{name} is also installed by {owners - {DISTRIBUTION}}"


def test_every_package_is_shipped_and_is_one() -> None:
    """A folder without `__init__.py` would be merged with foreign ones of its name; tests are not shipped."""
    assert set(PACKAGES) <= set(SHIPPED)
    assert "tests" not in SHIPPED
    for name in PACKAGES:
        assert (ROOT / name / "__init__.py").is_file(), name


def test_no_module_has_a_name_that_says_nothing() -> None:
    """What everything fits into ends up holding everything."""
    vague = [path for name in PACKAGES for path in (ROOT / name).rglob("*") if path.stem in _VAGUE]
    assert vague == []
