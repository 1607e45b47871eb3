"""Files are fetched by links that can be trusted: scoped, ending, revocable, and each download is in the chain."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from starlette.types import ASGIApp

from catalog import Catalogue, comparison, events, facts, portal_packages
from dossier.digest import of_bytes
from dossier.portal import Package, PackageState
from dossier.status import Cause, PortalCause
from pipeline.handing_back import hand_back
from pipeline.installation import Installation
from pipeline.projecting import project
from pipeline.rebuilding import FOUND, rebuild
from pipeline.receipts import Heard, Unplaced, revoke, take_file
from pipeline.registering import Order, import_register
from pipeline.services import PortalChannel
from registers.portal.folder import FolderWay
from registers.portal.links import Links
from registers.portal.receipts import read_receipts
from registers.reference_data import of_files
from tests.fakes.archived import archive, codes, correct, register_of
from tests.fakes.asker import Reply, ask
from tests.fakes.office import PaperOffice
from web.downloads import downloads

one_database = pytest.mark.parametrize("database", ["sqlite", pytest.param("postgresql", marks=pytest.mark.long)])
LINKS = Links("https://so-hoa.vi-du.vn", b"s" * 32, 90)
CODE, OTHER = codes(2)
_DAY = 86_400.0


@pytest.fixture
def returning(office: PaperOffice) -> PaperOffice:
    """Return an office with two archived dossiers that hands them back over a folder, with links."""
    outbox = office.inbox.parent / "cong"
    outbox.mkdir()
    channel = PortalChannel(FolderWay(outbox), LINKS)
    office.services = replace(office.services, reference=of_files(None, None), portal=channel)
    archive(office.services.catalogue, office.services.store, [CODE, OTHER])
    path = office.inbox.parent / "so.csv"
    path.write_text(register_of([CODE, OTHER]), encoding="utf-8")
    import_register(path, Order(as_of=office.services.clock()), office.services)
    assert hand_back(office.services, demo=True).sent == 2
    return office


@pytest.fixture
def app(returning: PaperOffice) -> ASGIApp:
    """Return what serves the links."""
    return downloads(returning.services)


def package(office: PaperOffice, code: str = CODE) -> Package:
    """Return the newest package of a dossier."""
    with office.services.catalogue.read() as tx:
        found = portal_packages.newest(tx, office.dossier(code).id)
    assert found is not None
    return found


def target(office: PaperOffice, place: int = 0, code: str = CODE) -> str:
    """Return the path of the link to a document."""
    own = package(office, code)
    return urlsplit(LINKS.address(own.key, own.files[place].document_id)).path


def downloaded(office: PaperOffice) -> int:
    """Return how many downloads the chain tells of."""
    with office.services.catalogue.read() as tx:
        return sum(event.kind == "downloaded" for event in events.chain(tx, office.dossier().id))


@pytest.fixture(autouse=True)
def _own_code(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let `PaperOffice.dossier` mean the dossier of this module."""
    whole = PaperOffice.dossier
    monkeypatch.setattr(PaperOffice, "dossier", lambda office, code=CODE: whole(office, code))


def receipt(office: PaperOffice, *rows: str) -> Path:
    """Write a receipt file."""
    path = office.inbox.parent / "bien-nhan.csv"
    path.write_text("\n".join(["MaHoSo,MaGoi,KetQua,LyDo", *rows]) + "\n", encoding="utf-8")
    return path


def same(one: Reply, other: Reply) -> bool:
    """Return whether two answers are one and the same."""
    return (one.status, one.body, one.headers) == (other.status, other.body, other.headers)


def test_a_link_gives_the_file(returning: PaperOffice, app: ASGIApp) -> None:
    """Its bytes, their digest and size; and the chain tells of it before."""
    reply = ask(app, target(returning))
    file = package(returning).files[0]
    assert (reply.status, of_bytes(reply.body)) == (200, file.sha256)
    assert (reply.headers["etag"], reply.headers["content-length"]) == (f'"{file.sha256}"', str(file.size))
    assert reply.headers["cache-control"] == "no-store"
    assert downloaded(returning) == 1
    assert ask(app, target(returning), "HEAD").body == b""
    assert downloaded(returning) == 1


@one_database
def test_parts_belong_to_one_download(returning: PaperOffice, app: ASGIApp) -> None:
    """Parts put together are the file; who begins in the middle is told of all the same."""
    path, whole = target(returning), ask(app, target(returning, 1)).body
    assert downloaded(returning) == 1
    parts = [ask(app, target(returning, 1), range=asked) for asked in ("bytes=0-99", "bytes=100-199", "bytes=200-")]
    assert [part.status for part in parts] == [206, 206, 206]
    assert b"".join(part.body for part in parts) == whole
    assert parts[1].headers["content-range"] == f"bytes 100-199/{len(whole)}"
    assert downloaded(returning) == 2
    assert ask(app, path, range="bytes=5-").status == 206
    assert downloaded(returning) == 3
    assert ask(app, path, range="bytes=99999-").status == 416
    assert ask(app, path, range="bytes=0-1", if_range='"another"').status == 200


