"""Sample papers drawn, read by Tesseract and classified: what slips of a real reader do to kinds and fields."""

from __future__ import annotations

from functools import cache

import pytest

from classify.fields import extract
from classify.kinds import classify
from classify.rules import load_rules
from classify.splitting import split
from dossier.page import PageReading
from dossier.text import fold
from tests.integration.classify.printed import draw, read
from tests.readings import expected, sample_text

RULES = load_rules()
HARD = {"so", "ky_hieu", "so_dinh_danh", "so_cmnd", "so_thua", "so_to_ban_do", "dien_tich_m2", "so_phat_hanh_gcn",
        "so_vao_so", "gia_tri_vnd", "ma_ho_so", "dien_thoai"}  # fmt: skip


@cache
def pages(blur: float) -> tuple[PageReading, ...]:
    """Return the twelve papers as read from print, blurred by so many pixels."""
    return tuple(read(draw(sample_text(str(entry["file"])[:2]), blur)) for entry in expected())


@pytest.mark.parametrize("blur", [pytest.param(0.0, marks=pytest.mark.long), 2.2])
def test_kinds(blur: float) -> None:
    """All twelve kinds are right, on sharp and on soft prints."""
    found = [classify([page], RULES).kind for page in pages(blur)]
    assert found == [entry["loai"] for entry in expected()]


@pytest.mark.parametrize("blur", [pytest.param(0.0, marks=pytest.mark.long), 2.2])
def test_fields(blur: float) -> None:
    """Numbers, dates and codes are exact in at least 95 of 100; names and subjects in at least 90 without tones."""
    hard, soft = _outcomes(blur)
    assert len(hard) > 50
    assert sum(hard) >= 0.95 * len(hard)
    assert sum(soft) >= 0.9 * len(soft)


def _outcomes(blur: float) -> tuple[list[bool], list[bool]]:
    hard: list[bool] = []
    soft: list[bool] = []
    for entry, page in zip(expected(), pages(blur), strict=True):
        found: dict[str, list[str]] = {}
        for field in extract([page], str(entry["loai"]), RULES):
            found.setdefault(field.name, []).append(field.value)
        truth = entry["fields"]
        assert isinstance(truth, dict)
        for name, value in truth.items():
            wanted = value if isinstance(value, list) else [value]
            if name in HARD or name.startswith("ngay_"):
                hard.append(found.get(name) == wanted)
            else:
                soft.append([_plain(text) for text in found.get(name, [])] == [_plain(text) for text in wanted])
    return hard, soft


def _plain(text: str) -> str:
    """Return folded text with doubled letters as one: the usual slip at a vowel with two marks."""
    folded = fold(text)
    return "".join(char for index, char in enumerate(folded) if folded[index - 1 : index] != char)


def test_splitting() -> None:
    """The twelve first pages in a row are cut into twelve documents."""
    assert split(pages(0.0), RULES) == [(index,) for index in range(12)]
