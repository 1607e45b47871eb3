"""The likeliest value among all that a paper has."""

from __future__ import annotations

import pytest

from classify.foremost import ANY, Foremost
from classify.roles import load_roles
from classify.rules import PACKAGED

FIELD, KIND = "ngay_hen_tra", "GIAY_TIEP_NHAN_HEN_TRA"
PACKED = load_roles(PACKAGED).foremost


def test_a_value_far_before_the_next_is_likelier_than_it_is_alone() -> None:
    """A quarter is enough where the next has a hundredth and papers of the kind have such a day."""
    assert PACKED.chance(FIELD, KIND, 0.25, 0.01) > 0.5


def test_a_value_like_the_next_stays_unlikely() -> None:
    """Two with a chance of a tenth each are neither of them the one."""
    assert PACKED.chance(FIELD, KIND, 0.1, 0.1) < PACKED.chance(FIELD, KIND, 0.1, 0.001)


@pytest.mark.parametrize("own", [0.1, 0.4, 0.9])
def test_without_another_its_own_chance_decides(own: float) -> None:
    """A paper with one name says nothing of whose it is by having no other."""
    assert PACKED.chance("ho_ten", "DON", own, None) == own


def test_numbers_and_unknown_fields_keep_their_chance() -> None:
    """They have no weights."""
    assert PACKED.chance("so_dinh_danh_2", "DON", 0.2, 0.001) == 0.2
    assert Foremost({}, {}).chance(FIELD, KIND, 0.2, 0.001) == 0.2


def test_a_kind_that_was_never_seen_has_the_habit_of_any() -> None:
    """Nothing fails on a kind that an office added."""
    assert PACKED.chance(FIELD, "NEW", 0.2, 0.01) == PACKED.chance(FIELD, ANY, 0.2, 0.01)


def test_what_kinds_never_have_is_not_taken() -> None:
    """A decision has no day of appointment."""
    assert PACKED.chance(FIELD, "QUYET_DINH", 0.25, 0.01) < PACKED.chance(FIELD, KIND, 0.25, 0.01)


@pytest.mark.parametrize("own", [0.0, 1.0])
def test_sure_chances_are_bounded(own: float) -> None:
    """Neither end overflows."""
    assert 0 <= PACKED.chance(FIELD, KIND, own, 1 - own) <= 1
