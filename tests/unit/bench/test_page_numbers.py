"""The count of alarms over printed page numbers: a small drawing of it holds."""

from __future__ import annotations

import pytest

from bench.page_numbers import main


def test_few_alarms_are_none(capsys: pytest.CaptureFixture[str]) -> None:
    """What is told is right nearly always, and nearly no sound document is told."""
    assert main(["--dossiers", "800", "--seed", "7"]) == 0
    alarms = capsys.readouterr().out.split("are told: ")[1]
    told, sound = (int(each) for each in alarms.split(" of "))
    assert told < 0.003 * sound
