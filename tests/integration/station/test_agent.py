"""The station's agent against the real API: every page arrives once, and is kept until the archive has it."""

from __future__ import annotations

import json
import struct
from pathlib import Path
from zlib import crc32

from sqlalchemy import delete, select

from catalog import hand_overs
from catalog.hand_over_tables import hand_over, received_file
from dossier.digest import of_bytes
from pipeline.spool_sweeping import sweep_spool
from station.agent import ASIDE_WISH
from station.queue import BatchState
from station.returning import bring_again
from station.telling import lines, page
from tests.fakes.office import jpeg
from tests.integration.station.conftest import Desk, Site
from tests.servers.proxy import Reply

_DAY = "H99.27.14-260310-"


def _kept(desk: Desk) -> list[Path]:
    return list(desk.agent.spool.root.iterdir())


def test_a_dossier_arrives_and_is_forgotten_once_it_is_archived(site: Site, desk: Desk) -> None:
    """In the order of their numbers; the own copies are there until the archive has everything, then they are gone."""
    code = f"{_DAY}0001"
    pages = {f"to-khai/{number}.jpg": jpeg(20 * number + 1) for number in (2, 10, 1)}
    for name, data in pages.items():
        desk.put(f"{code}/{name}", data)
    standing = desk.until("followed")
    assert standing.files["acknowledged"] == 3
    assert not (desk.hot / code).exists()
    assert len(_kept(desk)) == 3
    site.digitise()
    desk.until("done")
    assert _kept(desk) == []
    received = site.received(code)
    assert received == {name: of_bytes(data) for name, data in pages.items()}
    with site.office.services.catalogue.read() as tx:
        own = next(
            each for each in hand_overs.newest(tx, None, 100) if (each.code, each.component) == (code, "to-khai")
        )
        assert [file.name for file in hand_overs.files(tx, own.id)] == ["1.jpg", "2.jpg", "10.jpg"]


def test_declared_leaves_are_told_at_the_station(site: Site, desk: Desk) -> None:
    """What the manifest says of them goes with the papers; what does not fit stands on the clerk's page."""
    code = f"{_DAY}0012"
    listed = [{"name": name} for name in ("1.jpg", "2.jpg")]
    said = {"components": [{"component": "to-khai", "leaves": "1-4", "files": listed}]}
    desk.put(f"{code}/ho-so.json", json.dumps(said).encode())
    for number in (1, 2):
        desk.put(f"{code}/{number}.jpg", jpeg(30 * number + 7))
    desk.until("followed")
    site.digitise()
    told = desk.until("done").as_json()
    assert told["batches"][0]["leaves"] == [{"code": "LEAVES_MISSING", "subject": f"{code}/to-khai", "said": "2/4"}]
    assert f"{code}/to-khai (2/4): Thiếu tờ" in page(told)
    assert any("(2/4): Thiếu tờ" in line for line in lines(told))


def test_nothing_of_a_dossier_is_seen_before_all_of_it_is_there(site: Site, desk: Desk) -> None:
    """Cut off between two components, the server has two hand-overs of which none is committed."""
    code = f"{_DAY}0002"
    for name in ("a/1.jpg", "b/1.jpg"):
        desk.put(f"{code}/{name}", jpeg(len(name) + ord(name[0])))
    site.proxy.let_pass(1, r"PATCH ")
    site.proxy.reply(*_broken(r"PATCH "))
    standing = desk.agent.once()
    assert standing.trouble == "STATION_SERVER_UNAVAILABLE"
    assert site.received(code) == {}
    site.proxy.forward()
    desk.until("followed")
    assert set(site.received(code)) == {"a/1.jpg", "b/1.jpg"}


def _broken(request: str) -> list[Reply]:
    return [Reply(502, request, 100)]


