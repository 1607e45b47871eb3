"""What only the whole dossier tells: a page missing by its number, a sheet twice."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from catalog import documents, events, intakes, pages, problems
from dossier.digest import of_bytes
from dossier.errors import Code
from dossier.people import Account, Role
from dossier.states import DocumentState
from pipeline import people
from pipeline.judging import PageWord, judge_page
from pipeline.whole_dossier import EVENT
from tests.fakes.office import CODE, PaperOffice

pytestmark = pytest.mark.parametrize("database", ["sqlite", pytest.param("postgresql", marks=pytest.mark.long)])
_WORDS = " ".join(f"chữ{number} dòng{number}" for number in range(40))


@pytest.fixture
def clerk(office: PaperOffice) -> Account:
    """Give somebody at a counter."""
    own = Account("", "quay.1", "Quầy một", frozenset({Role.RECEIVER}), frozenset({"H99.27.14"}))
    return people.create(own, "một mật khẩu dài", "test", office.services)


def _told(office: PaperOffice) -> list[tuple[Code, str, str]]:
    with office.services.catalogue.read() as tx:
        found = problems.open_problems(tx)
    return [(each.code, each.subject, each.detail) for each in found if each.code is not Code.FOLDER_CHANGED]


def _reasons(office: PaperOffice) -> dict[str, tuple[str, ...]]:
    with office.services.catalogue.read() as tx:
        dossier = intakes.find_dossier(tx, CODE)
        assert dossier is not None
        found = documents.live(tx, dossier.id)
        assert {each.state for each in found} == {DocumentState.ARCHIVED}
        return {page.label: page.reasons for each in found for page in pages.by_ids(tx, each.page_ids) if page.reasons}


def test_a_missing_page_is_told_until_it_comes(office: PaperOffice) -> None:
    """On the page after the gap and on the list, in the chain; signed all the same; scanned later, it is over."""
    for number in (1, 2, 4):
        office.page(f"{number}.jpg", 40 * number, text=f"Trang {number}/4")
    office.digitise()
    assert _told(office) == [(Code.PAGE_NUMBERS, "4.jpg#1", "3")]
    assert _reasons(office) == {"4.jpg#1": ("number_gap",)}
    with office.services.catalogue.read() as tx:
        dossier = intakes.find_dossier(tx, CODE)
        assert dossier is not None
        assert [each.kind for each in events.chain(tx, dossier.id)].count(EVENT) == 1
    office.page("3.jpg", 120, text="Trang 3/4")
    office.digitise()
    assert (_told(office), _reasons(office)) == ([], {})


def test_a_person_settles_it(office: PaperOffice, clerk: Account) -> None:
    """The paper is like this: the page stands, and the same scans with more of them are not doubted again."""
    for number in (1, 2, 4):
        office.page(f"a/{number}.jpg", 40 * number, text=f"Trang {number}/4")
    office.digitise()
    with office.services.catalogue.read() as tx:
        dossier = intakes.find_dossier(tx, CODE)
        assert dossier is not None
        (own,) = documents.live(tx, dossier.id)
    judge_page(PageWord(own, 3, None), clerk, office.services)
    assert _told(office) == []
    office.page("b/1.jpg", 200)
    office.digitise()
    assert _told(office) == []
    assert _reasons(office) == {"a/4.jpg#1": ("page_stands",)}


def _sheet(seed: int, grain: int) -> bytes:
    """Return a scan of lines of print: the same seed is the same sheet, another grain another scan of it."""
    rng, noise = np.random.default_rng(seed), np.random.default_rng(grain)
    page = np.full((1754, 1240), 235, np.float32)
    for top in range(120, 1600, 34):
        left = 100
        while left < 1100:
            width = int(rng.integers(20, 130))
            page[top : top + 14, left : left + width] = 40
            left += width + 14
    out = io.BytesIO()
    grained = np.clip(page + noise.normal(0, 6, page.shape), 0, 255).astype(np.uint8)
    Image.fromarray(grained).save(out, "JPEG", dpi=(150, 150))
    return out.getvalue()


def test_a_sheet_of_another_day_is_known_again(office: PaperOffice) -> None:
    """Much the same words and the same picture; much the same words alone say nothing: forms have them."""

    def put(name: str, data: bytes, text: str) -> None:
        (office.folder() / name).write_bytes(data)
        office.reader.texts[of_bytes(data)] = text
        office.digitise()

    put("1.jpg", _sheet(1, 1), _WORDS)
    put("2.jpg", _sheet(2, 2), _WORDS.replace("chữ8", "chư8"))
    assert _told(office) == []
    put("3.jpg", _sheet(1, 3), _WORDS.replace("chữ7", "chư7"))
    assert _told(office) == [(Code.SHEET_TWICE, "3.jpg#1", "1.jpg#1")]
    assert _reasons(office) == {"3.jpg#1": ("same_sheet",)}
