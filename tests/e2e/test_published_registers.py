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


def test_hung_yens_contradiction_is_flagged(program: Program, tmp_path: Path) -> None:
    """Of the two numbers printed for procedures of communes, 161 and 168, the list bears out only the first."""
    lists = tmp_path / "tthc.csv"
    header = "Mã TTHC;Tên TTHC;Lĩnh vực;Cấp thực hiện;Có kết quả;Lưu hồ sơ giấy;Đã công bố;Hiệu lực từ;Căn cứ"
    levels = ["tinh"] * 1265 + ["huyen"] * 271 + ["xa"] * 161
    rows = (f"T{n};Thủ tục {n};Chung;{level};có;có;có;01/01/2021;QĐ" for n, level in enumerate(levels))
    lists.write_text("\n".join([header, *rows]), encoding="utf-8")
    program.run("reference", "import", lists)
    stated = tmp_path / "stated.csv"
    stated.write_text("procedures.tinh;1.265\nprocedures.xa;161\nprocedures.xa;168\n", encoding="utf-8")
    printed = program.run("figures", "check", stated, "--period", "2021-09", code=_NEEDS_PERSON)
    assert "procedures.xa: nêu 168, đếm được 161" in printed
    assert printed.count("nêu") == 1
    published = program.json("report", "--period", "2021-09")["rates"]["published"]
    assert (published["numerator"], published["denominator"]) == (1697, 1697)


def test_groups_of_a_table_add_up(program: Program, tmp_path: Path) -> None:
    """By month and by unit the same dossiers are received, and an old definition can still be asked for."""
    program.run("register", "import", make_registers.huyen_tung(tmp_path))
    asked = ("--period", "2019", "--definition", "timeliness=766-2.1/2025-07")
    for by in ("period", "unit", "channel"):
        groups = program.json("figures", "table", "--by", by, *asked)["groups"]
        assert sum(group["load"]["received"] for group in groups) == 768
        assert {group["rates"]["timeliness"]["version"] for group in groups} == {"766-2.1/2025-07"}


def test_reference_data_are_edited_in_a_file(program: Program, tmp_path: Path) -> None:
    """A list is written, a line is added, and what is imported is in force from its day on."""
    sheet = tmp_path / "units.csv"
    program.run("reference", "export", "units", sheet)
    with sheet.open("a", encoding="utf-8") as stream:
        stream.write("H99.27.15;UBND xã Mới;xa;H99;;;01/03/2026;;NQ 1;có;\n")
    assert program.json("reference", "import", sheet)["added"] == 1
    for day, there in (("2026-02-28", False), ("2026-03-01", True)):
        rows = program.json("reference", "list", "units", "--on", day)["rows"]
        assert ("H99.27.15" in {row["key"] for row in rows}) is there
    assert program.json("reference", "list", "units", "--edition", "0")["edition"] == 0


def test_importing_twice_doubles_nothing(program: Program, tmp_path: Path) -> None:
    """The same register again changes no row and no figure."""
    register = make_registers.huyen_tung(tmp_path)
    first = program.json("register", "import", register)
    second = program.json("register", "import", register)
    assert (first["added"], second["added"], second["changed"], second["same"]) == (768, 0, 0, 768)
    assert program.json("report", "--period", "2019-01-01..2019-07-31")["total"]["received"] == 768
