"""What is demanded of a stored signature: all that it was when it was archived, and of a foreign file everything."""

from __future__ import annotations

from dataclasses import replace

import pytest

from catalog.renditions import ORIGINAL, SIGNED, SignatureFacts, Stored
from dossier.model import ObjectRef
from pipeline.verification import demands_on
from signing.verdict import Revocation, TrustPolicy

OFFICE = TrustPolicy((b"root",), revocation=Revocation.REQUIRED, timestamp_required=True)
REF = ObjectRef("key", "0" * 64, 1, "application/pdf")


def demanded(role: str, level: str, verdict: str) -> tuple[Revocation, bool]:
    """Return what is asked of revocation data, and whether a time stamp is."""
    policy = demands_on(
        Stored(role, REF, SignatureFacts(1, level, "A", development=False, signed_at="", verdict=verdict)), OFFICE
    )
    assert policy.anchors == OFFICE.anchors
    return policy.revocation, policy.timestamp_required


@pytest.mark.parametrize("level", ["B-LT", "B-LTA"])
@pytest.mark.parametrize("role", [SIGNED, ORIGINAL])
def test_long_term_levels_need_everything(role: str, level: str) -> None:
    """Ours and others'."""
    assert demanded(role, level, "valid") == (Revocation.REQUIRED, True)


def test_what_an_earlier_release_archived_is_no_failure() -> None:
    """B-T has a time stamp and no revocation data; it is due for renewal instead."""
    assert demanded(SIGNED, "B-T", "valid") == (Revocation.EMBEDDED, True)


def test_of_a_file_that_came_signed_revocation_data_is_demanded_and_no_time_stamp() -> None:
    """The archive itself proves since when it is there; what was a doubt when it was archived stays one."""
    assert demanded(ORIGINAL, "B-T", "indeterminate") == (Revocation.REQUIRED, False)
    untold = Stored(ORIGINAL, REF, None)
    assert demands_on(untold, OFFICE) == replace(OFFICE, timestamp_required=False)
    assert demands_on(untold, OFFICE, beside=True).revocation is Revocation.REQUIRED


def test_of_ours_nothing_is_let_off() -> None:
    """Whatever is not recorded of it."""
    assert demands_on(Stored(SIGNED, REF, None), OFFICE) == OFFICE


def test_a_file_that_came_signed_and_was_found_valid_stays_so() -> None:
    """When less was demanded; its level says what it has."""
    assert demanded(ORIGINAL, "B-T", "valid") == (Revocation.EMBEDDED, True)
    assert demanded(ORIGINAL, "B-B", "valid") == (Revocation.EMBEDDED, False)
