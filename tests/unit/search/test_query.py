"""What people type becomes terms, or is refused with its cause."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dossier.errors import Code, Rejected
from search import Filters, Query, parse_query
from search.query import LONGEST_QUERY, MOST_TERMS, Term


def terms(text: str) -> list[tuple[str, ...]]:
    """Return the folded words of each term."""
    return [term.fold for term in parse_query(text).terms]


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("đất ở", [("dat",), ("o",)]),
        ('"quyền sử dụng" đất', [("quyen", "su", "dung"), ("dat",)]),
        ("“quyền sử dụng” đất", [("quyen", "su", "dung"), ("dat",)]),
        ("«quyền sử dụng»đất", [("quyen", "su", "dung"), ("dat",)]),
        ("đất, nhà; ở!", [("dat",), ("nha",), ("o",)]),
        ("- đất /", [("dat",)]),
        ('"" đất', [("dat",)]),
        ("đất đất", [("dat",)]),
        ("123/2024/QĐ-UBND", [("123", "2024", "qd", "ubnd")]),
        ('"số 5/2024"', [("so", "5", "2024")]),
    ],
)
def test_terms(typed: str, folded: list[tuple[str, ...]]) -> None:
    """Words, phrases in any quotes, symbols; punctuation is no word and repetition no second term."""
    assert terms(typed) == folded


@pytest.mark.parametrize(
    ("typed", "cause"),
    [
        ("", "no word"),
        ("   ", "no word"),
        ('""', "no word"),
        ("... --- ???", "no word"),
        ('"ủy ban', "not closed"),
        ("ủy“ ban", "not closed"),
        ("*", "star"),
        ("đất *", "star"),
        ("*đất", "star"),
        ("đ*t", "star"),
        ("đất**", "star"),
        ('"ủy* ban"', "star"),
        ("đ*", "at least 2"),
        ("x" * (LONGEST_QUERY + 1), "longer"),
        (" ".join(f"từ{n}" for n in range(MOST_TERMS + 1)), "more than"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_its_cause(typed: str, cause: str) -> None:
    """A refusal says why, and never repeats the words, which may name a person."""
    with pytest.raises(Rejected) as told:
        parse_query(typed)
    assert told.value.code is Code.QUERY_INVALID
    assert cause in told.value.detail
    assert "ủy" not in told.value.detail


def test_marks_make_a_query_exact() -> None:
    """One mark says that its author types marks; without any, only the fold counts."""
    assert parse_query("uy ban").terms == (Term(("uy",)), Term(("ban",)))
    assert all(term.exact for term in parse_query("ủy ban").terms)


@pytest.mark.parametrize(
    ("one", "other"), [("hòa", "hoà"), ("thúy", "thuý"), ("Ủy", "Uỷ"), ("kỹ", "kĩ"), ("Quý", "quí")]
)
def test_two_spellings_are_one_word(one: str, other: str) -> None:
    """Old and new place of the tone, and i for y, make equal terms."""
    assert parse_query(one) == parse_query(other)


@pytest.mark.parametrize(
    ("one", "other"), [("hòa", "hóa"), ("bản", "bạn"), ("thuy", "thui"), ("đất", "dất"), ("ơn", "ôn")]
)
def test_different_words_stay_different(one: str, other: str) -> None:
    """Tones, letters of their own, and the ui of Thúy are not equated in the exact key."""
    assert parse_query(f"{one} ấ").terms[0].exact != parse_query(f"{other} ấ").terms[0].exact


def test_codes_are_normalised_in_text_and_filter() -> None:
    """A mã hồ sơ is one thing in whatever dashes and case it is typed."""
    query = parse_query("h15.50.05.13_261008_0975", Filters(code=" h15.50.05.13–261008–0975 "))
    assert query.terms[0].whole == "h15.50.05.13-261008-0975"
    assert query.filters.tags() == [frozenset({"code:H15.50.05.13-261008-0975"})]


def test_filters_are_passed_on() -> None:
    """They come as they are given, and stand for words where there are none; nothing at all is no query."""
    filters = Filters(kind="don", year=2026)
    assert parse_query("đất", filters) == Query(parse_query("đất").terms, filters)
    assert parse_query(" ", filters) == Query((), filters)
    assert _outcome("") is Code.QUERY_INVALID


@given(st.text(max_size=60))
def test_any_text_is_a_query_or_refused(text: str) -> None:
    """Whatever is typed: terms with words in them, or QUERY_INVALID; and its Unicode form does not matter."""
    outcome = _outcome(text)
    assert outcome == _outcome(unicodedata.normalize("NFC", text))
    if isinstance(outcome, Query):
        assert all(key for term in outcome.terms for key in term.fold)
    else:
        assert outcome is Code.QUERY_INVALID


def _outcome(text: str) -> Query | Code:
    try:
        return parse_query(text)
    except Rejected as refused:
        return refused.code
