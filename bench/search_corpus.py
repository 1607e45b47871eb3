"""Pages in the number of an archive: lines of real texts about invented people, misread as the read pages were."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from random import Random

from rapidfuzz.distance import Levenshtein

from bench.search_pages import ReadPage, invented, texts
from search.filters import Facts
from search.port import IndexPage
from search.words import stored

_LINES = (22, 40)
_KINDS = 40
_UNITS = 30
_FIELDS = ("Đất đai", "Hộ tịch", "Chứng thực", "Xây dựng", "Bảo trợ xã hội", "Thành lập và hoạt động hộ kinh doanh")


@dataclass(frozen=True, slots=True)
class Misreading:
    """How pages were misread: which letters became what, per letter of the truth.

    Attributes:
        share: Of the letters that were read as something else.
        became: For a letter what was read in its place; empty where it was lost.
        counts: How often each of them was.
    """

    share: float
    became: dict[str, tuple[list[str], list[int]]]

    def apply(self, text: str, rng: Random) -> str:
        """Return a text with as many letters misread; words that are hit are found by skipping from one to the next."""
        out, at = [], 0
        while True:
            gap = int(rng.expovariate(self.share)) if self.share else len(text)
            if at + gap >= len(text):
                return "".join([*out, text[at:]])
            out.append(text[at : at + gap])
            at += gap
            letters, weights = self.became.get(text[at], ([text[at]], [1]))
            out.append(rng.choices(letters, weights)[0])
            at += 1


def measured(pages: Iterable[ReadPage]) -> Misreading:
    """Return how pages were misread; spaces and breaks of lines do not count."""
    letters, became = 0, Counter[tuple[str, str]]()
    for page in pages:
        truth, text = (" ".join(stored(each).split()) for each in (page.truth, page.text))
        letters += len(truth)
        for edit in Levenshtein.editops(truth, text):
            if edit.tag == "insert" or truth[edit.src_pos] == " ":
                continue
            instead = text[edit.dest_pos] if edit.tag == "replace" else ""
            became[truth[edit.src_pos], instead] += 1
    table: dict[str, tuple[list[str], list[int]]] = {}
    for (letter, instead), count in became.items():
        row = table.setdefault(letter, ([], []))
        row[0].append(instead)
        row[1].append(count)
    return Misreading(sum(became.values()) / max(1, letters), table)


def index_pages(read: list[ReadPage], count: int, seed: int = 1) -> Iterator[IndexPage]:
    """Yield pages for an index: the read ones, scattered among generated ones, so many in all."""
    rng = Random(seed)  # noqa: S311 - pages, not keys
    misreading = measured(read)
    lines = [line for text in texts() for line in text.splitlines() if line.strip()]
    places = dict(zip(sorted(rng.sample(range(count), len(read))), read, strict=True))
    for number in range(count):
        page = places.get(number)
        text = page.text if page else misreading.apply(_text(lines, rng), rng)
        yield _page(f"read-{page.number}" if page else f"made-{number}", number, text, rng)


def _text(lines: list[str], rng: Random) -> str:
    return invented("\n".join(rng.choices(lines, k=rng.randint(*_LINES))), rng)


def _page(document: str, number: int, text: str, rng: Random) -> IndexPage:
    year = rng.randint(2015, 2026)
    unit = min(int(rng.expovariate(0.2)), _UNITS - 1)
    code = f"H99.27.{unit:02}-{year % 100:02}0302-{number % 10_000:04}"
    facts = Facts(
        field=rng.choice(_FIELDS), procedure=f"1.{number % 300:06}", received=year * 10_000 + 302, signature="valid"
    )
    kind = f"KIND_{min(int(rng.expovariate(0.1)), _KINDS - 1)}"
    return IndexPage(f"{document}:1", document, code, 1, kind, f"H99.27.{unit:02}", year, "", text, (code,), facts)
