"""The figures of published reports through the program itself: import a register, print the report."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.e2e.program import Program
from tests.published import make_registers

_NEEDS_PERSON = 3


@pytest.fixture
def program(tmp_path: Path) -> Program:
    """Return the program with an empty archive."""
    return Program.initialised(tmp_path / "home")


def test_quang_cu_prints_its_rates(program: Program, tmp_path: Path) -> None:
    """9.078 settled, 42 late, 2.723 digitised print 99,54 %, 0,46 % and 30,00 %, each with both counts."""
    program.run("register", "import", make_registers.quang_cu(tmp_path))
    printed = program.run("report", "--period", "2023-01-01..2024-09-30")
    assert "trên số đã giải quyết: 99,54% (9.036/9.078)" in printed
    assert "quá hạn trên số đã giải quyết: 0,46% (42/9.078)" in printed
    assert "Tỷ lệ số hóa (theo Bộ chỉ số 766): 30,00% (2.723/9.078)" in printed


@pytest.mark.long
def test_lien_chieu_is_not_signed_until_it_is_explained(program: Program, tmp_path: Path) -> None:
    """240 dossiers of which the register says nothing are shown and listed; a final report waits for a reason."""
    period = ("--period", "2012")
    program.run("register", "import", make_registers.lien_chieu(tmp_path))
    printed = program.run("report", *period, code=_NEEDS_PERSON)
    (line,) = [line for line in printed.splitlines() if line.strip().startswith("Chưa giải thích")]
    assert line.split()[-1] == "240"
    program.run("report", *period, "--final", code=_NEEDS_PERSON)
    first = program.json("figures", "list", "unexplained", *period, "--limit", "100")
    rest = program.json("figures", "list", "unexplained", *period, "--after", first["codes"][-1], "--limit", "1000")
    assert (first["count"], len(first["codes"]), len(rest["codes"])) == (240, 100, 140)
    codes = tmp_path / "codes.txt"
    codes.write_text("\n".join([*first["codes"], *rest["codes"]]), encoding="utf-8")
    program.run("figures", "explain", codes, "--reason", "đang giải quyết, sổ không ghi", "--by", "lan.nt")
    closed = program.json("report", *period, "--final")
    assert (closed["closes"], closed["total"]["outcomes"]["explained"]) == (True, 240)


def test_importing_twice_doubles_nothing(program: Program, tmp_path: Path) -> None:
    """The same register again changes no row and no figure."""
    register = make_registers.huyen_tung(tmp_path)
    first = program.json("register", "import", register)
    second = program.json("register", "import", register)
    assert (first["added"], second["added"], second["changed"], second["same"]) == (768, 0, 0, 768)
    assert program.json("report", "--period", "2019-01-01..2019-07-31")["total"]["received"] == 768
