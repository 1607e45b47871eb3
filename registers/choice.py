"""How a register file is to be read where a person, or a mapping saved for its source, says so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

ENCODINGS = ("utf-8", "utf-16", "cp1258", "tcvn3", "vni", "vps")
SEPARATORS = {";": ";", ",": ",", "tab": "\t"}
NO_COLUMN = "-"


@dataclass(frozen=True, slots=True)
class Choice:
    """What was decided about a file; what is empty is detected.

    Attributes:
        encoding: One of ENCODINGS; for a workbook the code table of its texts.
        separator: One of the keys of SEPARATORS.
        sheet: Name of the sheet.
        header_row: Last row of the header, from 1; 0 detects it.
        columns: By role, the letter of a column as spreadsheets show it (`F`), a header text, or `-` for none.
    """

    encoding: str = ""
    separator: str = ""
    sheet: str = ""
    header_row: int = 0
    columns: Mapping[str, str] = field(default_factory=dict)

    def __bool__(self) -> bool:
        """Return whether anything was decided."""
        return self != Choice()

    def over(self, other: Choice) -> Choice:
        """Return this choice, completed with what the other one says."""
        own = {each.name: getattr(self, each.name) or getattr(other, each.name) for each in fields(self)}
        return Choice(**own | {"columns": {**other.columns, **self.columns}})

    def as_dict(self) -> dict[str, Any]:
        """Return it as JSON values."""
        own = {each.name: getattr(self, each.name) for each in fields(self)}
        return {name: dict(value) if name == "columns" else value for name, value in own.items() if value}

    @classmethod
    def from_dict(cls, value: Mapping[str, Any]) -> Choice:
        """Return the choice that `as_dict` wrote; TypeError or ValueError when it is none."""
        columns = {str(role): str(column) for role, column in dict(value.get("columns", {})).items()}
        texts = {name: str(value.get(name, "")) for name in ("encoding", "separator", "sheet")}
        return cls(**texts, header_row=int(value.get("header_row", 0)), columns=columns)


def column_number(letters: str) -> int | None:
    """Return the index from 0 of a column that spreadsheets show by letters, or None for another text."""
    if not (letters.isascii() and letters.isalpha() and len(letters) <= 3):  # noqa: PLR2004 - XFD is the last one
        return None
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def column_letters(index: int) -> str:
    """Return the letters by which spreadsheets show a column; `index` counts from 0."""
    letters, rest = "", index + 1
    while rest:
        rest, digit = divmod(rest - 1, 26)
        letters = chr(ord("A") + digit) + letters
    return letters
