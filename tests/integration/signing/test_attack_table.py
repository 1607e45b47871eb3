"""The table of attacks: none is ever valid, and each is told for what it is; honest files are never invalid."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from signing.verdict import Revocation, Verdict, Verification
from tests.attacks import bases, flips, honest
from tests.attacks.table import Row, rows
from tests.pki.world import world

if TYPE_CHECKING:
    from signing.verify import Verifier

ROWS = list(rows())


def deciding(found: Verification) -> str | None:
    """Return the sub-indication of the first part that has the file's verdict and names one."""
    parts = [*found.signatures, *found.time_stamps]
    return next((part.subindication for part in parts if part.verdict is found.verdict and part.subindication), None)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_an_attack_is_told_for_what_it_is(row: Row, tmp_path: Path, verifier: Verifier) -> None:
    """Verdict, sub-indication and first reason as the table says."""
    (tmp_path / "forged.pdf").write_bytes(row.make())
    found = verifier.verify(tmp_path / "forged.pdf", row.policy)
    assert (found.verdict, deciding(found), found.reasons[0]) == row.expected
    assert found.verdict is not Verdict.VALID


@pytest.mark.parametrize("base", [bases.lta, bases.layered, bases.doubled], ids=lambda base: base.__name__)
def test_what_is_attacked_was_good_before(base: Callable[[], bytes], tmp_path: Path, verifier: Verifier) -> None:
    """Otherwise the table would prove nothing."""
    (tmp_path / "base.pdf").write_bytes(base())
    assert verifier.verify(tmp_path / "base.pdf", ROWS[0].policy).verdict is Verdict.VALID


@pytest.mark.parametrize("name", honest.FILES)
def test_an_honest_file_is_valid(name: str, tmp_path: Path, verifier: Verifier) -> None:
    """By a policy that demands what its level can have."""
    level, make = honest.FILES[name]
    (tmp_path / "honest.pdf").write_bytes(make())
    revocation = Revocation.REQUIRED if level in {"B-LT", "B-LTA"} else Revocation.EMBEDDED
    found = verifier.verify(tmp_path / "honest.pdf", replace(world().trust, revocation=revocation))
    assert (found.verdict, found.reasons) == (Verdict.VALID, ())
    assert {signature.level for signature in found.signatures} == {level}


@pytest.mark.parametrize("base", [bases.lta, bases.stamped_only], ids=lambda base: base.__name__)
def test_no_flip_is_overlooked(base: Callable[[], bytes], tmp_path: Path) -> None:
    """Thirty bits drawn by lot, half of them in the values of signatures; `make flips` turns two thousand."""
    assert not [found for *found, verdict in flips.campaign(base(), 30, 11, tmp_path) if flips.unexplained(verdict)]