def test_the_network_is_cut_at_every_request(site: Site, desk: Desk) -> None:
    """After each answer that does not come the agent says it again; the dossier is there once, as it was."""
    code = f"{_DAY}0003"
    pages = {f"{number}.jpg": jpeg(3 * number + 100) for number in range(3)}
    for name, data in pages.items():
        desk.put(f"{code}/{name}", data)
    for cut_after in range(8):  # begin, then create and send three times, then commit
        site.proxy.forward()
        site.proxy.let_pass(cut_after, r"HTTP/1.1")
        site.proxy.reply(*_broken(r"HTTP/1.1"))
        desk.agent.backoff.done("server")
        desk.agent.once()
    site.proxy.forward()
    desk.until("followed")
    assert site.received(code) == {name: of_bytes(data) for name, data in pages.items()}
    # The answer is lost, not the question.
    for cut_after in (0, 30):
        site.proxy.truncate(cut_after)
        desk.agent.backoff.done("server")
        desk.agent.once()
    site.proxy.forward()
    desk.agent.backoff.done("server")
    assert desk.agent.once().batches[0]["stages"] == ["reading"]
    assert len(_kept(desk)) == 3


def test_a_file_that_the_server_will_not_have_comes_back_with_the_whole_dossier(site: Site, desk: Desk) -> None:
    """Beside it stands why, in Vietnamese; mended and brought back it is handed over."""
    code = f"{_DAY}0004"
    desk.put(f"{code}/1.jpg", jpeg(44))
    desk.put(f"{code}/2.doc", b"no scan")
    standing = desk.until("aside")
    assert standing.batches[0]["reason"] == "TYPE_UNKNOWN"
    back = desk.hot / "can-xem-lai" / code
    assert {path.name for path in back.iterdir()} == {"1.jpg", "2.doc", "ly-do.txt"}
    assert "2.doc" in (back / "ly-do.txt").read_text(encoding="utf-8")
    assert _kept(desk) == []
    (back / "2.doc").unlink()
    back.rename(desk.hot / code)
    desk.until("followed")
    assert site.received(code) == {"1.jpg": of_bytes(jpeg(44))}


def test_a_page_that_turns_out_to_be_damaged_comes_back_alone(site: Site, desk: Desk) -> None:
    """The others are archived and forgotten."""
    code = f"{_DAY}0005"
    desk.put(f"{code}/1.jpg", jpeg(55))
    desk.put(f"{code}/2.png", _hollow_png())
    desk.until("followed")
    site.digitise()
    standing = desk.until("aside")
    assert standing.batches[0]["subject"] == "2.png"
    assert (desk.hot / "can-xem-lai" / code / "2.png").is_file()
    assert not (desk.hot / "can-xem-lai" / code / "1.jpg").exists()
    assert _kept(desk) == []


