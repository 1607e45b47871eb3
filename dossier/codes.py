"""Dossier codes (mã hồ sơ): both printed forms are accepted, the raw string is kept beside the parts.

Old form `000.00.15.H40-180601-0001`, present form `H15.50.05.13-261008-0975`: agency code, date of reception
yymmdd, serial of the day (4 digits on provincial systems, 6 or 7 on ministry systems). Source: TT 01/2018/TT-VPCP
and TT 03/2025/TT-VPCP; agency codes QĐ 20/2020/QĐ-TTg amended by QĐ 09/2025/QĐ-TTg.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from dossier.text import nfc

_PRESENT = r"[A-Z]\d{2}(?:\.\d{1,3}){0,6}"
_OLD = r"(?:\d{2,3}\.){3}[A-Z]\d{2}"
_CODE = re.compile(rf"(?P<agency>{_OLD}|{_PRESENT})-(?P<day>\d{{6}})-(?P<serial>\d{{4,7}})")
_DASHES = str.maketrans({"–": "-", "—": "-", "‐": "-", "_": "-"})


@dataclass(frozen=True, slots=True)
class DossierCode:
    """A parsed mã hồ sơ. `normal` is the unique key; `raw` is what was written."""

    raw: str
    normal: str
    agency: str
    received: date
    serial: int


def parse_code(raw: str) -> DossierCode | None:
    """Return the parsed code, or None when the text is not exactly one dossier code with a real date."""
    normal, match = raw, _CODE.fullmatch(raw)
    if match is None:
        normal = nfc(raw).strip().upper().translate(_DASHES).replace(" ", "")
        match = _CODE.fullmatch(normal)
    if match is None:
        return None
    day = _day(match["day"])
    if day is None:
        return None
    return DossierCode(raw, normal, match["agency"], day, int(match["serial"]))


@lru_cache(maxsize=1 << 12)
def _day(yymmdd: str) -> date | None:
    try:
        return date(2000 + int(yymmdd[:2]), int(yymmdd[2:4]), int(yymmdd[4:]))
    except ValueError:
        return None
