"""Lots: counted against what was declared, drawn by the manifest's digest, judged by others, sent back, rebuilt."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from catalog import Catalogue, accounts, comparison, events, facts, lots
from dossier.codes import parse_code
from dossier.digest import of_file
from dossier.errors import Code, Rejected
from dossier.lots import Differs, Lot, LotState
from dossier.papers import PaperPlace
from dossier.people import Account, Role
from dossier.status import Cause
from pipeline.installation import Installation
from pipeline.leaves import state_placeholder
from pipeline.lot_checking import decide, judge
from pipeline.lot_export import MANIFEST_NAME, MINUTES_NAME, export_lot
from pipeline.lot_manifest import objects_in, page_of
from pipeline.lot_minutes import (
    due_minutes,
    print_minutes,
    renew_minutes,
    sign_minutes,
    stored_minutes,
    verify_lots,
)
from pipeline.lots import LotWish, count_lot, open_lot
from pipeline.placeholders import LeafReason, Placeholder
from pipeline.placing import state_places
from pipeline.projecting import project
from pipeline.rebuilding import FOUND as NOBODYS
from pipeline.rebuilding import rebuild
from pipeline.registering import Order, import_register
from registers.reference_data import of_files
from reports.sampling import draw
from signing.renewal import policy_in_force
from tests.fakes.office import CODE, OTHER_CODE, PaperOffice

pytestmark = pytest.mark.parametrize("database", ["sqlite", pytest.param("postgresql", marks=pytest.mark.long)])
BOX = "Kho A, hộp 7"
ABSENT = "H99.27.14-260211-0010"
_HEADER = "Mã hồ sơ;MaTTHC;Ngày nhận;Ngày trả;Trạng thái\n"
_WISH = LotWish("lo-01", "Đợt 1/2026", (BOX,), dossiers=3, leaves=6)


@pytest.fixture
def boxed(office: PaperOffice) -> PaperOffice:
    """Return an office with a box of three dossiers, of which two were scanned, a leaf of one being eaten."""
    office.services = replace(office.services, reference=of_files(None, None))
    path = office.inbox.parent / "so.csv"
    rows = "".join(f"{code};1.001193;11/02/2026;;\n" for code in (CODE, OTHER_CODE, ABSENT))
    path.write_text(_HEADER + rows, encoding="utf-8")
    import_register(path, Order(as_of=office.services.clock()), office.services)
    places = [PaperPlace(code, BOX, str(number), "", 2) for number, code in enumerate((CODE, OTHER_CODE, ABSENT), 9)]
    state_places(places, "kho.csv", "thu-kho", office.services, demo=True)
    for shade, code in enumerate((CODE, OTHER_CODE), 1):
        office.page("to-khai/1.jpg", 10 * shade, code=code)
        office.page("to-khai/2.jpg", 10 * shade + 5, code=code)
    office.digitise()
    return office


def person(office: PaperOffice, login: str, *roles: Role) -> Account:
    """Return somebody of the office."""
    own = Account(f"id-{login}", login, f"Cán bộ {login}", frozenset(roles))
    with office.services.catalogue.write() as tx:
        accounts.add(tx, own, "", office.services.clock())
    return own


@pytest.fixture
def staff(boxed: PaperOffice) -> tuple[Account, Account, Account]:
    """Return who scans, who checks and who decides."""
    return (
        person(boxed, "quet", Role.RECEIVER),
        person(boxed, "kiem-tra", Role.CHECKER),
        person(boxed, "lanh-dao", Role.LEADER),
    )


Staff = tuple[Account, Account, Account]


def counted(office: PaperOffice, staff: Staff) -> Lot:
    """Return a lot that was opened and counted."""
    open_lot(_WISH, staff[0], office.services)
    office.drain()
    return count_lot("LO-01", ["quet"], staff[0], office.services)


def judge_all(lot: Lot, own: Account, office: PaperOffice, fault: str = "") -> None:
    """Judge every page of a sample; the first of them as faulty."""
    assert lot.counting is not None
    for position in range(1, len(lot.counting.sample) + 1):
        judge(lot.id, position, fault if position == 1 else "", own, office.services)


def _archival(office: PaperOffice, code: str = CODE) -> Cause:
    project(office.services, demo=True)
    with office.services.catalogue.read() as tx:
        return next(line for line in facts.lines(tx) if line.code == code).facts.archival


def test_what_was_declared_is_held_against_what_came(boxed: PaperOffice, staff: Staff, tmp_path: Path) -> None:
    """A dossier that nobody scanned is named; the sample can be drawn again; nobody judges their own work."""
    office = boxed
    dossier_code = office.dossier(OTHER_CODE)
    lot = counted(office, staff)
    assert lot.counting is not None
    assert [each.code for each in lot.opening.listed] == [CODE, OTHER_CODE, ABSENT]
    assert [(each.kind, each.code) for each in lot.counting.differences] == [(Differs.ABSENT, ABSENT)]
    assert (lot.counting.pages, lot.counting.scanners) == (4, (staff[0].id,))
    data = office.services.store.read(lot.counting.manifest).decode()
    assert f"# dossier 3 {ABSENT}" in data
    assert sum(line.startswith("# page ") for line in data.splitlines()) == 4
    with office.services.catalogue.read() as tx:
        assert "lot_counted" in [event.kind for event in events.chain(tx, dossier_code.id)]
    _check_sample(office, lot, tmp_path)
    _check_apart(office, lot, staff)


def _check_sample(boxed: PaperOffice, lot: Lot, tmp_path: Path) -> None:
    """Draw again from the manifest alone: the digests of `digest:key`, sorted, are the order of the sample."""
    assert lot.counting is not None
    manifest = tmp_path / "m"
    manifest.write_bytes(boxed.services.store.read(lot.counting.manifest))
    script = (
        'seed=$(sha256sum < "$0" | cut -c1-64); grep "^# page " "$0" | cut -d" " -f3 | while read -r key; do '
        'printf "%s %s\\n" "$(printf %s "$seed:$key" | sha256sum | cut -c1-64)" "$key"; done | sort | cut -d" " -f2'
    )
    drawn = subprocess.run(["bash", "-c", script, manifest], capture_output=True, text=True, check=True)  # noqa: S607
    whole = drawn.stdout.split()
    assert sorted(lot.counting.sample) == sorted(whole)  # so small a lot is judged whole
    assert draw(whole, 2, lot.counting.manifest) == whole[:2]


def _check_apart(office: PaperOffice, lot: Lot, staff: Staff) -> None:
    """Whoever scanned or counted is refused; and nothing is decided before the sample was judged."""
    refused = [
        (Code.LOT_OWN, lambda: judge(lot.id, 1, "", staff[0], office.services)),
        (Code.REQUEST_INVALID, lambda: judge(lot.id, 99, "", staff[1], office.services)),
        (Code.REQUEST_INVALID, lambda: judge(lot.id, 1, "ugly", staff[1], office.services)),
        (Code.LOT_UNJUDGED, lambda: decide(lot.id, "vì", staff[2], office.services, accepted=True)),
        (Code.NOT_ALLOWED, lambda: decide(lot.id, "vì", staff[1], office.services, accepted=True)),
        (Code.LOT_STATE, lambda: count_lot(lot.id, [], staff[0], office.services)),
        (Code.LOT_TAKEN, lambda: open_lot(_WISH, staff[0], office.services)),
        (Code.LOT_TAKEN, lambda: open_lot(replace(_WISH, number="lo-02"), staff[0], office.services)),
        (Code.LOT_UNKNOWN, lambda: decide("KHONG", "", staff[2], office.services, accepted=True)),
    ]
    for code, act in refused:
        with pytest.raises(Rejected) as caught:
            act()
        assert caught.value.code is code


@pytest.mark.long
def test_too_few_pages_for_the_leaves_and_placeholders(boxed: PaperOffice, staff: Staff) -> None:
    """Two leaves and one page are a difference, unless the other leaf is known to be eaten."""
    office = boxed
    places = [PaperPlace(code, BOX, "1", "", 3) for code in (CODE, OTHER_CODE)]
    state_places(places, "kho.csv", "thu-kho", office.services, demo=True)
    eaten = Placeholder("to-khai", 3, LeafReason.EATEN)
    code = parse_code(OTHER_CODE)
    assert code is not None
    state_placeholder(code, eaten, "quet", office.services)
    lot = counted(office, staff)
    assert lot.counting is not None
    found = [(each.kind, each.code, each.declared, each.found) for each in lot.counting.differences]
    assert found == [(Differs.LEAVES, "", 6, 8), (Differs.FEWER, CODE, 3, 2), (Differs.ABSENT, ABSENT, 2, 0)]
    assert [(each.code, each.leaf, each.reason) for each in lot.counting.leaves] == [(OTHER_CODE, 3, "eaten")]


@pytest.mark.long
def test_an_accepted_lot_says_why_it_differs(boxed: PaperOffice, staff: Staff) -> None:
    """A difference cannot be signed away silently."""
    office = boxed
    lot = counted(office, staff)
    judge_all(lot, staff[1], office)
    with pytest.raises(Rejected) as caught:
        decide(lot.id, " ", staff[2], office.services, accepted=True)
    assert caught.value.code is Code.LOT_UNEXPLAINED
    done = decide(lot.id, "hồ sơ 0010 đang cho mượn", staff[2], office.services, accepted=True)
    assert (done.state, done.barred) == (LotState.ACCEPTED, False)
    assert done.decision is not None
    assert done.decision.reason == "hồ sơ 0010 đang cho mượn"


def test_a_rejected_lot_does_not_count_until_it_is_accepted(boxed: PaperOffice, staff: Staff, fresh: Catalogue) -> None:
    """Above the allowed number it can only go back; its bad page is asked for again; it outlives the catalogue."""
    office = boxed
    lot = counted(office, staff)
    judge_all(lot, staff[1], office, fault="blurred")
    assert lot.counting is not None
    with pytest.raises(Rejected) as caught:
        decide(lot.id, "vì vội", staff[2], office.services, accepted=True)
    assert caught.value.code is Code.LOT_FAULTY
    gone = decide(lot.id, "", staff[2], office.services, accepted=False)
    assert gone.barred
    faulty = page_of(lot.counting.sample[0])[0]
    assert _archival(office, faulty) is Cause.RESCAN
    with office.services.catalogue.read() as tx:
        assert lots.barred(tx, [CODE, OTHER_CODE, ABSENT]) == {CODE, OTHER_CODE, ABSENT}
    office.drain()
    office.page("to-khai/1.jpg", 77, code=faulty)
    office.page("to-khai/2.jpg", 78, code=faulty)
    office.digitise()
    again = count_lot(lot.id, ["quet"], staff[0], office.services)
    judge_all(again, staff[1], office)
    done = decide(lot.id, "hồ sơ 0010 đang cho mượn", staff[2], office.services, accepted=True)
    assert (done.state, done.barred, len(done.rejections)) == (LotState.ACCEPTED, False, 1)
    with office.services.catalogue.read() as tx:
        assert lots.barred(tx, [CODE]) == frozenset()
    office.drain()
    rebuild(Installation(fresh, office.services.store, office.services.clock), lambda _: None)
    with office.services.catalogue.read() as there, fresh.read() as here:
        assert lots.find(here, lot.id) == lots.find(there, lot.id)
        assert list(comparison.compare(here, there, NOBODYS)) == []


@pytest.mark.long
def test_a_lot_without_a_new_scan_is_judged_whole(boxed: PaperOffice, staff: Staff) -> None:
    """A second draw from the same pages would be a choice."""
    office = boxed
    lot = counted(office, staff)
    judge_all(lot, staff[1], office)
    decide(lot.id, "nghi ngờ", staff[2], office.services, accepted=False)
    office.drain()
    again = count_lot(lot.id, ["quet"], staff[0], office.services)
    assert again.counting is not None
    assert again.counting.sampling.whole
    assert len(again.counting.sample) == 4


def test_what_is_on_its_way_is_not_counted(boxed: PaperOffice, staff: Staff) -> None:
    """A delivery that is being read keeps the lot open; what changes after the counting keeps it from acceptance."""
    office = boxed
    open_lot(_WISH, staff[0], office.services)
    office.page("to-khai/3.jpg", 90)
    office.deliver()
    with pytest.raises(Rejected) as caught:
        count_lot("LO-01", ["quet"], staff[0], office.services)
    assert caught.value.code is Code.LOT_UNFINISHED
    office.drain()
    lot = count_lot("LO-01", ["quet"], staff[0], office.services)
    judge_all(lot, staff[1], office)
    office.page("to-khai/4.jpg", 91)
    office.digitise()
    with pytest.raises(Rejected) as caught:
        decide(lot.id, "vì", staff[2], office.services, accepted=True)
    assert caught.value.code is Code.LOT_CHANGED


def test_the_minutes_say_all_of_it_and_are_signed(boxed: PaperOffice, staff: Staff, tmp_path: Path) -> None:
    """Counts, the difference with its explanation, people, the manifest; valid to the level of the policy, and kept."""
    office = boxed
    clerk = person(office, "van-thu", Role.CLERK)
    lot = counted(office, staff)
    judge_all(lot, staff[1], office)
    with pytest.raises(Rejected) as caught:
        sign_minutes(lot.id, clerk, office.services)
    assert caught.value.code is Code.LOT_STATE
    done = decide(lot.id, "hồ sơ 0010 đang cho mượn", staff[2], office.services, accepted=True)
    assert print_minutes(done, office.services) == print_minutes(done, office.services)
    signed = sign_minutes(lot.id, clerk, office.services)
    printed = tmp_path / "minutes.pdf"
    with stored_minutes(signed, office.services) as file:
        printed.write_bytes(file.read_bytes())
    told = subprocess.run(["pdftotext", "-layout", printed, "-"], capture_output=True, text=True, check=True).stdout  # noqa: S607
    said = " ".join(told.split())
    assert lot.counting is not None
    for part in (
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "BIÊN BẢN SỐ HÓA LÔ",
        "Lô số: LO-01; đợt: Đợt 1/2026",
        "Kho A, hộp 7",
        f"{ABSENT}: chưa quét trang nào (khai 2 tờ)",
        "Giải trình của người duyệt: hồ sơ 0010 đang cho mượn",
        "Người quét: Cán bộ quet",
        "Người kiểm tra mẫu: Cán bộ kiem-tra",
        "Người duyệt: Cán bộ lanh-dao",
        "không phải quy định của pháp luật",
    ):
        assert part in said, part
    assert lot.counting.manifest in said.replace(" ", "")
    _check_exported(office, signed, tmp_path / "lo")
    _check_kept(office, lot.id, signed.minutes)


def _check_exported(office: PaperOffice, lot: Lot, folder: Path) -> None:
    """Write the lot out; tools of the system find every file as the manifest has it, and the signed minutes beside."""
    assert export_lot(lot, folder, office.services) > 0
    subprocess.run(["sha256sum", "--check", "--strict", MANIFEST_NAME], cwd=folder, capture_output=True, check=True)  # noqa: S607
    assert of_file(folder / MINUTES_NAME)[0] == lot.minutes
    named = {name for name, _ in objects_in((folder / MANIFEST_NAME).read_bytes())}
    assert named == {path.relative_to(folder).as_posix() for path in folder.rglob("*/*/*") if path.is_file()}


def _check_kept(office: PaperOffice, lot_id: str, minutes: str) -> None:
    """Look at signed minutes as `verify` and `renew` do."""
    findings = list(verify_lots(office.services))
    assert {each.verdict for each in findings} == {"valid"}
    found = [(each.subject, each.development) for each in findings if each.kind == "signature"]
    assert found == [(f"lot:{lot_id}", True)]
    policy = policy_in_force(office.services.clock())
    assert due_minutes(office.services, policy, office.services.clock()) == []
    assert renew_minutes(office.services, policy, office.services.clock() + timedelta(days=36500)) == (1, 0)
    with office.services.catalogue.read() as tx:
        fresh = lots.find(tx, lot_id)
    assert fresh is not None
    assert fresh.minutes != minutes
