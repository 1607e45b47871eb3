"""Confidence: a share that comes true, fitted from evidence, near to what was known before."""

from __future__ import annotations

import json
from random import Random

from classify.calibrating import Judged, as_json, fitted
from classify.confidence import MOST, from_object, load_confidence
from classify.evidence import Evidence
from classify.fields import extract, with_evidence
from classify.rules import PACKAGED, load_rules
from classify.versions import said_of, stamped, versions, was_read_again
from tests.readings import reading, sample_text

RULES = load_rules()
GROUPS = {"names": ("ho_ten",)}


def drawn(count: int, seed: int) -> list[Judged]:
    """Return values of which nine in ten are right where they are read well, four in ten where badly."""
    dice, out = Random(seed), []
    for _ in range(count):
        read = dice.random() < 0.7
        said = Evidence("DON", "ho_ten", "a.rule", 96.0, {"read": float(read)})
        right = dice.random() < (0.9 if read else 0.4)
        out.append(Judged(said, right, right or dice.random() < 0.5))
    return out


def test_what_is_said_comes_true() -> None:
    """Fitted on some values, the confidence of others is the share of them that is right."""
    model = fitted(drawn(3000, 1), GROUPS, None)
    for read, share in ((1.0, 90.0), (0.0, 40.0)):
        assert abs(model.sure(Evidence("DON", "ho_ten", "a.rule", 96.0, {"read": read})) - share) < 3


def test_few_papers_change_little() -> None:
    """An office's first ten papers move the weights that were there a little, thousands wholly."""
    before = fitted(drawn(3000, 1), GROUPS, None)
    bad = [Judged(one.said, right=False, placed=False) for one in drawn(10, 2)]
    said = Evidence("DON", "ho_ten", "a.rule", 96.0, {"read": 1.0})
    few, many = fitted(bad, GROUPS, before), fitted(bad * 300, GROUPS, before)
    assert before.sure(said) > few.sure(said) > many.sure(said)
    assert few.sure(said) > 20
    assert before.placed(said) > few.placed(said) > 0.2


def test_weights_are_the_same_after_their_file() -> None:
    """What is written is what is read; the version is a digest of it."""
    model = fitted(drawn(200, 3), GROUPS, None)
    again = from_object(json.loads(as_json(model)))
    assert again == model
    assert fitted(drawn(200, 3), GROUPS, None).version == model.version != fitted(drawn(200, 4), GROUPS, None).version


def test_no_reading_is_as_sure_as_another_source() -> None:
    """99 is kept for values that an independent source has too."""
    found = extract([reading(sample_text("12"))], "GIAY_TIEP_NHAN_HEN_TRA", RULES)
    assert found
    assert max(field.confidence for field in found) <= MOST < 99


def test_what_the_paper_contradicts_waits_for_a_person() -> None:
    """However well it was read."""
    text = sample_text("12")
    for field, said in with_evidence([reading(text)], "GIAY_TIEP_NHAN_HEN_TRA", RULES):
        if said.marks["contradicts"] or said.marks["repaired"]:
            assert field.must_confirm


def test_a_value_names_what_made_it() -> None:
    """Rules, words and weights of confidence, and which other source has the same."""
    known = versions(RULES)
    assert set(known) == {"rules", "words", "sureness", "roles"}
    assert known["sureness"] == load_confidence(PACKAGED).version
    made = f"a.rule@{'/'.join(known.values())}"
    assert stamped("a.rule", RULES, "register") == f"{made}+register"
    assert stamped("a.rule", RULES, "register", again="same") == f"{made}*same+register"
    assert [was_read_again(origin) for origin in (made, f"{made}*new", f"{made}+register")] == [False, True, False]
    assert said_of(f"{made}*new") is None
