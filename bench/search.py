"""How quickly and how well pages are found among 100,000, on the embedded default.

    python -m bench.search [--pages 100000] [--read 2000] [--engine tantivy]

Really read pages (`bench.search_pages`; read once, kept in `.bench/search`) lie among generated ones, misread as those
were. The query mix is `bench/search_queries.txt`. Known-item search: of what a read page truly says, somebody
remembers a person's name and a number that is no year, or six words in a row with them, and types them without marks.
Prints the time of search and of search with counts, MRR@10, size and build time; ends with status 1 when a target is
missed.
"""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from random import Random
from typing import Final

from bench.search_corpus import index_pages
from bench.search_pages import ReadPage, names_on, read_pages
from dossier.text import fold
from search import IndexPage, Query, SearchIndex, parse_query
from search.fts5_index import Fts5Index
from search.nearness import find
from search.tantivy_index import TantivyIndex
from search.words import stored

MOST_P50, MOST_P99, LEAST_MRR = 25.0, 150.0, 0.95
LEAST_WORDS = 30_000
ENGINES: Final[dict[str, Callable[[Path], SearchIndex]]] = {"tantivy": TantivyIndex, "fts5": Fts5Index}

_ROOT: Final = Path(__file__).parent.parent
_BATCH, _FIRST, _TEN = 2000, 20, 10
_IDENTITY: Final = re.compile(r"\b0\d{11}\b")
_NUMBER: Final = re.compile(r"\b\d{3,12}(?:/[A-ZĐ][\w-]*)?\b")
_YEAR: Final = re.compile(r"(?:19|20)\d\d")
_WORDS_IN_A_ROW: Final = 6
_LONG_NUMBER: Final = 4
_SIGNS: Final = str.maketrans(dict.fromkeys('"“”„«»*…', " "))


@dataclass(frozen=True, slots=True)
class Measured:
    """What one run has shown: milliseconds, sizes in bytes, seconds.

    Attributes:
        search: Times of searches, shortest first.
        whole: Times of searches with the counts of all facets.
        mrr: Mean reciprocal rank within the first ten of known-item search.
        missed: How many known items were not among the first ten.
        widened: In how many known-item searches words were widened or one left out.
        words: Distinct folded words in the texts.
        size: Of the index on disk.
        build: Of building it.
    """

    search: list[float]
    whole: list[float]
    mrr: float
    missed: int
    widened: int
    words: int
    size: int
    build: float

    @property
    def faults(self) -> list[str]:
        """The targets that were missed."""
        found = {
            f"p50 over {MOST_P50:.0f} ms": share(self.search, 0.5) > MOST_P50,
            f"p99 over {MOST_P99:.0f} ms": share(self.search, 0.99) > MOST_P99,
            f"MRR@10 below {LEAST_MRR}": self.mrr < LEAST_MRR,
        }
        return [name for name, wrong in found.items() if wrong]


def measure(read: list[ReadPage], pages: int, folder: Path, engine: str = "tantivy", rounds: int = 20) -> Measured:
    """Build an index, ask it and return what was measured.

    Args:
        read: Pages that were really read.
        pages: How many pages there are in all.
        folder: Where the index is made; empty.
        engine: One of `ENGINES`.
        rounds: How often the query mix is asked.
    """
    index = ENGINES[engine](folder)
    began = time.monotonic()
    built = _build(index, index_pages(read, pages))
    mix = list(_mix(read, rounds))
    for query in mix[: len(mix) // rounds]:
        find(query, index, _FIRST)  # what an archivist's first look of the day fetches from disk
    search = sorted(_milliseconds(lambda query=query: find(query, index, _FIRST)) for query in mix)
    whole = sorted(_milliseconds(lambda query=query: index.facets(find(query, index, _FIRST)[1])) for query in mix)
    ranks, wider = _ranks(index, read)
    return Measured(
        search,
        whole,
        sum(1 / rank for rank in ranks if rank) / max(1, len(ranks)),
        ranks.count(0),
        wider,
        len({word for letters in "0123456789abcdefghijklmnopqrstuvwxyz" for word in index.beginning(letters)}),
        sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()),
        built - began,
    )


