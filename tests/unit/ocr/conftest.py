"""A drawn page and an engine that reads nothing, for tests that need no Tesseract."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from bench.paper import Paper, typed_paper
from dossier.page import Word
from ocr.arrays import Gray
from ocr.engines.port import Layout
from ocr.rules import Rules, rules_on

TEXT = "\n".join(["Nguyễn Văn An cư trú tại phường Tân Hòa Thượng, tỉnh Hải Lâm, số nhà 45"] * 24)


class ScriptedEngine:
    """An engine that gives the words it was told to, one list per call, and remembers what it was shown."""

    name = "scripted 1"
    model = "none"
    language = "vie"

    def __init__(self, readings: list[tuple[Word, ...]], turn: int | None = None) -> None:
        self.readings = readings
        self.answer = turn
        self.shown: list[Gray] = []

    def read(self, gray: Gray, _dpi: int, _layout: Layout = Layout.PAGE, _signs: str = "") -> tuple[Word, ...]:
        """Give the next reading of the script."""
        self.shown.append(gray)
        return self.readings.pop(0) if self.readings else ()

    def turn(self, _gray: Gray, _dpi: int) -> int | None:
        """Give the scripted turn."""
        return self.answer

    def close(self) -> None:
        """Forget the script."""
        self.readings = []


@pytest.fixture(scope="session")
def paper() -> Paper:
    """A page of plain prose at 200 dpi."""
    return typed_paper(TEXT, dpi=200)


@pytest.fixture(scope="session")
def gray(paper: Paper) -> Gray:
    """The same page in gray."""
    return np.asarray(paper.image.convert("L"), np.uint8)


@pytest.fixture
def rules() -> Rules:
    """The rules in force when this was written."""
    return rules_on(date(2026, 12, 1))
