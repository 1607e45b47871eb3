"""Stacks: several dossiers scanned as one, each page in the right one or in front of a person, none lost or twice."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path

import pytest
from PIL import Image

from catalog import events, hand_overs, intakes, stacks
from catalog.stacks import StackPart
from dossier.errors import Code, Rejected
from dossier.people import Account, Role
from dossier.separators import Separator, SheetKind, payload
from dossier.stacks import Doubt, PartState
from dossier.states import IntakeState
from pipeline import handing_over, people
from pipeline.handing_over import Wish
from pipeline.handing_stacks import EVENT, assign, hand_over_parts, waiting
from pipeline.spool_sweeping import sweep_spool
from pipeline.stack_sources import STACK_KEY, sources_of
from pipeline.stacks import take_stack
from pipeline.taking_over import take_over_all
from tests.fakes.office import CODE, OTHER_CODE, PaperOffice
from tests.fakes.stacks import paper, pdf, png, sheet, sheet_code

pytestmark = pytest.mark.parametrize("database", ["sqlite", pytest.param("postgresql", marks=pytest.mark.long)])
_OTHERS_KEY = b"x" * 32


@pytest.fixture
def clerk(office: PaperOffice) -> Account:
    """Give somebody at a counter."""
    own = Account("", "quay.1", "Quầy một", frozenset({Role.RECEIVER}), frozenset({"H99.27.14"}))
    return people.create(own, "một mật khẩu dài", "test", office.services)


def _tiff(images: Sequence[Image.Image], compression: str) -> bytes:
    out = io.BytesIO()
    own = [image.convert("1") if compression == "group4" else image for image in images]
    own[0].save(out, "TIFF", compression=compression, dpi=(100, 100), save_all=True, append_images=own[1:])
    return out.getvalue()


def _digests(path: Path, office: PaperOffice) -> list[str]:
    return [taken.sha256 for taken in office.services.taker.pages(path)]


def _parts(office: PaperOffice, stack_id: str) -> list[StackPart]:
    with office.services.catalogue.read() as tx:
        return stacks.parts(tx, stack_id)


def _all_in(office: PaperOffice) -> None:
    hand_over_parts(office.services)
    for _ in range(3):
        office.drain()
        take_over_all(office.services)
    office.drain()


@pytest.mark.parametrize(
    "kind", ["pdf", *(pytest.param(kind, marks=pytest.mark.long) for kind in ("group4", "tiff_lzw"))]
)
def test_one_file_goes_to_two_dossiers(kind: str, office: PaperOffice, clerk: Account) -> None:
    """The very images, in order; what came before the first sheet waits; the file stays as it is."""
    images = [
        paper(1),
        sheet(sheet_code(office, CODE)),
        paper(2),
        paper(3),
        sheet(sheet_code(office, OTHER_CODE)),
        paper(4),
    ]
    data = pdf(images) if kind == "pdf" else _tiff(images, kind)
    name = "xap.pdf" if kind == "pdf" else "xap.tif"
    folder = office.scans_in("stack", {name: data})
    scans = _digests(folder / name, office)
    own, is_new = take_stack(folder, clerk, office.services, not_secret=True)
    assert is_new
    _all_in(office)
    assert office.scans(CODE) == scans[2:4]
    assert office.scans(OTHER_CODE) == scans[5:]
    assert (folder / name).read_bytes() == data
    ((_, left),) = waiting(office.services)
    assert (left.part.doubt, left.position) == (Doubt.NO_SEPARATOR, 1)
    with office.services.catalogue.read() as tx:
        dossier = intakes.find_dossier(tx, OTHER_CODE)
        assert dossier is not None
        (told,) = [each for each in events.chain(tx, dossier.id) if each.kind == EVENT]
    assert told.payload["pages"] == [[own.files[0].sha256, 6]]
    assert told.payload["separators"] == [[own.files[0].sha256, 5]]


def test_whole_files_stay_themselves(office: PaperOffice, clerk: Account) -> None:
    """Pages as files of their own: their bytes go to the dossier; the same stack again is the same one."""
    first = sheet(sheet_code(office, CODE, "to-khai"))
    files = {"1.png": png(first), "2.png": png(paper(7)), "10.png": png(paper(8))}
    folder = office.scans_in("stack", files)
    own, _ = take_stack(folder, clerk, office.services, not_secret=True)
    assert take_stack(folder, clerk, office.services, not_secret=True) == (own, False)
    _all_in(office)
    assert hand_over_parts(office.services).done == 0
    with office.services.catalogue.read() as tx:
        dossier = intakes.find_dossier(tx, CODE)
        assert dossier is not None
        last = intakes.latest(tx, dossier.id)
        assert last is not None
        found = [(file.component, file.sha256) for file in intakes.files(tx, last.id)]
        assert hand_overs.of_intake(tx, last.id) is not None
    assert found == [("to-khai", own.files[1].sha256), ("to-khai", own.files[2].sha256)]
    assert sorted(sources_of(last.id, office.services)) == sorted(
        (folder / file.name, file.sha256) for file in own.files[1:]
    )
    sweep_spool(office.services)
    assert not list(office.services.spool.stack(own.id).glob("*"))


def test_a_person_decides(office: PaperOffice, clerk: Account) -> None:
    """A sheet that was not printed here and a file that is none: nothing goes anywhere before that, then once."""
    foreign = payload(Separator(SheetKind.DOSSIER, OTHER_CODE), _OTHERS_KEY)
    files = {
        "1.png": png(sheet(foreign)),
        "2.png": png(paper(1)),
        "3.png": b"\x89PNG\r\n\x1a\nno",
        "4.png": png(paper(2)),
    }
    folder = office.scans_in("stack", files)
    own, _ = take_stack(folder, clerk, office.services, not_secret=True)
    assert [(each.part.doubt, len(each.part.pages)) for each in _parts(office, own.id)] == [
        (Doubt.UNCONFIRMED, 1),
        (Doubt.PAGE_UNREAD, 2),
    ]
    assert hand_over_parts(office.services).done == 0
    done = assign(own.id, 1, CODE, "", clerk, office.services)
    assert done.state is PartState.HANDED_OVER
    with pytest.raises(Rejected) as refused:
        assign(own.id, 1, CODE, "", clerk, office.services)
    assert refused.value.code is Code.REQUEST_INVALID
    _all_in(office)
    assert len(office.scans(CODE)) == 1


def test_a_dossier_of_another_unit_waits(office: PaperOffice, clerk: Account) -> None:
    """The sheet is ours, the clerk may not hand over for it: a person decides, nothing is lost."""
    folder = office.scans_in(
        "stack", {"1.png": png(sheet(sheet_code(office, "H11.22-260211-0001"))), "2.png": png(paper(1))}
    )
    own, _ = take_stack(folder, clerk, office.services, not_secret=True)
    assert hand_over_parts(office.services).put_off == 1
    (part,) = _parts(office, own.id)
    assert (part.state, part.part.doubt) == (PartState.WAITING, Doubt.NOT_TAKEN)
    assert any((office.services.spool.stack(own.id) / "1").iterdir())


def test_a_hand_over_that_was_cut_off_is_begun_anew(office: PaperOffice, clerk: Account) -> None:
    """Abandoned before its pages were in it: they are still there, and go into another one."""
    folder = office.scans_in("stack", {"1.png": png(paper(3))})
    own, _ = take_stack(folder, clerk, office.services, not_secret=True)
    wish = Wish(f"{STACK_KEY}{own.id}.1.1", OTHER_CODE, not_secret=True)
    handing_over.abandon(handing_over.begin(wish, clerk, office.services), office.services)
    assert assign(own.id, 1, OTHER_CODE, "", clerk, office.services).state is PartState.HANDED_OVER
    assert len(office.scans(OTHER_CODE)) == 0
    _all_in(office)
    assert len(office.scans(OTHER_CODE)) == 1


def test_nobody_has_looked(office: PaperOffice, clerk: Account, tmp_path: Path) -> None:
    """Without the word that nothing is secret, and with an unfinished file beside it, nothing is taken."""
    folder = office.scans_in("stack", {"1.png": png(paper(1)), "2.png.part": b"x"})
    with pytest.raises(Rejected) as refused:
        take_stack(folder, clerk, office.services, not_secret=False)
    assert refused.value.code is Code.SECRECY_UNANSWERED
    with pytest.raises(Rejected) as refused:
        take_stack(folder, clerk, office.services, not_secret=True)
    assert refused.value.code is Code.FILE_CHANGED_WHILE_READ
    with pytest.raises(Rejected) as refused:
        take_stack(tmp_path / "nowhere", clerk, office.services, not_secret=True)
    assert refused.value.code is Code.FOLDER_NOT_FOUND


def test_nothing_of_a_secret_page_is_left(office: PaperOffice, clerk: Account) -> None:
    """It stops its dossier; the file that it was scanned in goes too, the other dossier's pages do not."""
    images = [sheet(sheet_code(office, CODE)), paper(1), sheet(sheet_code(office, OTHER_CODE)), paper(2)]
    folder = office.scans_in("stack", {"xap.pdf": pdf(images), "ghi chú.png": png(paper(9))})
    scans = _digests(folder / "xap.pdf", office)
    office.reader.secret.add(scans[1])
    take_stack(folder, clerk, office.services, not_secret=True)
    _all_in(office)
    assert not (folder / "xap.pdf").exists()
    assert (folder / "ghi chú.png").exists()
    with office.services.catalogue.read() as tx:
        dossier = intakes.find_dossier(tx, CODE)
        assert dossier is not None
        last = intakes.latest(tx, dossier.id)
        assert last is not None
    assert last.state is IntakeState.STOPPED
    assert scans[3] in office.scans(OTHER_CODE)
    held = [path for path in office.services.spool.root.rglob("*") if path.is_file() and path.suffix == ".pdf"]
    assert all(scans[1] not in _digests(path, office) for path in held)
