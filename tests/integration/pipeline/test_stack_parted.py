"""One PDF of several papers without separators: read, parted, each a document of its own, classified and signed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from bench.papers.pages import printed_pages
from bench.papers.template import filled, stack_templates, templates
from catalog import documents, events, pages
from dossier.errors import Code
from dossier.page import STANDS, Verdict
from dossier.people import Account, Role
from dossier.states import DocumentState
from ocr.reader import BoundedReader
from pipeline import doubtful_cuts
from pipeline.judging import PageWord, judge_page
from pipeline.verification import verify_dossier
from tests.fakes.office import PaperOffice

pytestmark = pytest.mark.parametrize("database", ["sqlite"])
_DPI = 150


def _paper(name: str, seed: int) -> list[Image.Image]:
    """Return the pages of a paper of the bench's dev set."""
    template = next(each for each in (*templates("dev"), *stack_templates("dev")) if each.name == name)
    return [Image.fromarray(page.rgb) for page in printed_pages(filled(template, seed), "dev", seed, _DPI)]


def _stack(path: Path) -> None:
    """Write two birth certificates and a decision with its regulation, which has a motto of its own, as one PDF."""
    children = [*_paper("giay_khai_sinh_1", 1), *_paper("giay_khai_sinh_1", 2)]
    images = [*children, *_paper("stacks/lop_quyet_dinh", 0)[:2]]
    images[0].save(path, "PDF", resolution=_DPI, save_all=True, append_images=images[1:])


def test_one_file_becomes_its_documents(office: PaperOffice) -> None:
    """Two children's certificates are two documents, the regulation belongs to its decision; each is signed alone."""
    _stack(office.folder() / "chong.pdf")
    with BoundedReader() as reader:
        office.services = replace(office.services, reader=reader)
        office.digitise()
    made = office.documents()
    assert [(each.kind, len(each.page_ids)) for each in made] == [
        ("GIAY_KHAI_SINH", 1),
        ("GIAY_KHAI_SINH", 1),
        ("QUYET_DINH", 2),
    ]
    assert {each.state for each in made} == {DocumentState.ARCHIVED}
    findings = list(verify_dossier(office.dossier(), office.services))
    assert len({finding.subject for finding in findings}) >= len(made)
    assert {finding.verdict for finding in findings} == {"valid"}


def _doubtful(office: PaperOffice) -> None:
    """Deliver a birth certificate and a page with the same title that says it is the second: nobody can know."""
    office.page("1.jpg", 10, text="GIẤY KHAI SINH\nHọ, chữ đệm, tên: LÊ VĂN TÁM\nNgười khai\n(Ký, ghi rõ họ tên)")
    office.page("2.jpg", 20, text="Trang 2/3\nGIẤY KHAI SINH")
    office.digitise()


def test_an_unsure_cut_is_told_until_somebody_has_looked(office: PaperOffice) -> None:
    """The page has a reason, the list a line, the chain a link with signs and no words; a person's word settles it."""
    _doubtful(office)
    assert [problem.code for problem in office.problems()] == [Code.SPLIT_UNSURE]
    document = office.documents()[-1]
    with office.services.catalogue.read() as tx:
        page = pages.by_ids(tx, document.page_ids)[-1]
        (link,) = [each for each in events.chain(tx, office.dossier().id) if each.kind == doubtful_cuts.EVENT]
        assert [each.id for each in documents.unconfirmed(tx, None, 9, sure=0.0)] == [document.id]
        (doubt,) = doubtful_cuts.doubts_of(tx, document, office.services)
    assert (doubt.number, doubt.starts) == (1, True)
    assert "trang trước đã có phần ký" in doubt.why
    assert (page.verdict, page.reasons) == (Verdict.LOOK, (doubtful_cuts.REASON,))
    assert set(link.payload) == {"scan", "starts", "confidence", "signs"}
    own = Account("", "mat", "Người xem", frozenset({Role.RECEIVER}), frozenset({"H99.27.14"}))
    judge_page(PageWord(document, len(document.page_ids), None), own, office.services)
    assert office.problems() == []
    with office.services.catalogue.read() as tx:
        assert pages.by_ids(tx, document.page_ids)[-1].reasons == (STANDS,)