def test_what_gives_nothing_has_one_answer(returning: PaperOffice, app: ASGIApp) -> None:
    """Wrong, of another document, of another package, ended, revoked, gone: nobody can tell which."""
    good, other = target(returning), target(returning, code=OTHER)
    wrong = ask(app, good[:-3] + "xxx")
    assert wrong.status == 404
    mixed = f"{good.rpartition('/')[0]}/{target(returning, 1).rpartition('/')[2]}"
    assert same(ask(app, mixed), wrong)
    assert same(ask(app, other.replace(package(returning, OTHER).key, "f" * 64)), wrong)
    assert revoke(OTHER, returning.services) == 1
    assert same(ask(app, other), wrong)
    returning.services.store.remove(package(returning).files[0].sha256)
    assert same(ask(app, good), wrong)
    returning.clock.later(91 * _DAY)
    assert same(ask(app, target(returning, 1)), wrong)
    assert ask(app, good, "POST").status == 405
    assert downloaded(returning) == 0


@one_database
def test_guessing_gets_slow_and_the_right_link_does_not(returning: PaperOffice, app: ASGIApp) -> None:
    """After three hundred wrong ones in a minute the answer is to wait; who has a link gets the file."""
    bad = target(returning)[:-3] + "xxx"
    assert {ask(app, bad).status for _ in range(300)} == {404}
    assert ask(app, bad).status == 503
    assert ask(app, target(returning)).status == 200


@one_database
def test_a_link_that_is_used_all_the_time_rests(returning: PaperOffice) -> None:
    """Sixty downloads an hour are enough: each stays in the chain for ever."""
    app = downloads(returning.services)
    assert [ask(app, target(returning)).status for _ in range(61)] == [200] * 60 + [503]
    assert ask(app, target(returning, 1)).status == 200
    assert downloaded(returning) == 61


def test_receipts_are_put_to_their_packages(returning: PaperOffice) -> None:
    """By dossier or package, twice, of a dossier nobody knows, and of a package that was replaced."""
    first = package(returning)
    path = receipt(
        returning, f"{CODE},,1,", f"{OTHER},,0,Thiếu mã", "H99.27.14-260211-9999,,1,", f"{OTHER},{first.key},1,"
    )
    done = take_file(read_receipts(path), returning.services)
    assert done.counts == {Heard.TAKEN: 1, Heard.REFUSED: 1}
    assert [(row, why) for row, _, why in done.unplaced] == [(4, Unplaced.DOSSIER), (5, Unplaced.PACKAGE)]
    assert take_file(read_receipts(path), returning.services).counts == {Heard.KNOWN: 2}
    assert package(returning, OTHER).reason == "Thiếu mã"
    older = package(returning, OTHER)
    correct(returning.services.catalogue, returning.services.store, OTHER)
    assert hand_back(returning.services, demo=True).made == 1
    late = take_file(
        read_receipts(receipt(returning, f",{older.key},0,cũ", f",{first.key},0,trùng")), returning.services
    )
    assert late.counts == {Heard.OLDER: 1, Heard.CONTRADICTS: 1}
    assert package(returning, OTHER).state is PackageState.SENT
    assert package(returning).state is PackageState.ACCEPTED


def test_the_portal_counts_what_it_has_taken(returning: PaperOffice) -> None:
    """The portal's reading waits for the receipt; the archival one does not. Without a channel nothing waits."""

    def causes() -> set[tuple[Cause, PortalCause]]:
        project(returning.services, demo=True)
        with returning.services.catalogue.read() as tx:
            return {(line.facts.archival, line.facts.portal) for line in facts.lines(tx)}

    assert causes() == {(Cause.COUNTED, PortalCause.NOT_TAKEN)}
    take_file(read_receipts(receipt(returning, f"{CODE},,1,", f"{OTHER},,1,")), returning.services)
    assert causes() == {(Cause.COUNTED, PortalCause.COUNTED)}
    returning.services = replace(returning.services, portal=None)
    assert causes() == {(Cause.COUNTED, PortalCause.COUNTED)}


def test_a_rebuilt_catalogue_knows_what_was_taken(returning: PaperOffice, fresh: Catalogue) -> None:
    """Packages lie in the manifests: rebuilt, nothing is sent anew."""
    take_file(read_receipts(receipt(returning, f"{CODE},,1,", f"{OTHER},,0,Thiếu mã")), returning.services)
    returning.drain()
    source = Installation(fresh, returning.services.store, returning.clock)
    done = rebuild(source, lambda _: None)
    assert done.unusable == []
    with fresh.read() as own, returning.services.catalogue.read() as lost:
        found = [one for one in comparison.compare(own, lost, FOUND) if one.table in ("portal_package", "event_link")]
    assert found == []
    returning.services = replace(returning.services, catalogue=fresh)
    done_again = hand_back(returning.services, demo=True)
    assert (done_again.made, done_again.sent) == (0, 0)


@one_database
def test_nothing_in_a_package_names_anybody(returning: PaperOffice) -> None:
    """Names of the register stay here; so does every token out of the catalogue."""
    folder = returning.inbox.parent / "cong"
    told = "".join(path.read_text(encoding="utf-8") for path in folder.rglob("goi.json"))
    token = target(returning).rpartition("/")[2]
    assert token in told
    with returning.services.catalogue.read() as tx:
        rows = json.dumps([portal_packages.of_dossier(tx, returning.dossier().id)], default=str)
    assert token not in rows
