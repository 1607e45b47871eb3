"""Doubtful numbers and days of a document read a second time, from the pixels of its pages while they are held."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from classify.again import Doubt, doubts_of
from classify.extracted import ExtractedField
from classify.fields import Weighed
from classify.paper import Paper
from classify.settling import settled, votes_on
from dossier.errors import Rejected
from dossier.model import Page
from ocr.again import Piece, Readings
from pipeline.held import page_image
from pipeline.services import Services


def with_second_readings(
    paper: Paper, first: Sequence[Weighed], known: frozenset[str], own_pages: Sequence[Page], services: Services
) -> list[ExtractedField]:
    """Return the fields of a document, doubtful ones as second readings of their places have them.

    Where nothing is in doubt no pixel is touched. A page that is not held any more, or that its second reader did not
    survive, keeps what was read at first: nobody is the worse for it.

    Args:
        paper: The document as the rules see it.
        first: What was found on it.
        known: Names of fields that an independent source has already: they are in no doubt.
        own_pages: Its pages, as `paper` has them.
        services: Of this process.
    """
    doubts = doubts_of(paper, first, known)
    read = [(doubt, found) for doubt, found in _read(doubts, paper, own_pages, services) if found]
    votes = votes_on(paper, first, [doubt for doubt, _ in read], [found for _, found in read], _today(services))
    return settled(paper, first, votes)


def _read(
    doubts: Sequence[Doubt], paper: Paper, own_pages: Sequence[Page], services: Services
) -> list[tuple[Doubt, Readings]]:
    out: list[tuple[Doubt, Readings]] = []
    if services.second_reader is None:
        return out
    for page in sorted({doubt.page for doubt in doubts}):
        own = [doubt for doubt in doubts if doubt.page == page]
        pieces = [Piece(doubt.box, doubt.height, doubt.signs) for doubt in own]
        transform = paper.readings[page].transform
        try:
            data = page_image(own_pages[page], services)
            found = services.second_reader.read(data, own_pages[page].scan, transform, pieces)
        except Rejected:
            continue
        out += zip(own, found, strict=True)
    return out


def _today(services: Services) -> date:
    return services.clock().date()
