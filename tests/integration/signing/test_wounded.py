"""Files that are large, deep or looped: each is judged within narrow limits, and none is ever valid."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from confine import Limits
from signing.verdict import Reason, Revocation, Verdict
from signing.verify import Verifier
from tests.attacks.wounding import WOUNDS, Wound, long_byte_range
from tests.pki.world import world

POLICY = replace(world().trust, revocation=Revocation.REQUIRED, timestamp_required=True)
CHANGED = (Verdict.INVALID, Reason.CHANGED_AFTER)
EXPECTED = {
    "tiny_objects": CHANGED,
    "empty_updates": CHANGED,
    "many_certificates": CHANGED,
    "crowded_message": (Verdict.INDETERMINATE, Reason.TIMESTAMP_MISSING),
}


@pytest.fixture(scope="module")
def bounded() -> Iterator[Verifier]:
    """Give a verifier with a fraction of the time and memory that there is in use."""
    with Verifier(Limits(wall_seconds=20, cpu_seconds=10, memory_bytes=1 << 29)) as verifier:
        yield verifier


@pytest.mark.parametrize("wound", WOUNDS, ids=lambda wound: wound.__name__)
def test_a_wounded_file_is_told_within_the_limits(wound: Wound, tmp_path: Path, bounded: Verifier) -> None:
    """By a change, where a file can be read at all, and as unreadable otherwise; the child lives on."""
    (tmp_path / "wounded.pdf").write_bytes(wound(WOUNDS[wound]))
    found = bounded.verify(tmp_path / "wounded.pdf", POLICY)
    expected = EXPECTED.get(wound.__name__, (Verdict.INDETERMINATE, Reason.PDF_UNREADABLE))
    assert (found.verdict, found.reasons[0]) == expected


def test_a_file_that_takes_longer_than_the_limit_is_a_doubt(tmp_path: Path) -> None:
    """So many ranges that a second is not enough."""
    (tmp_path / "wounded.pdf").write_bytes(long_byte_range(500_000))
    with Verifier(Limits(wall_seconds=1, cpu_seconds=1, memory_bytes=1 << 29)) as verifier:
        found = verifier.verify(tmp_path / "wounded.pdf", POLICY)
    assert found.verdict is Verdict.INDETERMINATE
    assert found.reasons[0] in {Reason.TIMED_OUT, Reason.CRASHED}
