"""Single bits turned in a signed file, drawn by lot with a seed: `python -m tests.attacks.flips --flips 2000`.

Half of the places lie in the values of the signatures, where most of what no signature covers is to be found.
"""

from __future__ import annotations

import argparse
import random
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from signing.verdict import Reason, Verdict, Verification
from signing.verify import Verifier
from tests.attacks import bases
from tests.attacks.rewriting import flipped
from tests.attacks.table import Row

_VALUE = re.compile(rb"/Contents\s*<[0-9a-fA-F]+>")
_NAMED = frozenset(Reason)


def places(data: bytes, count: int, seed: int) -> Iterator[tuple[int, int]]:
    """Yield places and bits."""
    draw = random.Random(seed)
    values = [place for found in _VALUE.finditer(data) for place in range(*found.span())]
    for number in range(count):
        place = draw.choice(values) if number % 2 else draw.randrange(len(data))
        yield place, draw.randrange(8)


def campaign(data: bytes, count: int, seed: int, folder: Path) -> Iterator[tuple[int, int, Verification]]:
    """Yield place, bit and verdict of each flip."""
    policy = Row("", bases.lta, (Verdict.VALID, None, Reason.CRASHED), strict=data is not bases.stamped_only()).policy
    path = folder / "flipped.pdf"
    with Verifier() as verifier:
        path.write_bytes(data)
        if verifier.verify(path, policy).verdict is not Verdict.VALID:
            raise RuntimeError("the file to begin with is not valid")
        for place, bit in places(data, count, seed):
            path.write_bytes(flipped(data, place, bit))
            yield place, bit, verifier.verify(path, policy)


def unexplained(found: Verification) -> bool:
    """Return whether a verdict is one that a flip must never lead to."""
    return found.verdict is Verdict.VALID or not found.reasons or not _NAMED.issuperset(found.reasons)


def main() -> None:
    """Run the campaign over a file at B-LTA and one at B-T; leave with 1 when a flip was not found out."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--flips", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    missed = 0
    for name, data in (("B-LTA", bases.lta()), ("B-T", bases.stamped_only())):
        counted: Counter[str] = Counter()
        with tempfile.TemporaryDirectory(prefix="hososo-flips-") as folder:
            for place, bit, found in campaign(data, chosen.flips, chosen.seed, Path(folder)):
                counted[f"{found.verdict} {found.reasons[0] if found.reasons else ''} {found.detail}".strip()] += 1
                if unexplained(found):
                    missed += 1
                    sys.stdout.write(f"{name}: byte {place}, bit {bit}: {found.verdict}\n")
        sys.stdout.write(f"{name}, {len(data)} bytes, {chosen.flips} flips\n")
        for outcome, times in counted.most_common():
            sys.stdout.write(f"  {times:5} {outcome}\n")
    sys.exit(missed > 0)


if __name__ == "__main__":
    main()
