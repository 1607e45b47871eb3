"""A stamp stops the page; the same letters anywhere else do not."""

from __future__ import annotations

import numpy as np
import pytest

from bench.paper import Paper, add_seal, add_stamp, blank_paper
from dossier.page import Box, Word
from ocr.arrays import Gray, Mask
from ocr.preparation.red import red_excess, red_mask
from ocr.rules import Rules
from ocr.secrecy import mark_in_words
from ocr.stamps import dark_frames, red_stamps

A4 = (1654, 2339)
RED = (200, 30, 45)
DARK = (20, 20, 20)


def line(*texts: str, left: int = 250, top: int = 400, height: int = 36, gap: int = 14) -> tuple[Word, ...]:
    """Return words side by side on one level."""
    words = []
    for text in texts:
        right = left + 22 * len(text)
        words.append(Word(text, Box(left, top, right, top + height), 90, top, 0))
        left = right + gap
    return tuple(words)


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (("MẬT",), "MẬT"),
        (("TỐI", "MẬT"), "TỐI MẬT"),
        (("TUYỆT", "MẬT"), "TUYỆT MẬT"),
        (("M", "Ậ", "T"), "MẬT"),
        (("[MẬT]",), "MẬT"),
        (("MÂT",), "MẬT"),
        (("Mật", "độ", "xây", "dựng:", "78%"), ""),
        (("MẬT", "ĐỘ", "XÂY", "DỰNG"), ""),
        (("BẢO", "MẬT"), ""),
        (("mật", "khẩu"), ""),
        (("Mật",), ""),
        (("mật",), ""),
        (("MẶT", "BẰNG"), ""),
        (("12", "MẬT"), ""),
    ],
)
def test_only_the_mark_alone_and_in_capitals_counts(rules: Rules, texts: tuple[str, ...], expected: str) -> None:
    """What stands beside the word, and its case, decide."""
    assert mark_in_words(line(*texts), A4, 200, rules.secrecy) == expected


@pytest.mark.parametrize(("text", "expected"), [("MẬT", "MẬT"), ("MẶT", ""), ("MÁT", ""), ("MẤT", ""), ("MAT", "")])
def test_what_is_not_the_mark_to_the_letter_must_be_seen_too(rules: Rules, text: str, expected: str) -> None:
    """Cells of a table hold such words; a misread stamp is one that looks like a stamp as well."""
    assert mark_in_words(line(text), A4, 200, rules.secrecy, lambda _: False) == expected
    assert mark_in_words(line(text), A4, 200, rules.secrecy, lambda _: True) == "MẬT"


def test_the_other_column_is_not_beside_it(rules: Rules) -> None:
    """Place and date stand on the same level, far to the right."""
    words = (*line("MẬT"), *line("Tân", "Hòa,", "ngày", "04", left=850))
    assert mark_in_words(words, A4, 200, rules.secrecy) == "MẬT"


@pytest.mark.parametrize(("left", "top"), [(1200, 400), (250, 1500), (250, 20)])
def test_elsewhere_on_the_page_it_is_a_word(rules: Rules, left: int, top: int) -> None:
    """Right half, lower half and the very top are not box 10a."""
    assert mark_in_words(line("MẬT", left=left, top=top), A4, 200, rules.secrecy) == ""


def test_small_print_is_no_stamp(rules: Rules) -> None:
    """Letters of the size of a table cell are not those of a stamp."""
    assert mark_in_words(line("MẬT", height=14), A4, 200, rules.secrecy) == ""


def stamped(colour: tuple[int, int, int], *, framed: bool = True) -> Paper:
    """Return an empty page with one stamp in box 10a."""
    paper = blank_paper(200)
    add_stamp(paper, "TỐI MẬT", (1.5, 2.0), colour=colour, framed=framed)
    return paper


def red_of(paper: Paper) -> Mask:
    """Return where the page is red."""
    return red_mask(red_excess(np.ascontiguousarray(paper.rgb[:, :, ::-1])))


def gray_of(paper: Paper) -> Gray:
    """Return the page in gray."""
    return np.asarray(paper.image.convert("L"), np.uint8)


@pytest.mark.parametrize("framed", [True, False])
def test_red_stamps_are_cut_out_without_their_frame(rules: Rules, framed: bool) -> None:  # noqa: FBT001
    """One piece comes out, and the first and last rows and columns of it are empty."""
    red = red_of(stamped(RED, framed=framed))
    (stamp,) = red_stamps(red, 200, rules.secrecy)
    ink = stamp.gray < 128
    assert ink.any()
    assert not ink[:12].any()
    assert not ink[:, :12].any()


def test_dark_frames_are_cut_out(rules: Rules) -> None:
    """A frame in a gray scan is found by its shape; a lone word is not a frame."""
    assert len(list(dark_frames(gray_of(stamped(DARK)), 200, rules.secrecy))) == 1
    assert list(dark_frames(gray_of(stamped(DARK, framed=False)), 200, rules.secrecy)) == []


def test_a_round_seal_is_not_taken_for_a_stamp(rules: Rules) -> None:
    """Seals are as tall as wide and larger than a stamp."""
    paper = blank_paper(200)
    add_seal(paper, (2.5, 2.5))
    red = red_of(paper)
    assert list(red_stamps(red, 200, rules.secrecy)) == []
    assert list(red_stamps(None, 200, rules.secrecy)) == []
