"""Whose word is enough, and when two words are the same."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from catalog.words import Word
from hososo.confirming import two_person_rule
from hososo.settings import Settings
from pipeline.two_person import TwoPersonRule, disputed

_AT = datetime(2026, 11, 22, tzinfo=UTC)


def said(kind: str = "GKS", seen: str = "x", **values: str) -> Word:
    """Return a word."""
    return Word("a", "a", _AT, seen, kind, {name: [value] for name, value in values.items()})


def test_the_settings_say_of_what(tmp_path: Path) -> None:
    """Kinds and fields by comma; nothing where nothing is said."""
    settings = Settings(home=tmp_path, second_person_kinds="GKS, KHAC", second_person_fields="ho_ten")
    rule = two_person_rule(settings)
    assert rule.asks(("KHAC",), ())
    assert rule.asks(("QD", "GKS"), ())
    assert rule.asks(("QD",), ("ngay_sinh", "ho_ten"))
    assert not rule.asks(("QD",), ("ngay_sinh",))
    assert TwoPersonRule(frozenset({"*"})).asks(("QD",), ())
    assert not two_person_rule(Settings(home=tmp_path)).asks(("GKS",), ("ho_ten",))


def test_two_words_are_the_same_as_far_as_they_have_to() -> None:
    """Of a kind that is asked for, everything; of a field, the kind and this field, also where one left it out."""
    whole, name = TwoPersonRule(kinds=frozenset({"GKS"})), TwoPersonRule(fields=frozenset({"ho_ten"}))
    one = said(ho_ten="A", ngay_sinh="1")
    assert whole.agree("", one, said(ho_ten="A", ngay_sinh="1"))
    assert not whole.agree("", one, said(ho_ten="A", ngay_sinh="2"))
    assert name.agree("", one, said(ho_ten="A", ngay_sinh="2"))
    assert not name.agree("", one, said(ngay_sinh="1"))
    assert not name.agree("", one, said("QD", ho_ten="A"))


def test_one_word_is_shown_to_nobody() -> None:
    """Only two that do not agree, of the form as it is, are shown."""
    assert disputed([said(ho_ten="A")], "x") == {}
    assert disputed([said(ho_ten="A"), said(ho_ten="B", seen="y")], "x") == {}
    assert disputed([said(ho_ten="A"), said("QD", ho_ten="B")], "x") == {"": ["GKS", "QD"], "ho_ten": ["A", "B"]}
