"""The catalogue, built again from the archived objects alone, is the one that was lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import text

from catalog import Catalogue, access, comparison, documents, filling
from dossier.digest import of_bytes
from dossier.errors import Code, Rejected
from dossier.people import Account, Role
from dossier.states import DocumentState, Step
from pipeline.access_log import store_access_log
from pipeline.confirmation import record
from pipeline.indexing import bring_up_to_date
from pipeline.installation import Installation
from pipeline.judging import PageFault, PageWord, judge_page
from pipeline.projecting import explain
from pipeline.rebuilding import FOUND, Rebuilt, rebuild, release_found
from pipeline.referring import enter
from pipeline.registering import Order, import_register
from pipeline.sealing import seal
from pipeline.services import LockPolicy
from pipeline.sweeping import sweep
from pipeline.verification import verify_dossier, verify_seals
from registers.choice import Choice
from registers.reference import Kind, ReferenceRow
from registers.reference_files import ReferenceFile
from storage.port import LockMode, put_bytes
from storage.s3 import S3ObjectStore
from tests.fakes.office import CODE, OTHER_CODE, PaperOffice
from tests.servers.s3 import S3Server

REGISTER = """Mã hồ sơ,Ngày tiếp nhận,Người nộp
H99.27.14-260211-0008,11/02/2026,{name}
H99.27.14-260211-0010,12/02/2026,Trần Thị Thử
"""


def _confirm(office: PaperOffice, code: str = CODE) -> None:
    with office.services.catalogue.write() as tx:
        (first, *_) = documents.live(tx, office.dossier(code).id)
        record(tx, first, first.kind, {"ho_ten": ["Nguyễn Văn Thử"]}, ("can-bo",), office.services)
    somebody = Account("a1", "can-bo", "Cán bộ", frozenset({Role.CHECKER}))
    judge_page(PageWord(first, 1, PageFault.CUT), somebody, office.services)


def _register(office: PaperOffice, name: str) -> None:
    path = office.inbox.parent / "so.csv"
    path.write_text(REGISTER.format(name=name), encoding="utf-8")
    import_register(path, Order("lan.nt", Choice(encoding="utf-8", columns={"applicant": "C"})), office.services)


def _state(office: PaperOffice) -> None:
    """Enter two editions of a unit, and twice why the register is silent about a dossier."""
    for name in ("UBND xã Cũ", "UBND xã Mới"):
        values = {"code": "H99", "name": name, "level": "tinh", "parent": "", "successors": ("H99",), "fonds": ""}
        row = ReferenceRow(Kind.UNITS, "H99", date(2025, 7, 1), None, "NQ 1", values)
        enter(ReferenceFile(Kind.UNITS, (row,), (), of_bytes(name.encode())), office.services, "lan.nt")
        explain(office.services, [CODE, OTHER_CODE], f"trùng sổ của {name}", "lan.nt", demo=True)


def _look(office: PaperOffice) -> None:
    """Look at a dossier twice; put that into the store."""
    for _ in range(2):
        with office.services.catalogue.write() as tx:
            access.note(tx, office.clock(), "a1", "dossier.view", office.dossier(CODE).id)
    store_access_log(office.services)


def _history(office: PaperOffice) -> None:
    """Digitise, change, confirm, import twice, seal in between."""
    office.page("1.jpg", 10, text="GIẤY KHAI SINH\nSố: 12/2026")
    office.page("2.jpg", 20, text="đơn đề nghị")
    office.page("1.jpg", 10, text="GIẤY KHAI SINH", code=OTHER_CODE)
    office.digitise()
    _register(office, "Lê Văn Thử")
    _look(office)
    seal(office.services)
    office.page("3.jpg", 30)
    office.page("2.jpg", 40)
    office.digitise()
    _confirm(office)
    _register(office, "Lê Văn Thử Nghiệm")
    _state(office)
    office.drain()
    _look(office)
    seal(office.services)


def _rebuild(office: PaperOffice, into: Catalogue) -> Rebuilt:
    return rebuild(Installation(into, office.services.store, office.clock), lambda _: None)


def _differences(here: Catalogue, there: Catalogue) -> list[comparison.Difference]:
    with here.read() as own, there.read() as other:
        return list(comparison.compare(own, other, FOUND))


def test_the_rebuilt_catalogue_is_the_lost_one(office: PaperOffice, fresh: Catalogue) -> None:
    """Row by row, with everything sound, and a second look at the folders finds nothing to do."""
    _history(office)
    lost = office.services.catalogue
    done = _rebuild(office, fresh)
    assert done.whole
    assert (done.dossiers, done.imports, done.seals, done.abandoned) == (2, 2, 2, [])
    assert _differences(fresh, lost) == []
    office.services = replace(office.services, catalogue=fresh)
    for code in (CODE, OTHER_CODE):
        findings = list(verify_dossier(office.dossier(code), office.services))
        assert {finding.verdict for finding in [*findings, verify_seals(office.services)]} == {"valid"}
    assert [item.outcome.value for item in office.digitise()] == ["same", "same"]
    assert office.drain() == []
    assert sweep(office.services).objects == 0
    assert office.missing() == set()
    seal(office.services)
    office.page("9.jpg", 90)
    office.digitise()
    seal(office.services)
    assert verify_seals(office.services).verdict == "valid"
    assert bring_up_to_date(office.services) > 0


def test_a_rebuild_that_was_killed_goes_on(office: PaperOffice, fresh: Catalogue) -> None:
    """Whatever it had done stays, and the end is the same; a sweep in between takes nothing."""
    _history(office)
    looked = 0

    def die(_count: int) -> None:
        nonlocal looked
        looked += 1
        if looked % 9 == 0:
            raise KeyboardInterrupt

    source = Installation(fresh, office.services.store, office.clock)
    with pytest.raises(KeyboardInterrupt):
        rebuild(source, die)
    with pytest.raises(Rejected) as caught:
        sweep(replace(office.services, catalogue=fresh))
    assert caught.value.code is Code.CATALOGUE_INCOMPLETE
    assert _rebuild(office, fresh).whole
    assert _differences(fresh, office.services.catalogue) == []
    with fresh.read() as tx:
        assert not filling.under_way(tx)


def test_a_catalogue_in_use_is_not_filled(office: PaperOffice) -> None:
    """What is there stays there."""
    _history(office)
    with pytest.raises(Rejected) as caught:
        _rebuild(office, office.services.catalogue)
    assert caught.value.code is Code.CATALOGUE_IN_USE


def test_an_empty_catalogue_over_a_full_store_sweeps_nothing(office: PaperOffice, fresh: Catalogue) -> None:
    """Who lost the catalogue and begins with a new one is told, before the archive is taken for leavings."""
    _history(office)
    stored = {ref.sha256 for ref in office.services.store.list()}
    with pytest.raises(Rejected) as caught:
        sweep(replace(office.services, catalogue=fresh))
    assert caught.value.code is Code.CATALOGUE_INCOMPLETE
    assert {ref.sha256 for ref in office.services.store.list()} == stored


def test_of_two_manifests_the_longer_chain_counts(office: PaperOffice, fresh: Catalogue) -> None:
    """Also when the older one is still in the store, because it is locked there."""
    office.page("1.jpg", 10)
    office.digitise()
    (first,) = _manifests(office)
    old = office.services.store.read(first)
    _confirm(office)
    office.drain()
    put_bytes(office.services.store, old, "")
    assert len(_manifests(office)) == 2
    assert _rebuild(office, fresh).whole
    assert _differences(fresh, office.services.catalogue) == []


def _manifests(office: PaperOffice) -> list[str]:
    beginning = b'{"#":"hososo-manifest 2",'
    refs = [ref.sha256 for ref in office.services.store.list()]
    return [each for each in refs if office.services.store.read(each, 0, len(beginning)) == beginning]


def test_what_is_missing_and_damaged_is_named(office: PaperOffice, fresh: Catalogue) -> None:
    """A dossier without its manifest is lost and its objects are kept until somebody lets them go."""
    _history(office)
    (victim,) = [each for each in _manifests(office) if OTHER_CODE.encode() in office.services.store.read(each)]
    with office.services.catalogue.read() as tx:
        page = documents.live(tx, office.dossier().id)[0].page_ids[0]
        words = tx.execute(text("SELECT words FROM page WHERE id = :id").bindparams(id=page)).scalar_one()
    office.services.store.remove(victim)
    office.services.store.remove(words)
    done = _rebuild(office, fresh)
    assert not done.whole
    assert (done.dossiers, done.missing, done.unsealed) == (1, [words], 1)
    assert done.found > 0
    lost = {difference.table for difference in _differences(fresh, office.services.catalogue)}
    assert {"dossier", "page", "document", "claim", "event_link"} <= lost
    office.services = replace(office.services, catalogue=fresh)
    assert sweep(office.services).objects == 0
    assert release_found(fresh) == done.found
    assert sweep(office.services).objects == done.found
    office.page("2.jpg", 77)
    office.digitise()
    seal(office.services)
    assert verify_seals(office.services).code is Code.EVENT_CHAIN_BROKEN  # of the dossier that is gone


def test_a_damaged_manifest_is_not_believed(office: PaperOffice, fresh: Catalogue) -> None:
    """Neither with other bytes than its name says, nor with a chain that does not hold."""
    office.page("1.jpg", 10)
    office.digitise()
    (name,) = _manifests(office)
    forged = office.services.store.read(name).replace(b'"actor":"hososo"', b'"actor":"nobody"')
    office.services.store.remove(name)
    strange = put_bytes(office.services.store, forged, "").sha256
    done = _rebuild(office, fresh)
    assert (done.dossiers, done.unusable) == (0, [(strange, Code.EVENT_CHAIN_BROKEN)])


def test_a_stopped_delivery_leaves_no_names_in_the_archive(office: PaperOffice, fresh: Catalogue) -> None:
    """The manifest of a dossier tells that a later delivery was stopped, and nothing of what was in it."""
    office.page("1.jpg", 10)
    office.digitise()
    office.reader.secret.add(office.page("mat-khong-duoc-ghi.jpg", 66))
    office.digitise()
    (name,) = _manifests(office)
    told = office.services.store.read(name)
    assert b"stopped" in told
    assert b"mat-khong-duoc-ghi" not in told
    assert _rebuild(office, fresh).whole


def test_a_delivery_under_way_is_given_up(office: PaperOffice, fresh: Catalogue) -> None:
    """It stands in a manifest because a document was confirmed meanwhile; its folder is looked at anew."""
    office.page("1.jpg", 10)
    office.digitise()
    office.page("2.jpg", 20)
    office.deliver()
    _confirm(office)
    _close(office)
    done = _rebuild(office, fresh)
    assert done.abandoned == [CODE]
    office.services = replace(office.services, catalogue=fresh)
    assert Code.HOLDING_LOST in {problem.code for problem in office.problems()}
    assert [item.outcome.value for item in office.digitise()] == ["changed"]
    assert office.problems() == [] or Code.HOLDING_LOST not in {problem.code for problem in office.problems()}
    assert set(office.states()) == {DocumentState.ARCHIVED}


def _close(office: PaperOffice) -> None:
    assert office.drain(Step.CLOSE)


def test_a_bucket_is_enough(office: PaperOffice, fresh: Catalogue, s3_server: S3Server, tmp_path: Path) -> None:
    """Lists and ranged reads of a real server, with everything locked that is locked at archiving."""
    office.use(store=S3ObjectStore(s3_server.make_bucket(locked=True), tmp_path / "scratch"))
    office.services = replace(office.services, lock_policy=LockPolicy(1, LockMode.GOVERNANCE))
    _history(office)
    assert _rebuild(office, fresh).whole
    assert _differences(fresh, office.services.catalogue) == []
