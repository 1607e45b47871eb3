"""The way over batch files: many packages as rows of one .csv, files by link."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Sequence
from pathlib import Path

from dossier.portal import Answer, Outcome
from registers.portal.port import Parcel, Reply
from registers.portal.whole import check_folder, write_file
from registers.returning import guarded


class BatchWay:
    """Writes packages that are sent together into one batch file, with its digest beside it.

    Args:
        folder: Where to; has to be there.
    """

    name = "csv"
    asks = False
    carries_files = False

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def send(self, parcels: Sequence[Parcel]) -> list[Reply]:
        """Write one batch file. Its name follows from what it holds: written again, it is the same file."""
        self.check()
        data = _table(parcels)
        name = f"goi-{hashlib.sha256(data).hexdigest()[:16]}.csv"
        write_file(self._folder / f"{name}.sha256", f"{hashlib.sha256(data).hexdigest()}  {name}\n".encode())
        write_file(self._folder / name, data)
        return [Answer(Outcome.RECEIVED)] * len(parcels)

    def check(self) -> None:
        """Raise Unavailable(PORTAL_UNAVAILABLE) unless the folder is there and can be written."""
        check_folder(self._folder)


def _table(parcels: Sequence[Parcel]) -> bytes:
    """Return UTF-8 with a byte-order mark, as spreadsheets know it; no cell can act as a formula."""
    rows = [row for parcel in parcels for row in parcel.rows]
    columns = list(dict.fromkeys(name for row in rows for name in row))
    text = io.StringIO(newline="")
    lines = csv.writer(text, delimiter=",", lineterminator="\r\n")
    lines.writerow(columns)
    for row in rows:
        lines.writerow([guarded(row.get(name, "")) for name in columns])
    return text.getvalue().encode("utf-8-sig")
