"""The measuring program measures: one short run, every figure there and sound."""

from __future__ import annotations

import subprocess
import sys

import pytest

from bench.processes import cpu_here


@pytest.mark.long
@pytest.mark.timeout(300)
def test_a_short_run_prints_every_figure() -> None:
    """Two pages and a long document of three give the ratios, the memory and the pages a minute."""
    call = [sys.executable, "-m", "bench.whole", "--pages", "2", "--long", "3"]
    done = subprocess.run(call, check=True, capture_output=True, text=True)
    for figure in (
        "r/a",
        "b/a",
        "c/a",
        "b/a'",
        "1 worker(s)",
        "2 worker(s)",
        "idle worker",
        "at one moment",
        "largest process",
    ):
        assert figure in done.stdout
    assert "1 document, 0 findings by verify" in done.stdout


def test_the_cpu_of_children_is_counted() -> None:
    """The work of a child that has ended is in the account."""
    before = cpu_here()
    subprocess.run([sys.executable, "-c", "sum(range(20_000_000))"], check=True)
    spent = cpu_here() - before
    assert 0.1 < spent < 10
