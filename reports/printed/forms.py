"""The forms that are printed from data: titles, columns and signatures by day, from `reports/data/forms.toml`."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from importlib import resources
from typing import Any

from reports.wording import word

FORMS_LANGUAGE = "vi"
"""The forms of an office are Vietnamese, whoever prints them."""


class FormKey(StrEnum):
    """The forms, by the names that people give them on the command line."""

    BOOK = "so-theo-doi"
    SLIP = "giay-tiep-nhan"
    CONTENTS = "muc-luc-van-ban"
    LIST = "muc-luc-ho-so"
    HANDOVER = "bien-ban-giao-nhan"


class SheetKey(StrEnum):
    """The work sheets of the store room and the desks."""

    BOXES = "viec-theo-hop"
    DOSSIERS = "viec-theo-ho-so"
    DESK = "viec-tai-ban"


class MinutesKey(StrEnum):
    """Minutes that are made of what was stated."""

    LOT = "bien-ban-lo"


@dataclass(frozen=True, slots=True)
class Column:
    """One column: the key of its values, its printed name, its width in a workbook."""

    key: str
    name: str
    width: int


@dataclass(frozen=True, slots=True)
class Form:
    """One version of a form. `basis` is not printed unless `checked`: it was compared with the text of the law."""

    key: FormKey | SheetKey | MinutesKey
    title: str
    paper: str
    valid_from: date
    basis: str
    checked: bool
    signatures: tuple[str, str]
    columns: tuple[Column, ...]

    @property
    def shares(self) -> tuple[str, ...]:
        """The widths of the columns in per cent of the table."""
        whole = sum(column.width for column in self.columns)
        return tuple(f"{100 * column.width / whole:.2f}" for column in self.columns)


def form(key: FormKey | SheetKey | MinutesKey, day: date) -> Form:
    """Return a form as it was on a day; before its first version as that has it."""
    found = versions(key)
    return next((one for one in reversed(found) if one.valid_from <= day), found[0])


def phrase(key: str, **values: object) -> str:
    """Return a sentence that stands on forms, in their language."""
    return word(f"paper.{key}", FORMS_LANGUAGE, **values)


@cache
def versions(key: FormKey | SheetKey | MinutesKey) -> tuple[Form, ...]:
    """Return all versions of a form, oldest first."""
    text = resources.files("reports").joinpath("data/forms.toml").read_text(encoding="utf-8")
    return tuple(sorted((_form(key, each) for each in tomllib.loads(text)[key.value]), key=lambda one: one.valid_from))


def _form(key: FormKey | SheetKey | MinutesKey, value: dict[str, Any]) -> Form:
    columns = tuple(Column(**column) for column in value["column"])
    own = {name: value[name] for name in ("title", "paper", "valid_from", "basis", "checked")}
    first, second = value["signatures"]
    return Form(key=key, signatures=(first, second), columns=columns, **own)
