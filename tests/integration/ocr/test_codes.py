"""Codes on pages: separator sheets through scanners, others' codes, patch codes; and pages that have none."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import cv2
import numpy as np
import pytest
import segno

from bench.codeless import codeless
from bench.paper import Pixels, add_seal, scanned, typed_paper
from bench.separators import CONDITIONS, Drawn, measured, sheets, spoiled
from dossier.errors import Code, Rejected
from dossier.page import PageCodes
from dossier.scan import Encoding, PageScan
from ocr.code_reader import BoundedCodeReader
from ocr.codes import codes_on, may_have_codes

_PATCH_T = (1, 1, 2.5, 1, 1, 1, 2.5)


@pytest.fixture(scope="module")
def drawn() -> list[Drawn]:
    """Two sheets as they come out of the printer."""
    return sheets(2, seed=7)


@pytest.fixture
def reader() -> Iterator[BoundedCodeReader]:
    """A reader in a child process."""
    with BoundedCodeReader() as own:
        yield own


@pytest.mark.parametrize("name", ["level 2", "upside down, level 1", "three corners torn, level 2"])
def test_sheets_are_read(name: str, drawn: list[Drawn]) -> None:
    """Blurred, noisy, askew, upside down, with one code left: what they say, nothing else."""
    tally = measured(drawn[1:], CONDITIONS[name], seed=3)
    assert (tally.read, tally.wrong) == (1, 0)


def test_a_sheet_that_cannot_be_read_is_told(drawn: list[Drawn]) -> None:
    """Scribbled over, all four codes: none is read, and a person will be told that there was one."""
    found = codes_on(spoiled(drawn[0].gray, np.random.default_rng(5)), 300)
    assert found.unread
    assert not found.found


def test_pages_without_a_code_have_none() -> None:
    """Text, table, squares, noise, drawing: no code, no patch."""
    for kind, page in codeless(5, seed=11):
        found = codes_on(page, 300)
        assert (kind, found.found, found.patch) == (kind, (), False)


def test_several_codes_on_one_page() -> None:
    """Each with its place; a small one of another maker's beside a large one."""
    page = np.full((3508, 2480), 255, np.uint8)
    _put(page, "HOSOSO:1:B:one::A", 12, (200, 300))
    _put(page, "https://vi-du.vn", 6, (1500, 2000))
    found = {code.text: code.box for code in codes_on(page, 300).found}
    assert set(found) == {"HOSOSO:1:B:one::A", "https://vi-du.vn"}
    assert abs(found["https://vi-du.vn"].left - 1500) < 12
    assert abs(found["https://vi-du.vn"].top - 2000) < 12


def test_the_small_code_of_an_identity_card() -> None:
    """17 mm wide at 300 dpi, a little grain: read where small codes are looked for."""
    said = "001190004461|123456789|Nguyễn Thị Đèo|05031990|Nữ|Số 12, đường Trần Phú, phường Tân Hòa, Hải Lâm|01012021"
    page = np.full((3508, 2480), 235, np.uint8)
    _put(page, said, 4, (1500, 600))
    grain = np.random.default_rng(1).normal(0, 12, page.shape)
    scan = np.clip(cv2.GaussianBlur(page, (0, 0), 1.0) + grain, 0, 255).astype(np.uint8)
    assert [code.text for code in codes_on(scan, 300, fine=True).found] == [said]
    assert may_have_codes(scan, 300)


def test_print_is_not_looked_at_for_codes() -> None:
    """Lines of text, a seal, rules; a large code beside them is."""
    paper = typed_paper("Căn cứ Luật Tổ chức chính quyền địa phương ngày 16 tháng 6 năm 2025;\n" * 30)
    add_seal(paper, (5.8, 9.3))
    page = np.asarray(cv2.cvtColor(scanned(paper.rgb), cv2.COLOR_RGB2GRAY), np.uint8)
    assert not may_have_codes(page, 300)
    _put(page, "HOSOSO:1:B:one::A", 12, (200, 300))
    assert may_have_codes(page, 300)


@pytest.mark.parametrize("turns", range(4))
def test_patch_t(turns: int) -> None:
    """Bars along and across, either way up; a little askew."""
    page = np.rot90(_patch(_PATCH_T), turns)
    height, width = page.shape
    askew = cv2.warpAffine(
        np.ascontiguousarray(page),
        cv2.getRotationMatrix2D((width / 2, height / 2), 1.0, 1.0),
        (width, height),
        borderValue=(255,),
    )
    assert codes_on(np.asarray(askew, np.uint8), 300).patch


@pytest.mark.parametrize("bars", [(2.5, 1, 1, 1, 1, 1, 2.5), (1, 1, 1, 1, 1, 1, 1), (2.5, 1, 2.5, 1, 1, 1, 1)])
def test_other_bars_are_no_patch_t(bars: tuple[float, ...]) -> None:
    """Neither other patch codes nor bars of a table."""
    assert not codes_on(_patch(bars), 300).patch


def test_the_child_gives_places_on_the_scan(reader: BoundedCodeReader) -> None:
    """Through the coding of a page, in a process of its own."""
    page = np.full((1200, 900), 255, np.uint8)
    _put(page, "HOSOSO:1:B:hai::A", 8, (100, 150))
    found = reader.look(_png(page), PageScan(Encoding.PNG, 900, 1200, 300.0, 300.0, 1))
    assert [code.text for code in found.found] == ["HOSOSO:1:B:hai::A"]
    assert abs(found.found[0].box.left - 100) < 12


def test_a_damaged_page_is_refused(reader: BoundedCodeReader) -> None:
    """And the next page is read."""
    scan = PageScan(Encoding.PNG, 900, 1200, 300.0, 300.0, 1)
    with pytest.raises(Rejected) as caught:
        reader.look(b"\x89PNG\r\n\x1a\n" + bytes(100), scan)
    assert caught.value.code is Code.IMAGE_DAMAGED
    assert reader.look(_png(np.full((1200, 900), 255, np.uint8)), scan) == PageCodes()


def _put(page: Pixels, text: str, scale: int, at: tuple[int, int]) -> None:
    modules = np.asarray([list(row) for row in segno.make_qr(text).matrix], np.uint8)
    drawn = np.kron(1 - modules, np.ones((scale, scale), np.uint8)) * 255
    page[at[1] : at[1] + len(drawn), at[0] : at[0] + len(drawn)] = drawn


def _patch(bars: tuple[float, ...]) -> Pixels:
    page = np.full((3508, 2480), 255, np.uint8)
    at = 400.0
    for index, width in enumerate(bars):
        if index % 2 == 0:
            page[round(at) : round(at + width * 24), 400:1900] = 0
        at += width * 24
    return page


def _png(page: Pixels) -> bytes:
    data: Any = cv2.imencode(".png", page)[1]
    return bytes(data)
