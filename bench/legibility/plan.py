"""Which pages there are: every condition at every resolution, with texts, faces and leaders in rotation."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from bench.legibility.conditions.table import CONDITIONS
from bench.legibility.empty import BLANKS, PICTURES
from bench.legibility.markup import Paper, parsed
from bench.legibility.style import RANGES, SetName

RESOLUTIONS: Final = (300, 200)
_TEXTS: Final = Path(__file__).parent / "texts"


@dataclass(frozen=True, slots=True)
class PageSpec:
    """One page of the bench; everything about it follows from these."""

    set_name: SetName
    condition: str
    dpi: int
    number: int

    @property
    def name(self) -> str:
        """The page's name on the command line, for example `faded-300-05`."""
        return f"{self.condition}-{self.dpi}-{self.number:02d}"


@dataclass(frozen=True, slots=True)
class Draw:
    """What a page is made of, as indices into the texts, faces and leaders of its set."""

    text: int
    face: int
    leader: int


@cache
def papers(name: SetName) -> tuple[Paper, ...]:
    """Return the texts of a set in the order of their file names."""
    files = sorted((_TEXTS / name).glob("*.txt"))
    return tuple(parsed(file.stem, file.read_text(encoding="utf-8")) for file in files)


def drawn_for(spec: PageSpec) -> Draw:
    """Return text, face and leader of a page.

    The rows of a Latin square: a condition starts at a text of its own, and the second resolution half a round later,
    so that N pages show N texts and, over the conditions, every text meets every face.
    """
    names = [condition.name for condition in CONDITIONS]
    row = names.index(spec.condition) if spec.condition in names else 0
    ranges, texts = RANGES[spec.set_name], len(papers(spec.set_name))
    late = RESOLUTIONS.index(spec.dpi)
    text = spec.number * 7 + row * 3 + late * (texts // 2)
    return Draw(
        text=text % texts,
        face=(spec.number * 7 + row * 7 + row // 4 + late * 4) % len(ranges.faces),
        leader=(spec.number + row * 2 + late) % len(ranges.leaders),
    )


def planned(name: SetName, per_condition: int, conditions: tuple[str, ...] = ()) -> Iterator[PageSpec]:
    """Yield the pages of a run: N of each condition and resolution, then the pages without words."""
    empty = {**dict.fromkeys(BLANKS, "blank"), **dict.fromkeys(PICTURES, "picture")}
    for condition in [condition.name for condition in CONDITIONS]:
        if not conditions or condition in conditions:
            for dpi in RESOLUTIONS:
                yield from (PageSpec(name, condition, dpi, number) for number in range(per_condition))
    for kind, group in empty.items():
        if not conditions or group in conditions or kind in conditions:
            yield from (PageSpec(name, kind, dpi, 0) for dpi in RESOLUTIONS)


def named(name: SetName, page: str) -> PageSpec:
    """Return the page of a name as `PageSpec.name` gives it.

    Raises:
        ValueError: There is no such condition or resolution.
    """
    condition, dpi, number = page.rsplit("-", 2)
    known = {condition.name for condition in CONDITIONS} | set(BLANKS) | set(PICTURES)
    if condition not in known or int(dpi) not in RESOLUTIONS:
        raise ValueError(page)
    return PageSpec(name, condition, int(dpi), int(number))
