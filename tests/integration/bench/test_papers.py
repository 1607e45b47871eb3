"""The generator of papers: sets share no names, templates hold to their rules, the same seed gives the same paper."""

from __future__ import annotations

import re
from itertools import combinations

import numpy as np
import pytest

from bench.papers.checking import faults, known_losses
from bench.papers.comparing import GROUPS
from bench.papers.names import SETS, SetName, vocabulary
from bench.papers.numbers import day_in_words, in_words
from bench.papers.pages import printed_pages
from bench.papers.scans import HAND, READABLE, Item, scanned_pages
from bench.papers.template import Template, filled, stack_templates, templates
from classify.numerals import number, written_date
from classify.rules import load_rules
from classify.sameness import alike
from dossier.text import fold

_APART = ("families", "given_male", "given_female", "provinces", "districts", "communes", "hamlets", "streets")

_HOLE = re.compile(r"\{[^{}]+\}")
_SET_BY_LAW = ("#", "*", "^", "~", "|", ">")
_SENTENCE = 40


def _birth_certificate() -> Template:
    return next(template for template in templates("dev") if template.name == "giay_khai_sinh_1")


def _sentences(name: SetName) -> set[str]:
    """Return the sentences of a set's stack papers, folded and without holes; headings and heads of tables are law."""
    lines = {line for template in stack_templates(name) for line in template.body.splitlines() if "||" not in line}
    bare = {fold(_HOLE.sub("", line)) for line in lines if not line.startswith(_SET_BY_LAW)}
    return {line for line in bare if len(line) > _SENTENCE}


@pytest.mark.parametrize(("one", "other"), list(combinations(SETS, 2)))
def test_sets_share_no_name(one: SetName, other: SetName) -> None:
    """No name of a person or place is in two sets."""
    for words in _APART:
        assert not set(getattr(vocabulary(one), words)) & set(getattr(vocabulary(other), words))


@pytest.mark.parametrize("name", SETS)
def test_every_template_can_be_filled_and_prints_its_truth(name: SetName) -> None:
    """What a template says of itself holds."""
    every = templates(name) + stack_templates(name)
    told = [f"{template.name}: {fault}" for template in every for fault in faults(template, on_pages=False)]
    assert told == []


def test_the_frozen_set_has_more_stack_papers_than_the_others_together() -> None:
    """Splitting is measured on papers that nobody could fit its signs to."""
    assert len(stack_templates("frozen")) > len(stack_templates("dev")) + len(stack_templates("train"))


def test_no_sentence_of_frozen_stacks_is_in_another_set() -> None:
    """The wording is held out too, not only names."""
    others = {line for name in ("dev", "train") for line in _sentences(name)}
    assert others
    assert not others & _sentences("frozen")


def test_a_template_that_hides_its_truth_is_told() -> None:
    """The check above can fail."""
    own = _birth_certificate()
    lying = Template(own.set_name, own.name, own.kind, own.head, own.body.replace("{con.ten|hoa}", "KHÔNG AI"))
    assert any("ho_ten" in fault for fault in faults(lying, on_pages=False))


def test_text_beside_the_room_for_a_signature_is_told() -> None:
    """It would be on no page, and nobody would miss it; a frozen paper stays as it was measured."""
    own = _birth_certificate()
    for name, told in (("dev", 1), ("frozen", 0)):
        lossy = Template(name, own.name, own.kind, own.head, f"{own.body}\n- Lưu: VT. || %\n || %")
        assert len([fault for fault in faults(lossy, on_pages=False) if "beside %" in fault]) == told
        assert len(list(known_losses(lossy))) == 1


def test_every_field_of_the_rules_is_in_one_group() -> None:
    """No field is left out of the figures, none counts twice."""
    grouped = [field for fields in GROUPS.values() for field in fields]
    assert sorted(grouped) == sorted({rule.field for rule in load_rules().fields.values()})


def test_the_same_seed_is_the_same_paper() -> None:
    """Anybody measures the same papers."""
    own = _birth_certificate()
    assert filled(own, 4) == filled(own, 4)
    assert filled(own, 4).fields != filled(own, 5).fields
    first, second = (printed_pages(filled(own, 4), "dev", 4, 50)[0].rgb for _ in range(2))
    assert np.array_equal(first, second)


def test_a_hand_of_a_template_has_every_condition_once() -> None:
    """Sixteen of twenty scans are readable."""
    own = _birth_certificate()
    dealt = [Item(own, seed) for seed in range(HAND)]
    assert sum(item.readable for item in dealt) == len(READABLE)
    data, scan = next(scanned_pages(dealt[3]))
    assert data.startswith(b"\xff\xd8")
    assert scan.dpi_x == dealt[3].dpi


@pytest.mark.parametrize("value", [0, 5, 10, 15, 21, 24, 35, 101, 110, 205, 1005, 1_150_000_000, 837_000, 4_021_000])
def test_numbers_in_words_say_what_the_recogniser_reads(value: int) -> None:
    """Two spellings, written apart, agree."""
    assert number(fold(in_words(value))) == value


def test_days_in_words_say_what_the_recogniser_reads() -> None:
    """A birth certificate says its day twice."""
    own = _birth_certificate()
    for seed in range(6):
        paper = filled(own, seed)
        said = next(line for line in paper.body.splitlines() if "ghi bằng chữ" in line)
        day = written_date(fold(said.partition("ghi bằng chữ")[2]))
        assert day is not None
        assert day.isoformat() == paper.fields["ngay_sinh"][0]
        assert day_in_words(day) in said


@pytest.mark.parametrize(
    ("read", "true", "same"),
    [("HOÀ", "Hòa", True), ("Hoa", "Hòa", False), ("Thuý ", "THÚY", True), ("2026-01-02", "2026-01-03", False)],
)
def test_alike_is_strict_on_marks_and_mild_on_case_and_place_of_tones(read: str, true: str, *, same: bool) -> None:
    """A lost mark is an error, another way to write it is none."""
    assert alike(read, true) is same
