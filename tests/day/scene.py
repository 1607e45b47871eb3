"""A day laid out: stacks in the order in which they go through the scanners, and the truth of every sheet in them."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from random import Random
from typing import Final

import cv2
import numpy as np
import pypdfium2 as pdfium
import segno
from PIL import Image

from bench import separators as damages
from bench.paper import Pixels
from dossier.separators import Separator, SheetKind, payload
from tests.day.papers import DPI, Dossier, Paper, damaged, dossiers, grained, papers
from tests.e2e.archive import file_pages

SHEET_DPI: Final = damages.DPI
_CLEAN: Final = 0.8  # of sound sheets: the others have the noise and blur of level 1
DAY: Final = date(2026, 3, 11)
FAULTS: Final = (
    "three corners torn",
    "scribbled over",
    "stained",
    "bad copy",
    "upside down",
    "missing",
    "another office's",
    "patch instead",
    "fed twice, apart",
    "blank sheet instead",
)
_HEADERS = ("STT", "Mã hồ sơ", "Mã TTHC", "Tên TTHC", "Tên cá nhân, tổ chức", "Số CCCD", "Kênh thực hiện")
_HEADERS += ("Ngày tiếp nhận", "Ngày hẹn trả", "Trạng thái hồ sơ")


@dataclass(frozen=True, slots=True)
class Share:
    """How often things go wrong, as shares of what they happen to."""

    separators: float = 0.10
    damaged: float = 0.02
    misplaced: float = 0.01
    upside_down: float = 0.03
    duplicates: float = 0.01


@dataclass(frozen=True, slots=True)
class Leaf:
    """One sheet as it was scanned.

    Attributes:
        digest: Of its pixels, read back from the file.
        dossier: Where it belongs; empty for a separator sheet.
        sign: By what the page says so; empty: by nothing.
        fault: What was done to it; empty: nothing.
        pile: Among whose papers it lay.
    """

    digest: str
    dossier: str
    sign: str
    fault: str
    pile: str


@dataclass(slots=True)
class _Sheet:
    pixels: Pixels
    dpi: int
    dossier: str = ""
    sign: str = ""
    fault: str = ""
    pile: str = ""


@dataclass(slots=True)
class Scene:
    """The whole day: dossiers, files of each stack by their names, and the truth.

    Stacks are given to the stations in turn.
    """

    dossiers: list[Dossier]
    leaves: list[Leaf] = field(default_factory=list)
    stacks: list[list[Path]] = field(default_factory=list)
    separator_faults: dict[str, int] = field(default_factory=dict)


def register(own: Sequence[Dossier]) -> str:
    """Return the one-stop software's register of the day as CSV."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(_HEADERS)
    for number, each in enumerate(own, start=1):
        person = each.person
        row = (number, each.code, "1.001193", each.matter, person.name, person.identity, "Trực tiếp")
        writer.writerow((*row, f"{DAY:%d/%m/%Y} 08:00", "20/03/2026 16:30", "Đang xử lý"))
    return out.getvalue()


def drawn(count: int, pages: int, seed: int) -> tuple[list[Dossier], list[list[Paper]]]:
    """Return dossiers and their papers: so many pages in all, two at least of each."""
    dice = Random(seed)
    own = dossiers(count, DAY, dice)
    sizes = [2] * count
    for _ in range(pages - sum(sizes)):
        sizes[dice.randrange(count)] += 1
    return own, [papers(each, size, dice) for each, size in zip(own, sizes, strict=True)]


