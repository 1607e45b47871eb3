"""The twelve sample papers as clean text: kinds and fields against their truth."""

from __future__ import annotations

import pytest

from classify.fields import extract
from classify.kinds import classify
from classify.rules import load_rules
from tests.readings import expected, reading, sample_text

RULES = load_rules()
PAPERS = [(entry["file"][:2], entry["loai"], entry["fields"]) for entry in expected()]
IDS = [paper[0] for paper in PAPERS]


@pytest.mark.parametrize("blocks", [False, True], ids=["lines", "blocks"])
@pytest.mark.parametrize(("name", "kind", "truth"), PAPERS, ids=IDS)
def test_kind(name: str, kind: str, truth: dict[str, object], *, blocks: bool) -> None:
    """Each sample gets its kind, whichever way the engine cut the header, sure enough to be accepted."""
    found = classify([reading(sample_text(name), blocks=blocks)], RULES)
    assert truth
    assert found.kind == kind, found
    assert found.confidence >= RULES.bands.accept
    assert found.candidates[0][0] == kind


@pytest.mark.parametrize("blocks", [False, True], ids=["lines", "blocks"])
@pytest.mark.parametrize(("name", "kind", "truth"), PAPERS, ids=IDS)
def test_fields(name: str, kind: str, truth: dict[str, object], *, blocks: bool) -> None:
    """Each field of the truth is found, with exactly its values in the order of the paper."""
    found: dict[str, list[str]] = {}
    for field in extract([reading(sample_text(name), blocks=blocks)], kind, RULES):
        found.setdefault(field.name, []).append(field.value)
    wanted = {key: value if isinstance(value, list) else [value] for key, value in truth.items()}
    assert {key: found.get(key) for key in wanted} == wanted


@pytest.mark.parametrize(("name", "kind", "truth"), PAPERS, ids=IDS)
def test_fields_point_at_their_words(name: str, kind: str, truth: dict[str, object]) -> None:
    """The box of each field holds the words of its printed form on the scan, and values wait for confirmation."""
    page = reading(sample_text(name))
    for field in extract([page], kind, RULES):
        assert field.box is not None
        inside = {
            word.text
            for word in page.text.words
            if word.box.left >= field.box.left and word.box.right <= field.box.right
            and word.box.top >= field.box.top and word.box.bottom <= field.box.bottom
        }  # fmt: skip
        assert all(any(piece in text for text in inside) for piece in field.raw.split()), field
        assert field.must_confirm or field.name not in {"so_dinh_danh", "ngay_sinh", "so", "ma_ho_so", "so_thua"}
        assert truth