def known_items(read: Iterable[ReadPage]) -> Iterator[tuple[str, str]]:
    """Yield for each read page its document and what somebody types who remembers it, without diacritics."""
    for page in read:
        rng = Random(page.number)  # noqa: S311 - queries, not keys
        names = names_on(page.truth)
        numbers = _remembered(page.truth)
        row = page.truth.split()
        start = rng.randrange(max(1, len(row) - _WORDS_IN_A_ROW))
        typed = row[start : start + _WORDS_IN_A_ROW] if page.number % 2 or not names else [rng.choice(names)]
        typed += rng.sample(numbers, min(len(numbers), 1 if names else 2))
        if page.number % 2 and names:
            typed.append(rng.choice(names))
        yield f"read-{page.number}", fold(stored(" ".join(typed))).translate(_SIGNS)


def _remembered(text: str) -> list[str]:
    """Return the numbers that somebody would know a page by: no years, the longer ones where there are any."""
    numbers = [number for number in dict.fromkeys(_NUMBER.findall(text)) if not _YEAR.fullmatch(number)]
    return [number for number in numbers if len(number) >= _LONG_NUMBER] or numbers


def share(times: list[float], part: float) -> float:
    """Return the time that this part of sorted times does not exceed."""
    return times[min(len(times) - 1, int(len(times) * part))]


def _build(index: SearchIndex, pages: Iterator[IndexPage]) -> float:
    """Fill an index; return the moment at which that was done."""
    mark = 0
    while some := list(islice(pages, _BATCH)):
        mark += 1
        index.update(some, [], mark)
    return time.monotonic()


def _ranks(index: SearchIndex, read: list[ReadPage]) -> tuple[list[int], int]:
    """Return the place of each known item from 1, 0 where it is not among ten; and how many were widened."""
    ranks, wider = [], 0
    for document, typed in known_items(read):
        hits, query = find(parse_query(typed), index, _FIRST)
        found = [hit.document_id for hit in hits.hits[:_TEN]]
        ranks.append(found.index(document) + 1 if document in found else 0)
        wider += bool(query.widened) or query.lacking
    return ranks, wider


def _mix(read: list[ReadPage], rounds: int) -> Iterator[Query]:
    lines = (Path(__file__).parent / "search_queries.txt").read_text(encoding="utf-8").splitlines()
    rng = Random(2)  # noqa: S311 - queries, not keys
    for _ in range(rounds):
        for line in lines:
            if line and not line.startswith("#"):
                yield parse_query(_filled(line, rng.choice(read), rng))


def _filled(line: str, page: ReadPage, rng: Random) -> str:
    name = next(iter(names_on(page.truth)), "Nguyễn Văn Thử")
    middle = name.split()[1]
    at = rng.randrange(len(middle))
    values = {
        "name": fold(name),
        "identity": next(iter(_IDENTITY.findall(page.truth)), "099175004461"),
        "number": next(iter(_NUMBER.findall(page.truth)), "123"),
        "misread": f"{middle[:at]}{rng.choice('xqzj')}{middle[at:]}",
    }
    return line.format(**values)


def _milliseconds(call: Callable[[], object]) -> float:
    began = time.perf_counter()
    call()
    return (time.perf_counter() - began) * 1000


def main() -> int:
    """Measure and print; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=100_000)
    parser.add_argument("--read", type=int, default=2000)
    parser.add_argument("--engine", choices=list(ENGINES), default="tantivy")
    parser.add_argument("--kept", type=Path, default=_ROOT / ".bench" / "search")
    options = parser.parse_args()
    read = list(read_pages(options.read, options.kept))
    with tempfile.TemporaryDirectory() as folder:
        done = measure(read, options.pages, Path(folder), options.engine)
    counted = f"{options.pages:,} pages, {len(read):,} really read, {done.words:,} distinct words"
    _say(f"{options.engine}, {counted}")
    for name, times in (("search", done.search), ("with counts", done.whole)):
        parts = {"p50": share(times, 0.5), "p99": share(times, 0.99), "longest": times[-1]}
        _say(f"{name:12} " + "   ".join(f"{part} {took:6.1f} ms" for part, took in parts.items()))
    missed = f"{done.missed} not among ten, {done.widened} widened or one word left out"
    _say(f"known item   MRR@10 {done.mrr:.3f}, {missed}")
    _say(f"index        {done.size / 1e6:.0f} MB, built in {done.build:.0f} s")
    _say("\n".join(done.faults) or "all targets met")
    return int(bool(done.faults) or (options.pages >= LEAST_WORDS and done.words < LEAST_WORDS))


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")


if __name__ == "__main__":
    sys.exit(main())