def scanned(
    own: Sequence[Dossier], piles: Sequence[Sequence[Paper]], sheets: Path, folder: Path, seed: int, share: Share
) -> Scene:
    """Spoil a day, and write it down as scanning programs do: a file of many pages, or a folder of single ones.

    Args:
        own: The dossiers.
        piles: Their papers.
        sheets: PDF with the separator sheet of each dossier, in this order.
        folder: Where the stacks are put.
        seed: Of all chances.
        share: How often things go wrong.
    """
    dice = Random(seed + 1)
    made = [
        [_Sheet(p.pixels, DPI, p.dossier, p.sign, pile=each.code) for p in pile]
        for each, pile in zip(own, piles, strict=True)
    ]
    _misplace(made, own, dice, share)
    _spoil(made, dice, share)
    scene = Scene(list(own))
    faulty = dice.sample(range(len(own)), round(len(own) * share.separators))
    kinds = {at: FAULTS[number % len(FAULTS)] for number, at in enumerate(faulty)}
    document = pdfium.PdfDocument(sheets)
    try:
        stack: list[_Sheet] = []
        for at, pile in enumerate(made):
            gray = np.asarray(document[at].render(scale=SHEET_DPI / 72, grayscale=True).to_pil().convert("L"), np.uint8)
            fault = kinds.get(at, "")
            if fault:
                scene.separator_faults[fault] = scene.separator_faults.get(fault, 0) + 1
            stack += _with_sheet(pile, gray, fault, dice)
            if len(stack) > 60 or at == len(made) - 1:
                _write(stack, folder, scene)
                stack = []
    finally:
        document.close()
    return scene


def _misplace(made: list[list[_Sheet]], own: Sequence[Dossier], dice: Random, share: Share) -> None:
    """Put papers among those of another dossier, anywhere after its first."""
    every = [(at, sheet) for at, pile in enumerate(made) for sheet in pile[1:]]
    total, names = sum(map(len, made)), {each.code: each.person.name for each in own}
    for at, sheet in dice.sample(every, min(len(every), round(total * share.misplaced))):
        to = dice.choice([other for other in range(len(made)) if other != at])
        made[at] = [each for each in made[at] if each is not sheet]
        sheet.fault, sheet.pile = "misplaced", own[to].code
        if sheet.sign == "name" and names[sheet.dossier] == names[sheet.pile]:
            sheet.sign = ""  # among the papers of a namesake: a name says nothing there
        made[to].insert(dice.randint(1, len(made[to])), sheet)


def _spoil(made: list[list[_Sheet]], dice: Random, share: Share) -> None:
    every = [sheet for pile in made for sheet in pile]
    total = len(every)
    sound = [sheet for sheet in every if not sheet.fault]
    dice.shuffle(sound)
    for sheet in (sound.pop() for _ in range(round(total * share.damaged))):
        kind, sheet.pixels = damaged(sheet.pixels, dice)
        sheet.fault = f"damaged: {kind}"
    for sheet in (sound.pop() for _ in range(round(total * share.upside_down))):
        sheet.pixels, sheet.fault = np.ascontiguousarray(sheet.pixels[::-1, ::-1]), "upside down"
    for number, sheet in enumerate(sound.pop() for _ in range(round(total * share.duplicates))):
        pile = next(pile for pile in made if any(each is sheet for each in pile))
        again = _Sheet(sheet.pixels, sheet.dpi, sheet.dossier, sheet.sign, "the same file again", sheet.pile)
        if number % 2:
            rng = np.random.default_rng(dice.randrange(2**32))
            again.pixels, again.fault = grained(np.roll(sheet.pixels, 7, axis=0), 5.0, rng), "scanned twice"
        at = next(index for index, each in enumerate(pile) if each is sheet)
        pile.insert(at + 1, again)


def _with_sheet(pile: list[_Sheet], gray: Pixels, fault: str, dice: Random) -> list[_Sheet]:
    rng = np.random.default_rng(dice.randrange(2**32))
    sheet = _Sheet(_separator(gray, fault, rng), SHEET_DPI, fault=f"separator: {fault or 'sound'}")
    if fault == "missing":
        return pile
    if fault == "fed twice, apart":
        return [sheet, *pile[:1], _Sheet(_separator(gray, "", rng), SHEET_DPI, fault=sheet.fault), *pile[1:]]
    return [sheet, *pile]


