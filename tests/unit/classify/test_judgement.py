"""Cases: written and read again; a recogniser that is worse in anything is told to be."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from classify.cases import Case, cases_in, write_case
from classify.judgement import Score, score
from classify.rules import load_rules
from tests.readings import reading, sample_text

RULES = load_rules()
SCORE = Score(100, 98, 1, 900, 850, 2, 1.5)


def slip() -> Case:
    """Return the slip among the sample papers with a part of its truth."""
    values = {"ma_ho_so": ("H99.27.14-260211-0008",), "so_thua": ()}
    return Case("slip", "GIAY_TIEP_NHAN_HEN_TRA", values, (reading(sample_text("12")),))


def test_a_case_is_the_same_after_its_file(tmp_path: Path) -> None:
    """Kind, values, an empty field and the words."""
    write_case(slip(), tmp_path)
    assert list(cases_in(tmp_path)) == [slip()]


def test_what_is_no_case_is_told(tmp_path: Path) -> None:
    """Whatever lies in the folder under such a name."""
    (tmp_path / "other.case").write_bytes(b"PK nothing")
    with pytest.raises(ValueError, match=r"other\.case"):
        list(cases_in(tmp_path))


def test_open_fields_are_not_judged() -> None:
    """Only what somebody stands behind counts, wrong values of emptied fields too."""
    assert score([slip()], RULES) == Score(1, 1, 0, 1, 1, 0, score([slip()], RULES).error)
    wrong = replace(slip(), kind="DON", values={"ma_ho_so": ("H99.27.14-260211-0009",)})
    told = score([wrong], RULES)
    assert (told.kinds_right, told.kinds_sure_wrong, told.values_right) == (0, 1, 0)


@pytest.mark.parametrize(
    ("name", "figure"),
    [
        ("kinds_right", 97),
        ("kinds_sure_wrong", 2),
        ("values_right", 849),
        ("values_taken_wrong", 3),
        ("error", 4.0),
    ],
)
def test_worse_in_one_figure_is_worse(name: str, figure: float) -> None:
    """Nothing is weighed against anything: a recogniser that takes one more wrong value is refused."""
    other = replace(SCORE, **{name: figure})
    assert other.worse_than(SCORE) == (name,)
    assert SCORE.worse_than(other) == ()
