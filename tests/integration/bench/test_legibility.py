"""The reading bench from drawing to report, on a few pages."""

from __future__ import annotations

import hashlib

import cv2
import numpy as np
import pytest

from bench.legibility.page import made
from bench.legibility.plan import PageSpec, papers
from bench.legibility.print_page import printed
from bench.legibility.report import report
from bench.legibility.run import results
from bench.legibility.style import RANGES, SetName, style_of


@pytest.mark.parametrize("condition", [pytest.param("guilloche", marks=pytest.mark.long), "bad"])
def test_a_page_is_the_same_every_time(condition: str) -> None:
    """Nothing but the name of a page decides what it looks like; another number is another page."""
    digests = [hashlib.sha256(made(PageSpec("dev", condition, 200, number)).data).digest() for number in (1, 1, 2)]
    assert digests[0] == digests[1] != digests[2]


@pytest.mark.parametrize("name", ["dev", "frozen"])
def test_every_text_fits_on_its_page(name: SetName) -> None:
    """The widest face and the widest layout of the set take every paper whole."""
    ranges = RANGES[name]
    for index, paper in enumerate(papers(name)):
        face = ranges.faces[index % len(ranges.faces)]
        page = printed(paper, style_of(ranges, face, ranges.leaders[0], np.random.default_rng(index)), 60)
        edge = np.concatenate([page.rgb[:8].ravel(), page.rgb[-8:].ravel(), page.rgb[:, -8:].ravel()])
        assert len(page.truth.text().split()) > 100
        assert edge.min() > 200


def test_small_run_reports_what_was_read() -> None:
    """A clean page is read nearly without an error, a white one gives no word, and the report has both."""
    specs = [PageSpec("dev", "clean", 200, 3), PageSpec("dev", "white", 200, 0)]
    found = [result for _, row in results(specs, ("hososo", "plain")) for result in row]
    assert [result.reader for result in found] == ["hososo", "plain"] * 2
    assert found[0].score.letters > 500
    assert found[0].score.cer < 10
    assert found[2].score.read_words == 0
    assert all(result.reading.seconds > 0 and result.reading.peak > 10 for result in found)
    text = report(found)
    assert "clean 200" in text
    assert "no word invented on blank pages: 0 on 1 pages" in text


def test_turned_page_is_the_page_turned() -> None:
    """A turned page holds the same ink."""
    page = made(PageSpec("dev", "turned", 200, 0))
    image = np.asarray(cv2.imdecode(np.frombuffer(page.data, np.uint8), cv2.IMREAD_GRAYSCALE))
    assert image.shape == (page.scan.height, page.scan.width)
    assert 0.005 < float(np.mean(image < 128)) < 0.2