def _hollow_png() -> bytes:
    """Return a file that has every part of a picture, and no picture in them."""
    parts = ((b"IHDR", struct.pack(">IIBBBBB", 900, 1200, 8, 0, 0, 0, 0)), (b"IDAT", b"no data"), (b"IEND", b""))
    sealed = (
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", crc32(kind + data)) for kind, data in parts
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(sealed)


def test_a_foreign_unit_and_a_revoked_token(site: Site, desk: Desk) -> None:
    """A dossier of another unit comes back; without a good token nothing is tried until there is another one."""
    desk.put("H99.27.12-260310-0001/1.jpg", jpeg(66))
    assert desk.until("aside").batches[0]["reason"] == "STATION_UNIT"
    good, desk.agent.token = desk.agent.token, lambda: "hst_" + "a" * 43
    desk.put(f"{_DAY}0006/1.jpg", jpeg(67))
    assert desk.agent.once().trouble == "STATION_REFUSED"
    site.proxy.let_pass(100, "HTTP/1.1")
    before = len(site.proxy.requests)
    assert desk.agent.once().trouble == "STATION_REFUSED"
    assert len(site.proxy.requests) == before
    desk.agent.token = good
    desk.until("followed")


def test_a_state_secret_is_destroyed_here_too(site: Site, desk: Desk) -> None:
    """Nothing of the picture is left at the station; the clerk is told to take the paper out."""
    code = f"{_DAY}0009"
    secret = jpeg(99)
    site.office.reader.secret.add(of_bytes(secret))
    desk.put(f"{code}/1.jpg", secret)
    desk.until("followed")
    site.digitise()
    standing = desk.until("destroyed")
    left = [path for path in desk.hot.parent.rglob("*") if path.is_file() and secret[:200] in path.read_bytes()]
    assert left == []
    assert "DỪNG" in "".join(lines(standing.as_json()))
    assert 'class="bad"' in (desk.hot / "tinh-trang.html").read_text(encoding="utf-8")


def test_a_person_takes_a_dossier_out_and_brings_it_back(site: Site, desk: Desk) -> None:
    """While it could not be handed over; the server is told to forget what it has of it."""
    code = f"{_DAY}0010"
    desk.put(f"{code}/1.jpg", jpeg(123))
    site.proxy.let_pass(2, "HTTP/1.1")
    site.proxy.reply(*_broken("HTTP/1.1"))
    desk.agent.once()
    site.proxy.forward()
    assert desk.agent.queue.wish(code, ASIDE_WISH) == 1
    desk.agent.backoff.done("server")
    assert desk.until("aside").batches[0]["reason"] == ""
    assert (desk.hot / "can-xem-lai" / code / "1.jpg").read_bytes() == jpeg(123)
    with site.office.services.catalogue.read() as tx:
        own = tx.execute(select(hand_over.c.state).where(hand_over.c.code == code)).scalar_one()
    assert own == "abandoned"
    assert bring_again(desk.hot, code) == 1
    assert not (desk.hot / "can-xem-lai" / code).exists()
    desk.until("followed")
    assert site.received(code)["1.jpg"] == of_bytes(jpeg(123))


def test_a_full_disk_and_a_share_that_is_away(desk: Desk) -> None:
    """Both are told, nothing is lost, and the station goes on when it can."""
    code = f"{_DAY}0011"
    database = desk.agent.queue._database
    database.execute("PRAGMA max_page_count=1")  # as few as there are: no more is written
    paths = [desk.put(f"{code}/{number:04d}-{'x' * 80}.jpg", jpeg(17) + bytes([number])) for number in range(25)]
    assert desk.agent.once().trouble == "DISK_FULL"
    assert all(path.exists() for path in paths)
    database.execute("PRAGMA max_page_count=100000")
    desk.hot.rename(desk.hot.with_name("away"))
    assert desk.agent.once().trouble == "STATION_FOLDER_AWAY"
    desk.hot.with_name("away").rename(desk.hot)
    desk.agent.once()
    assert len(desk.agent.queue.batches(BatchState.FOLLOWED)) == 1


def test_the_server_was_restored_from_an_older_backup(site: Site, desk: Desk) -> None:
    """What it no longer knows is sent again under the same key."""
    code = f"{_DAY}0007"
    desk.put(f"{code}/1.jpg", jpeg(77))
    desk.until("followed")
    with site.office.services.catalogue.write() as tx:
        tx.execute(delete(received_file))
        tx.execute(delete(hand_over))
    desk.until("sending")
    desk.until("followed")
    assert site.received(code) == {"1.jpg": of_bytes(jpeg(77))}


def test_the_station_was_away_until_its_hand_over_was_given_up(site: Site, desk: Desk) -> None:
    """It is begun anew under another key."""
    code = f"{_DAY}0008"
    desk.put(f"{code}/1.jpg", jpeg(88))
    site.proxy.let_pass(2, "HTTP/1.1")
    site.proxy.reply(*_broken("HTTP/1.1"))
    desk.agent.once()
    site.office.clock.later(100 * 86_400)
    sweep_spool(site.office.services)
    site.proxy.forward()
    desk.until("followed")
    assert site.received(code) == {"1.jpg": of_bytes(jpeg(88))}
