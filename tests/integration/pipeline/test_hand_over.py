"""Hand-overs: whole or not at all, nothing twice, and told page by page until the archive has them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from catalog import Catalogue, access, comparison, hand_overs, intakes
from dossier.digest import of_bytes
from dossier.errors import Code, HososoError, Rejected
from dossier.handing_over import HandOver, HandOverState
from dossier.people import Account, Role
from dossier.states import DocumentState, Step
from pipeline import handing_over, moving, people
from pipeline.hand_over_progress import Stage
from pipeline.handing_over import FileWish, Wish
from pipeline.installation import Installation
from pipeline.rebuilding import FOUND as NOBODYS
from pipeline.rebuilding import rebuild
from pipeline.receiving_files import receiving
from pipeline.sealing import seal
from pipeline.spool_sweeping import sweep_spool
from pipeline.taking_over import take_over, take_over_all
from pipeline.verification import verify_dossier
from tests.fakes.office import CODE, OTHER_CODE, PaperOffice, jpeg
from tests.fakes.station import Station

pytestmark = pytest.mark.parametrize("database", ["sqlite", pytest.param("postgresql", marks=pytest.mark.long)])


@pytest.fixture
def station(office: PaperOffice) -> Station:
    """Give a station of one unit."""
    own = Account("", "tram.1", "Trạm một", frozenset({Role.RECEIVER}), frozenset({"H99.27.14"}))
    return Station(office, people.create(own, "một mật khẩu dài", "test", office.services))


def code_of(refused: pytest.ExceptionInfo[HososoError]) -> Code:
    """Return the code of an error."""
    return refused.value.code


def test_a_hand_over_goes_its_way(office: PaperOffice, station: Station) -> None:
    """Two files are committed, read, signed, archived; the station is told when it may forget them."""
    own = station.hand_over("k1", {"1.jpg": jpeg(10), "2.jpg": jpeg(20)})
    assert own.state is HandOverState.PLACED
    assert station.progress(own).stage is Stage.READING
    office.drain()
    found = station.progress(own)
    assert (found.stage, found.pages, found.read, found.is_over) == (Stage.ARCHIVED, 2, 2, True)
    assert [each.is_archived for each in found.files] == [True, True]
    with office.services.catalogue.read() as tx:
        said = [line.action for line in access.lines(tx)]
    assert said[-2:] == ["hand_over.begin", "hand_over.commit"]


def test_nothing_is_seen_before_it_is_committed(office: PaperOffice, station: Station) -> None:
    """Files of an open hand-over are no part of any dossier; an incomplete one is not committed."""
    own = station.begin("k1")
    station.send(own, "1.jpg", jpeg(10))
    handing_over.add_file(own, FileWish("2.jpg", of_bytes(jpeg(20)), len(jpeg(20))), office.services)
    with pytest.raises(Rejected) as refused:
        station.commit(own)
    assert code_of(refused) is Code.HAND_OVER_INCOMPLETE
    assert take_over_all(office.services) == 0
    assert not office.services.spool.dossier(CODE).exists()


def test_the_same_again_is_the_same(office: PaperOffice, station: Station) -> None:
    """Key, file and commitment repeated change nothing; the key for something else, or another file of a name, does."""
    own = station.hand_over("k1", {"1.jpg": jpeg(10)})
    assert station.begin("k1").id == own.id
    with pytest.raises(Rejected) as refused:
        station.begin("k1", OTHER_CODE)
    assert code_of(refused) is Code.HAND_OVER_CONFLICT
    assert station.commit(own).state is HandOverState.PLACED
    with pytest.raises(Rejected) as refused:
        handing_over.commit(own, {"9.jpg": "0" * 64}, office.services)
    assert code_of(refused) is Code.HAND_OVER_CONFLICT
    other = station.begin("k2")
    station.send(other, "1.jpg", jpeg(30))
    with pytest.raises(Rejected) as refused:
        station.send(other, "1.jpg", jpeg(40))
    assert code_of(refused) is Code.HAND_OVER_CONFLICT


def test_a_later_hand_over_adds_to_the_dossier(office: PaperOffice, station: Station) -> None:
    """While the first is read the second waits; then it adds: names that are taken get numbers, bytes come once."""
    first = station.hand_over("k1", {"scan.jpg": jpeg(10)})
    second = station.hand_over("k2", {"scan.jpg": jpeg(20), "again.jpg": jpeg(10)})
    assert second.state is HandOverState.COMMITTED
    assert station.progress(second).stage is Stage.WAITING
    office.drain()
    assert take_over_all(office.services) == 1
    office.drain()
    names = sorted(path.name for path in office.services.spool.dossier(CODE).rglob("*.jpg"))
    assert names == ["scan-2.jpg", "scan.jpg"]
    assert sum(len(document.page_ids) for document in office.documents()) == 2
    for own in (first, second):
        assert station.progress(own).stage is Stage.ARCHIVED
    assert [len(each.pages) for each in station.progress(second).files] == [1, 1]


def test_a_dossier_that_was_delivered_from_a_folder_keeps_its_papers(office: PaperOffice, station: Station) -> None:
    """What is handed over afterwards is more of it, not instead of it; the same once the spool was swept."""
    office.page("to-khai/1.jpg", 10)
    office.digitise()
    station.hand_over("k1", {"2.jpg": jpeg(20)})
    office.drain()
    assert sum(len(document.page_ids) for document in office.documents()) == 2
    assert sweep_spool(office.services) == 1
    assert not office.services.spool.dossier(CODE).exists()
    station.hand_over("k2", {"3.jpg": jpeg(30)}, component="ket-qua")
    office.drain()
    assert sum(len(document.page_ids) for document in office.documents()) == 3


def test_a_better_scan_takes_the_place_of_a_file(office: PaperOffice, station: Station) -> None:
    """The dossier has the new one under its name; the old one lies aside for a while."""
    station.hand_over("k1", {"1.jpg": jpeg(10), "2.jpg": jpeg(20)})
    office.drain(Step.RECEIVE, Step.READ, Step.ASSEMBLE)
    own = station.hand_over("k2", {"1.jpg": jpeg(11)}, replaces=("to-khai/1.jpg",))
    office.drain(Step.RECEIVE, Step.READ, Step.ASSEMBLE)
    folder = office.services.spool.dossier(CODE) / "to-khai"
    assert {path.name: of_bytes(path.read_bytes()) for path in folder.iterdir()} == {
        "1.jpg": of_bytes(jpeg(11)),
        "2.jpg": of_bytes(jpeg(20)),
    }
    assert [path.name for path in office.services.spool.aside(own.id).iterdir()] == [of_bytes(jpeg(10))]


def test_what_was_replaced_may_be_forgotten_once_the_better_scan_is_archived(
    office: PaperOffice, station: Station
) -> None:
    """Not before; then the first hand-over is over as a whole. The same where the better one is replaced again."""
    first = station.hand_over("k1", {"1.jpg": jpeg(10), "2.jpg": jpeg(20)})
    office.drain(Step.RECEIVE, Step.READ, Step.ASSEMBLE)
    second = station.hand_over("k2", {"1.jpg": jpeg(90)}, replaces=("to-khai/1.jpg",))
    office.drain(Step.RECEIVE, Step.READ, Step.ASSEMBLE)
    assert station.progress(first).stage is Stage.PROCESSING
    third = station.hand_over("k3", {"1.jpg": jpeg(150)}, replaces=("to-khai/1.jpg",))
    assert [each.is_replaced for each in station.progress(second).files] == [False]
    office.drain()
    assert [each.is_replaced for each in station.progress(first).files] == [True, False]
    for own in (first, second, third):
        assert station.progress(own).stage is Stage.ARCHIVED


def test_what_was_moved_may_be_forgotten_once_the_other_dossier_has_it(office: PaperOffice, station: Station) -> None:
    """The bytes are archived there."""
    own = station.hand_over("k1", {"1.jpg": jpeg(10), "2.jpg": jpeg(20)})
    office.drain(Step.RECEIVE, Step.READ, Step.ASSEMBLE)
    with office.services.catalogue.read() as tx:
        found = hand_overs.find(tx, own.id)
        assert found is not None
        file = next(each for each in intakes.files(tx, found.intake_id) if each.name == "to-khai/2.jpg")
    moving.move(moving.Move(office.dossier(), file.id, OTHER_CODE), station.own, office.services)
    office.drain(Step.RECEIVE, Step.READ, Step.ASSEMBLE)
    assert station.progress(own).stage is Stage.PROCESSING
    office.drain()
    take_over_all(office.services)
    office.drain()
    assert station.progress(own).stage is Stage.ARCHIVED


def test_the_only_paper_goes_to_the_right_dossier_and_back(
    office: PaperOffice, station: Station, fresh: Catalogue
) -> None:
    """Nothing is signed where it was; that dossier is closed without papers, comes back so, and takes its own later."""

    def move(code: str, to: str) -> None:
        with office.services.catalogue.read() as tx:
            last = intakes.latest(tx, office.dossier(code).id)
            assert last is not None
            (file,) = intakes.files(tx, last.id)
        moving.move(moving.Move(office.dossier(code), file.id, to), station.own, office.services)

    station.hand_over("k1", {"1.jpg": jpeg(10)})
    for source, target in ((CODE, OTHER_CODE), (OTHER_CODE, CODE), (CODE, OTHER_CODE)):
        office.drain(Step.RECEIVE, Step.READ, Step.ASSEMBLE)
        move(source, target)
        assert office.documents(source) == []
    office.drain()
    seal(office.services)
    assert (office.states(CODE), office.states(OTHER_CODE)) == ([], [DocumentState.ARCHIVED])
    assert {each.verdict for each in verify_dossier(office.dossier(), office.services)} <= {"valid"}
    assert rebuild(Installation(fresh, office.services.store, office.clock), lambda _: None).whole
    with fresh.read() as here, office.services.catalogue.read() as there:
        assert list(comparison.compare(here, there, NOBODYS)) == []
    station.hand_over("k2", {"1.jpg": jpeg(20)})
    office.drain()
    assert office.states(CODE) == [DocumentState.ARCHIVED]
    assert {each.code for each in office.problems()} == {Code.FOLDER_CHANGED}


def test_a_secret_paper_is_destroyed_and_told(office: PaperOffice, station: Station) -> None:
    """The file in the spool goes with all that was held; the station is told to destroy its own."""
    office.reader.secret.add(of_bytes(jpeg(66)))
    own = station.hand_over("k1", {"1.jpg": jpeg(10), "mat.jpg": jpeg(66)})
    office.drain()
    assert station.progress(own).stage is Stage.STOPPED
    assert Code.SECRET_STAMP.value in {each.error for each in station.progress(own).files}
    left = [path.read_bytes() for path in office.services.spool.root.rglob("*.jpg")]
    assert jpeg(66) not in left


def test_bytes_come_in_pieces(office: PaperOffice, station: Station) -> None:
    """A piece goes on where the last one ended; a wrong checksum, digest or kind leaves nothing behind."""
    own, data = station.begin("k1"), jpeg(10)
    services = office.services
    file = handing_over.add_file(own, FileWish("1.jpg", of_bytes(data), len(data)), services)
    with receiving(own, file, 0, None, services) as piece:
        piece.write(data[:100])
        file = piece.close()
    assert (file.received, file.is_whole) == (100, False)
    with pytest.raises(Rejected) as refused, receiving(own, file, 50, None, services):
        pass
    assert code_of(refused) is Code.UPLOAD_OFFSET
    with receiving(own, file, 100, ("sha256", b"x" * 32), services) as piece:
        piece.write(data[100:])
        with pytest.raises(Rejected) as refused:
            piece.close()
    assert code_of(refused) is Code.UPLOAD_DIGEST
    with receiving(own, file, 100, None, services) as piece:
        with pytest.raises(HososoError) as too_long:
            piece.write(data)
        assert code_of(too_long) is Code.FILE_TOO_LARGE
    with receiving(own, file, 100, None, services) as piece:
        piece.write(data[100:])
        assert piece.close().is_whole


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("1.jpg", b"%PDF-1.7 is no picture", Code.TYPE_MISMATCH),
        ("1.txt", b"just words", Code.TYPE_UNKNOWN),
        ("1.jpg", b"", Code.FILE_EMPTY),
        ("../.hidden", jpeg(1), Code.NAME_UNUSABLE),
        ("con.jpg", jpeg(1), Code.NAME_UNUSABLE),
        ("x\u202egpj.jpg", jpeg(1), Code.NAME_UNUSABLE),
        ("scan.part", jpeg(1), Code.NAME_UNUSABLE),
    ],
)
def test_what_cannot_be_digitised_is_refused(station: Station, name: str, data: bytes, code: Code) -> None:
    """With the same codes as on the command line; nothing of it stays."""
    own = station.begin("k1")
    with pytest.raises(Rejected) as refused:
        station.send(own, name, data)
    assert code_of(refused) is code
    assert not list(station.office.services.spool.root.rglob("parts/*"))


def test_who_hands_over_what_is_not_theirs_is_refused(office: PaperOffice, station: Station) -> None:
    """Another unit's dossier, a code that is none, and papers of which nobody has said that they are not secret."""
    for wish, code in (
        (Wish("k", "H99.27.12-260302-0003", not_secret=True), Code.PAGE_UNKNOWN),
        (Wish("k", "hồ sơ", not_secret=True), Code.FOLDER_CODE_UNKNOWN),
        (Wish("k", CODE), Code.SECRECY_UNANSWERED),
        (Wish("k", CODE, "../x", not_secret=True), Code.COMPONENT_UNKNOWN),
        (Wish("", CODE, not_secret=True), Code.REQUEST_INVALID),
        (Wish("k", CODE, replaces=("../../../etc/passwd",), not_secret=True), Code.NAME_UNUSABLE),
        (Wish("k", CODE, replaces=("/etc/passwd",), not_secret=True), Code.NAME_UNUSABLE),
    ):
        with pytest.raises(Rejected) as refused:
            handing_over.begin(wish, station.own, office.services)
        assert code_of(refused) is code


