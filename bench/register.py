"""What importing a register of a million dossiers costs: rows a second and memory, .csv and .xlsx, on each database.

    python -m bench.register [--rows N] [--folder FOLDER]

Runs the real command, `hososo register import`: its start, reading, checking, keeping the file in the archive and
storing the rows in one transaction all count. The same file is imported once more, which must change nothing. Ends with
status 1 when a rate is below, or memory above, what was promised.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Final

import xlsxwriter

from bench.installation import Installation
from bench.processes import below, memory_share
from bench.servers import database_of
from tests.servers.postgres import Postgres

ROWS: Final = 1_000_000
LEAST: Final = {".csv": 20_000, ".xlsx": 10_000}
MOST_MEMORY: Final = 500.0
_SAMPLE_SECONDS: Final = 0.25
_HEADER: Final = (
    *("STT", "Mã hồ sơ", "Mã TTHC", "Tên TTHC", "Lĩnh vực", "Tên cá nhân, tổ chức", "Cơ quan chủ trì giải quyết"),
    *("Ngày tiếp nhận", "Ngày hẹn trả", "Ngày kết thúc xử lý", "Ngày trả", "Kênh thực hiện", "Trạng thái hồ sơ"),
    *("HoSoCoThanhPhanSoHoa", "DuocTaiSuDung", "Ghi chú"),
)
_PROCEDURES: Final = (
    ("1.001193", "Đăng ký khai sinh", "Hộ tịch"),
    ("2.000635", "Cấp bản sao trích lục hộ tịch", "Hộ tịch"),
    ("1.012766", "Đăng ký biến động đất đai do chuyển nhượng quyền sử dụng đất", "Đất đai"),
)
_FAMILY: Final = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Vũ", "Đặng", "Bùi", "Đỗ", "Hồ", "Ngô", "Lý")
_MIDDLE: Final = ("Văn", "Thị", "Đình", "Thanh", "Minh", "Ngọc", "Quốc", "Thu", "Hữu", "Kim")
_GIVEN: Final = ("An", "Ánh", "Ấn", "Bình", "Dũng", "Đức", "Em", "Hạnh", "Khánh", "Quý", "Thử", "Uyên", "Yến")
_CHANNELS: Final = ("Trực tiếp", "Trực tuyến", "Bưu chính")
Cell = str | int | datetime


@dataclass(frozen=True, slots=True)
class Cost:
    """What one run of the command cost: seconds by the clock, CPU seconds, MiB, and what it printed."""

    seconds: float
    cpu: float
    memory: float
    printed: dict[str, object]


def rows(count: int, seed: int = 1) -> Iterator[list[Cell]]:
    """Yield the rows of a register of a province: 120 units, two dossiers a minute each office hour."""
    dice = Random(seed)  # noqa: S311 - repeatable figures
    first = datetime(2025, 1, 2, 7, 30)  # noqa: DTZ001 - as a spreadsheet keeps it
    for number in range(count):
        received = first + timedelta(seconds=number * 30)
        settled = received + timedelta(minutes=dice.randrange(30, 9000))
        code, name, field = dice.choice(_PROCEDURES)
        person = f"{dice.choice(_FAMILY)} {dice.choice(_MIDDLE)} {dice.choice(_MIDDLE)} {dice.choice(_GIVEN)}"
        unit = f"H99.{number % 120 // 60:02}.{number % 60:02}"
        yield [
            *(number + 1, f"{unit}-{received:%y%m%d}-{number % 10_000_000:07}", code, name, field, person),
            *(f"UBND xã số {number % 120}", received, received + timedelta(days=5), settled, settled),
            *(dice.choice(_CHANNELS), "Đã trả kết quả", dice.randrange(2), 0, ""),
        ]


def write_csv(path: Path, count: int) -> None:
    """Write them as Vietnamese office software exports them."""
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream, delimiter=";", lineterminator="\r\n")
        writer.writerow(_HEADER)
        for row in rows(count):
            writer.writerow([f"{cell:%d/%m/%Y %H:%M:%S}" if isinstance(cell, datetime) else cell for cell in row])


def write_xlsx(path: Path, count: int) -> None:
    """Write them as a work book with real dates."""
    options = {"constant_memory": True, "default_date_format": "dd/mm/yyyy hh:mm"}
    with xlsxwriter.Workbook(path, options) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, _HEADER)
        for number, row in enumerate(rows(count), start=1):
            sheet.write_row(number, 0, row)


def cost(installation: Installation, path: Path) -> Cost:
    """Import a file with the real command."""
    call = [sys.executable, "-m", "hososo.main", "--home", str(installation.home), "--json"]
    began = time.monotonic()
    process = subprocess.Popen(
        [*call, "register", "import", str(path)], env=installation.environment, stdout=subprocess.PIPE, text=True
    )
    done, peak = threading.Event(), [0.0]
    watching = threading.Thread(target=_watch, args=(process.pid, done, peak))
    watching.start()
    assert process.stdout is not None  # noqa: S101 - a pipe was asked for
    with process.stdout:
        printed = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    seconds = time.monotonic() - began
    done.set()
    watching.join()
    return Cost(seconds, usage.ru_utime + usage.ru_stime, peak[0], json.loads(printed))


def measure(folder: Path, count: int, say: Callable[[str], None]) -> bool:
    """Import both files on both databases, and again; return whether all is as promised."""
    kept = True
    for suffix, write in ((".csv", write_csv), (".xlsx", write_xlsx)):
        path = folder / f"so-theo-doi{suffix}"
        write(path, count)
        say(f"{suffix}: {count:,} rows, {path.stat().st_size / (1 << 20):.0f} MiB")
        for name, database in (("SQLite", _sqlite), ("PostgreSQL", _postgresql)):
            with database(folder) as installation:
                installation.run("init")
                first, again = cost(installation, path), cost(installation, path)
            whole = (first.printed["added"], again.printed["same"]) == (count, count)
            rate = count / first.seconds
            memory = max(first.memory, again.memory)
            say(
                f"  {name:10}  {rate:8,.0f} rows/s ({first.seconds:.1f} s, CPU {first.cpu:.1f} s, at least "
                f"{LEAST[suffix]:,})   again {count / again.seconds:8,.0f} rows/s   memory {memory:.0f} MiB "
                f"(at most {MOST_MEMORY:.0f})   {'whole' if whole else 'NOT WHOLE'}"
            )
            kept &= whole and rate >= LEAST[suffix] and memory <= MOST_MEMORY
        path.unlink()
    return kept


def main() -> int:
    """Measure and print; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=ROWS)
    parser.add_argument("--folder", type=Path, help="where files and databases are made; a temporary one otherwise")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=asked.folder) as folder:
        return 0 if measure(Path(folder), asked.rows, _say) else 1


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def _watch(pid: int, done: threading.Event, peak: list[float]) -> None:
    """Keep the largest sum of memory of a process and all below it, pages that they share counted in parts."""
    while not done.wait(_SAMPLE_SECONDS):
        peak[0] = max(peak[0], sum(map(memory_share, (pid, *below(pid)))))


@contextmanager
def _sqlite(folder: Path) -> Iterator[Installation]:
    with tempfile.TemporaryDirectory(dir=folder) as own:
        home = Path(own) / "home"
        home.mkdir(mode=0o700)
        yield Installation(home, {})


@contextmanager
def _postgresql(folder: Path) -> Iterator[Installation]:
    with tempfile.TemporaryDirectory(dir=folder) as own, Postgres(fsync=True) as server:
        yield database_of(server, Path(own) / "home")


if __name__ == "__main__":
    sys.exit(main())