def _separator(gray: Pixels, fault: str, rng: np.random.Generator) -> Pixels:
    found = {
        "three corners torn": lambda: damages.torn(gray, 3),
        "scribbled over": lambda: damages.spoiled(gray, rng),
        "stained": lambda: damages.stained(gray, rng),
        "bad copy": lambda: damages.copied(gray, rng),
        "upside down": lambda: np.ascontiguousarray(gray[::-1, ::-1]),
        "another office's": lambda: _foreign(gray),
        "patch instead": lambda: _patch(gray),
        "blank sheet instead": lambda: np.full_like(gray, 250),
    }.get(fault, lambda: gray)()
    if not fault and rng.random() < _CLEAN:
        return damages.turned(found, float(rng.uniform(-2, 2)))
    return damages.degraded(found, 1, rng)


def _foreign(gray: Pixels) -> Pixels:
    """Return a sheet as another office prints it, for a dossier that nobody here knows."""
    text = payload(Separator(SheetKind.DOSSIER, "H15.50.05.13-260311-0007"), bytes(range(32)))
    modules = np.asarray([list(row) for row in segno.make_qr(text, error="q").matrix], np.uint8)
    side = round(36 / 25.4 * SHEET_DPI) // len(modules)
    drawn_code = np.kron(1 - modules, np.ones((side, side), np.uint8)) * 255
    out = np.full_like(gray, 255)
    out[200 : 200 + len(drawn_code), 200 : 200 + len(drawn_code)] = drawn_code
    return out


def _patch(gray: Pixels) -> Pixels:
    """Return a sheet with the bars of Patch T alone."""
    out = np.full_like(gray, 255)
    inch, x = SHEET_DPI, 300
    for bar, gap in zip((0.08, 0.20, 0.08, 0.20), (0.08, 0.08, 0.08, 0.0), strict=True):
        cv2.rectangle(out, (x, 300), (x + round(bar * inch), 300 + 4 * inch), (0,), -1)
        x += round((bar + gap) * inch)
    return out


def _write(stack: list[_Sheet], folder: Path, scene: Scene) -> None:
    """Write a stack as one PDF, or every third as a folder of single JPEG files."""
    number = len(scene.stacks) + 1
    name, pages = f"xap-{number:03}", [_jpeg(each) for each in stack]
    if number % 3 == 0:
        target = folder / name
        target.mkdir(parents=True)
        files = [target / f"{place}.jpg" for place in range(1, len(pages) + 1)]
        for path, data in zip(files, pages, strict=True):
            path.write_bytes(data)
    else:
        folder.mkdir(parents=True, exist_ok=True)
        files = [folder / f"{name}.pdf"]
        _pdf(files[0], stack, pages)
    digests = [digest for path in files for digest in file_pages(path)]
    for each, digest in zip(stack, digests, strict=True):
        scene.leaves.append(Leaf(digest, each.dossier, each.sign, each.fault, each.pile))
    scene.stacks.append(files)


def _jpeg(each: _Sheet) -> bytes:
    out = io.BytesIO()
    Image.fromarray(each.pixels).save(out, "JPEG", quality=80, dpi=(each.dpi, each.dpi))
    return out.getvalue()


def _pdf(path: Path, stack: list[_Sheet], pages: list[bytes]) -> None:
    import pikepdf  # noqa: PLC0415 - only here

    with pikepdf.new() as document:
        for each, data in zip(stack, pages, strict=True):
            high, wide = each.pixels.shape
            picture = document.make_stream(
                data,
                Type=pikepdf.Name.XObject,
                Subtype=pikepdf.Name.Image,
                Width=wide,
                Height=high,
                ColorSpace=pikepdf.Name.DeviceGray,
                BitsPerComponent=8,
                Filter=pikepdf.Name.DCTDecode,
            )
            page = document.add_blank_page(page_size=(wide * 72 / each.dpi, high * 72 / each.dpi))
            page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im0=picture))
            page.Contents = document.make_stream(b"q %f 0 0 %f 0 0 cm /Im0 Do Q" % tuple(map(float, page.mediabox[2:])))
        document.save(path)
