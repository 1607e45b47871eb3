"""Pages that were really read: drawn papers of invented people, scanned as offices scan, read by the product.

A page is made of its number alone and read once: what was read is kept beside the checkout, in `.bench/search`, so that
a bench of 2,000 pages costs its hour once. Texts are those of the sample documents and of the pages that readers are
developed on; names, numbers and dates in them are replaced by others, so that no two pages tell of the same person.
Six pages in ten come from an ordinary scanner, four have one of the faults that the legibility bench draws.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from random import Random
from typing import Final

import cv2
import numpy as np

from bench.legibility.conditions.table import BY_NAME
from bench.legibility.readers.engines import Ours
from bench.legibility.style import drawn
from bench.paper import Pixels, add_seal, jpeg, scanned, skewed, typed_paper
from dossier.scan import Encoding, PageScan

FORM: Final = 1
"""Raise it when pages or the way they are read change: those kept are then read again."""

_ROOT: Final = Path(__file__).parent.parent
_SAMPLES: Final = _ROOT / "tests" / "sample_documents"
_TEXTS: Final = _ROOT / "bench" / "legibility" / "texts" / "dev"
_DPI: Final = 200
_QUALITY: Final = 75
_FAULTS: Final = ("skew", "gauss", "blur", "uneven_light", "show_through", "faded", "jpeg", "coloured_paper")
_SURNAMES: Final = "Nguyễn Trần Lê Phạm Hoàng Huỳnh Phan Vũ Võ Đặng Bùi Đỗ Hồ Ngô Dương Lý Quàng Lò Vi Hà"
_MIDDLE: Final = "Văn Thị Hữu Đức Minh Ngọc Quang Thanh Xuân Thu Kim Hồng Công Đình Bá Gia Khánh Mỹ"
_GIVEN: Final = (
    "An Ánh Anh Bình Bảo Châu Chi Cường Dung Dũng Duy Đạt Đông Giang Hà Hải Hạnh Hiền Hiếu Hoa Hòa Hùng Huệ "
    "Hưng Khang Khoa Kiên Lan Liên Linh Loan Long Lộc Mai Mạnh My Nam Nga Ngân Nghĩa Nhung Oanh Phong Phúc "
    "Phượng Quân Quyên Sơn Tâm Tân Thảo Thắng Thịnh Thoa Thủy Tiến Toàn Trang Trinh Trung Tuấn Tú Uyên Vân "
    "Việt Vinh Xuyến Yến"
)
_NAME: Final = re.compile(rf"\b(?:{'|'.join((_SURNAMES + ' ' + _SURNAMES.upper()).split())})(?: [^\W\d_]+){{2,3}}\b")
_MARKUP: Final = re.compile(r"^(?:#+ |\^ |[*%/]) ?|[|\[\]]+|(?<=\|\| )[*/]", re.MULTILINE)
_DIGITS: Final = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class ReadPage:
    """A page with what it says and what was read of it."""

    number: int
    fault: str
    truth: str
    text: str


def read_pages(count: int, folder: Path) -> Iterator[ReadPage]:
    """Yield so many pages, those that were read before from the folder."""
    kept = folder / f"form-{FORM}"
    kept.mkdir(parents=True, exist_ok=True)
    reader: Ours | None = None
    for number in range(count):
        file = kept / f"{number:05}.json"
        if file.exists():
            yield ReadPage(**json.loads(file.read_text(encoding="utf-8")))
            continue
        reader = reader or Ours()
        page = _read(number, reader)
        beside = file.with_suffix(".new")
        beside.write_text(json.dumps(asdict(page), ensure_ascii=False), encoding="utf-8")
        beside.rename(file)
        yield page


def texts() -> list[str]:
    """Return the texts that pages are made of, in order, without the marks of their layout."""
    files = [*sorted(_SAMPLES.glob("*.txt")), *sorted(_TEXTS.glob("*.txt"))]
    return [_MARKUP.sub("", file.read_text(encoding="utf-8")) for file in files]


def invented(text: str, rng: Random) -> str:
    """Return a text about other people, with other numbers."""
    people: dict[str, str] = {}
    named = _NAME.sub(lambda match: _somebody(match[0], people, rng), text)
    return _DIGITS.sub(lambda match: _other(match[0], rng), named)


def names_on(text: str) -> list[str]:
    """Return the names that were put on a page, each once."""
    return list(dict.fromkeys(name for name in _NAME.findall(text) if _is_invented(name)))


def _is_invented(name: str) -> bool:
    surname, *middle, given = name.title().split()
    known = surname in _SURNAMES.split() and given in _GIVEN.split()
    return known and all(one in _MIDDLE.split() for one in middle)


def _somebody(name: str, people: dict[str, str], rng: Random) -> str:
    """Return the name that stands in place of one, the same all over a page; what is no name stays."""
    if not (name.isupper() or name.istitle()):
        return name
    instead = people.get(name.title())
    if instead is None:
        middle = " ".join(rng.sample(_MIDDLE.split(), rng.randint(1, 2)))
        instead = people[name.title()] = f"{rng.choice(_SURNAMES.split())} {middle} {rng.choice(_GIVEN.split())}"
    return instead.upper() if name.isupper() else instead


def _other(number: str, rng: Random) -> str:
    """Return a number of the same length; years stay years, and days and months what they are."""
    if len(number) == 4 and number.startswith(("19", "20")):  # noqa: PLR2004 - a year
        return str(rng.randint(1950, 2026))
    if len(number) < 3:  # noqa: PLR2004 - days, months, articles
        return number
    return number[0] + "".join(rng.choice("0123456789") for _ in number[1:])


def _read(number: int, reader: Ours) -> ReadPage:
    cv2.setNumThreads(1)
    rng = Random(number)  # noqa: S311 - pages, not keys
    sources = texts()
    text = invented(sources[number % len(sources)], rng)
    fault = rng.choice(_FAULTS) if rng.random() < 0.4 else ""  # noqa: PLR2004 - the share that the module states
    rgb, quality = _scan(text, number, fault, rng)
    data = jpeg(rgb, quality)
    scan = PageScan(Encoding.JPEG, rgb.shape[1], rgb.shape[0], _DPI, _DPI, 3)
    return ReadPage(number, fault, " ".join(text.split()), reader.read(data, scan))


def _scan(text: str, number: int, fault: str, rng: Random) -> tuple[Pixels, int]:
    paper = typed_paper(text, _DPI)
    add_seal(paper, (5.8, 9.3))
    if not fault:
        return scanned(skewed(paper.rgb, rng.uniform(-0.8, 0.8)), seed=number), _QUALITY
    condition, noise = BY_NAME[fault], np.random.default_rng(number)
    strength = drawn(noise, condition.strengths("dev"))
    quality = round(drawn(noise, condition.qualities("dev"))) or _QUALITY
    return condition.apply(paper.rgb, noise, _DPI, strength), quality
