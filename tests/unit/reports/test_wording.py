"""Both languages hold the same texts, and every name that a report can print has one."""

from __future__ import annotations

import tomllib
from importlib import resources
from typing import Any

import pytest

from dossier.status import Cause, ComponentStatus, PortalCause
from reports.period import Counting, first_months, free_range, month, quarter, whole_year
from reports.rates import definitions
from reports.tables import period_name
from reports.timeliness import Outcome
from reports.view import Base
from reports.wording import LANGUAGES, word


def keys(language: str) -> set[str]:
    """Return every key of a language, dotted."""
    data = tomllib.loads(
        resources.files("reports").joinpath(f"data/wording_{language}.toml").read_text(encoding="utf-8")
    )
    return set(dotted(data, ""))


def dotted(table: dict[str, Any], prefix: str) -> list[str]:
    """Return the leaf names of nested tables."""
    return [
        name
        for key, value in table.items()
        for name in (dotted(value, f"{prefix}{key}.") if isinstance(value, dict) else [f"{prefix}{key}"])
    ]


def test_languages_have_the_same_texts() -> None:
    """No sentence is missing in either language."""
    assert keys("vi") == keys("en")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_value_has_a_name(language: str) -> None:
    """Causes, outcomes, bases and ways of counting all have words."""
    for table, kinds in (
        ("archival", Cause),
        ("portal", PortalCause),
        ("outcome", Outcome),
        ("base", Base),
        ("counting", Counting),
    ):
        assert all(word(f"{table}.{kind.value}", language) for kind in kinds)
    assert all(word(f"component.{status.name}", language) for status in ComponentStatus)
    assert all(definition.name(language) for definition in definitions().values())


def test_periods_have_the_names_people_use() -> None:
    """Month, quarter, half, year and free range."""
    calendar = Counting.CALENDAR
    found = [
        period_name(period, "vi")
        for period in (
            month(2026, 2, calendar),
            quarter(2026, 4, calendar),
            first_months(2026, 6, calendar),
            whole_year(2026, calendar),
            free_range(month(2026, 2, calendar).start, month(2026, 3, calendar).end),
        )
    ]
    assert found == ["Tháng 02/2026", "Quý IV/2026", "6 tháng đầu năm 2026", "Năm 2026", "Từ ngày đến ngày"]