def test_what_nobody_commits_is_abandoned(office: PaperOffice, station: Station) -> None:
    """After the days that were set nothing of it is left, and its key tells so."""
    own = station.begin("k1")
    station.send(own, "1.jpg", jpeg(10))
    office.clock.later(timedelta(days=8).total_seconds())
    assert sweep_spool(office.services) == 1
    assert not list(office.services.spool.root.rglob("parts/*"))
    with pytest.raises(Rejected) as refused:
        station.send(own, "2.jpg", jpeg(20))
    assert code_of(refused) is Code.HAND_OVER_CONFLICT
    assert station.begin("k1").state is HandOverState.ABANDONED


@pytest.mark.parametrize("step", ["named", "placed", "delivered"])
def test_a_server_that_dies_between_two_steps(
    office: PaperOffice, station: Station, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever takes over next goes on: nothing is lost, nothing is there twice, the replaced file stays replaced."""
    station.hand_over("k0", {"1.jpg": jpeg(9)})
    office.drain(Step.RECEIVE, Step.READ, Step.ASSEMBLE)
    own: HandOver = station.begin("k1", replaces=("to-khai/1.jpg",))
    for name, shade in (("1.jpg", 10), ("2.jpg", 20)):
        station.send(own, name, jpeg(shade))
    station.commit(own)

    class Died(BaseException):
        """The process is gone."""

    def dies(*_args: object, **_named: object) -> None:
        raise Died

    target = {
        "named": "pipeline.taking_over.own_file",
        "placed": "pipeline.taking_over.deliver",
        "delivered": "catalog.hand_overs.move",
    }[step]
    with monkeypatch.context() as patched:
        patched.setattr(target, dies)
        with pytest.raises(Died):
            take_over(own.id, office.services)
    for _ in range(2):
        take_over_all(office.services)
        office.drain(Step.RECEIVE, Step.READ, Step.ASSEMBLE)
    with office.services.catalogue.read() as tx:
        found = hand_overs.find(tx, own.id)
    assert found is not None
    assert found.state is HandOverState.PLACED
    assert station.progress(own).stage is Stage.PROCESSING
    kept = sorted(of_bytes(path.read_bytes()) for path in office.services.spool.dossier(CODE).rglob("*.jpg"))
    assert kept == sorted(of_bytes(jpeg(shade)) for shade in (10, 20))
