"""The office of compose.yaml, of native processes: it comes up, digitises, says how it is, and stops in order."""

from __future__ import annotations

import http.client
import io
import json
import secrets
import signal
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from minio import Minio
from minio.commonconfig import GOVERNANCE
from minio.error import S3Error
from minio.retention import Retention

from hososo.console import Exit
from samples.make import make
from tests.e2e import delivery
from tests.e2e.office import Office
from tests.e2e.program import wait_until
from tests.servers.postgres import Postgres

pytestmark = pytest.mark.server


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory, postgres: Postgres) -> Iterator[Office]:
    """Give an office whose servers run and whose catalogue is made."""
    found = Office(tmp_path_factory.mktemp("office"), postgres)
    try:
        found.make_account()
        found.broker.start()
        found.store.start()
        made = found.store.set_up()
        assert made.returncode == 0, made.stderr
        assert found.start("init").wait(60) == 0
        yield found
    finally:
        found.store.close()
        found.broker.close()
        found.remove_account()


@pytest.fixture(scope="module")
def web(office: Office) -> Iterator[subprocess.Popen[bytes]]:
    """Give the web service once it answers."""
    process = office.start("web")
    wait_until(lambda: office.healthy("web"))
    yield process
    process.kill()
    process.wait()


def _sdk(office: Office) -> Minio:
    keys = [office.secret(name).read_text(encoding="ascii") for name in ("s3_access_key", "s3_secret_key")]
    address = f"127.0.0.1:{office.store.port}"
    return Minio(endpoint=address, access_key=keys[0], secret_key=keys[1], secure=False, region="us-east-1")


def test_a_dossier_goes_the_whole_way(office: Office, web: subprocess.Popen[bytes], tmp_path: Path) -> None:
    """Delivered in the workers' container, read and archived by a worker over all three servers, seen by `web`."""
    samples = make(tmp_path / "samples", small=True)
    folder = office.inbox / delivery.FIRST
    folder.mkdir()
    delivery.slip(folder / "giay.jpg", delivery.certificate(samples))
    worker = office.start("workers")
    try:
        office.run("workers", "--json", "deliver", "/inbox")
        wait_until(lambda: _done(office), 200)
        assert office.healthy("workers")
        keys = [each.object_name for each in _sdk(office).list_objects("hososo-archive", recursive=True)]
        assert len([key for key in keys if key and key.startswith("objects/")]) >= 3
        assert list(_sdk(office).list_objects("hososo-holding", recursive=True)) == []
        office.run("workers", "verify")
        assert web.poll() is None
    finally:
        worker.send_signal(signal.Signals[office.services["workers"]["stop_signal"]])
        assert worker.wait(float(office.services["workers"]["stop_grace_period"].rstrip("s"))) == 0


def _done(office: Office) -> bool:
    told = json.loads(office.run("workers", "--json", "status", codes=(Exit.OK, Exit.WAITING)))
    return told["documents"] == {"archived": 1} and told["open_work"] == 0


def test_what_is_archived_is_locked(office: Office) -> None:
    """Source, signed document, words and manifest stay for as long as the office said; a working copy need not."""
    sdk = _sdk(office)
    ends = []
    for each in sdk.list_objects("hososo-archive", prefix="objects/", recursive=True):
        with suppress(S3Error):  # how S3 says that a version has no retention
            kept = sdk.get_object_retention("hososo-archive", str(each.object_name))
            ends += [kept.retain_until_date] if kept else []
    assert len(ends) >= 4
    assert min(ends) > datetime.now(UTC) + timedelta(days=364)


def test_a_locked_version_is_safe_from_everybody_who_has_a_key(office: Office) -> None:
    """The program's own account can lock but not remove, not even by asking for the bypass; nor can the filer."""
    sdk, bucket, name = _sdk(office), "hososo-archive", "probe"
    put = sdk.put_object(bucket, name, io.BytesIO(b"locked"), 6)
    version = str(put.version_id)
    until = datetime.now(UTC) + timedelta(days=1)
    sdk.set_object_retention(bucket, name, Retention(GOVERNANCE, until), version)
    bypass: dict[str, str | list[str] | tuple[str]] = {"x-amz-bypass-governance-retention": "true"}
    for headers in ({}, bypass):
        with pytest.raises(S3Error, match="AccessDenied"):
            sdk._execute("DELETE", bucket, name, headers=headers, query_params={"versionId": version})
    with pytest.raises(S3Error, match="AccessDenied"):
        sdk.set_object_retention(bucket, name, Retention(GOVERNANCE, until - timedelta(hours=12)), version)
    assert office.store.filer("DELETE", f"/buckets/{bucket}/{name}") == http.client.NOT_FOUND
    assert office.store.filer("GET", "/buckets/") == http.client.NOT_FOUND
    assert sdk.get_object(bucket, name, version_id=version).data == b"locked"


def test_buckets_are_set_up_again_and_refused_when_they_are_wrong(office: Office) -> None:
    """A second run changes nothing; a holding bucket that forgets nothing, or an archive that forgets, is refused."""
    assert office.store.set_up().returncode == 0
    locked = office.store.set_up(holding="hososo-archive")
    assert (locked.returncode, "neither object lock nor versioning" in locked.stderr) == (1, True)
    free = office.store.set_up(archive="hososo-holding")
    assert (free.returncode, "has no object lock" in free.stderr) == (1, True)


def test_what_is_deleted_in_the_holding_bucket_leaves_the_disk(office: Office) -> None:
    """Deleted bytes lie in a file of the store's until the daily vacuum; then they are gone."""
    sdk, mark = _sdk(office), secrets.token_bytes(1000)  # what the store cannot pack
    sdk.put_object("hososo-holding", "key", io.BytesIO(mark), len(mark))
    sdk.put_object("hososo-holding", "other", io.BytesIO(b"kept"), 4)
    sdk.remove_object("hososo-holding", "key")

    def on_disk() -> bool:
        return any(mark in path.read_bytes() for path in (office.store.folder / "archive").glob("hososo-holding*.dat"))

    assert on_disk()
    assert not office.store.vacuumed()

    def vacuumed_away() -> bool:
        done = office.store.vacuum()
        assert done.returncode == 0, done.stderr
        return not on_disk()

    wait_until(vacuumed_away, 60)  # the store marks deleted bytes as such some seconds after its answer
    assert office.store.vacuumed()
    assert sdk.get_object("hososo-holding", "other").data == b"kept"


def test_web_says_how_the_office_is(office: Office, web: subprocess.Popen[bytes]) -> None:
    """Alive, ready in every part, and with figures; nothing of it names a secret."""
    assert web.poll() is None
    assert office.get("/healthz")[0] == 200
    status, body = office.get("/readyz")
    assert (status, {name: part["state"] for name, part in json.loads(body)["parts"].items()}) == (
        200,
        dict.fromkeys(("catalogue", "clock", "store", "broker"), "ok"),
    )
    status, figures = office.get("/metrics")
    assert status == 200
    for name in ("database_password", "broker_password", "s3_access_key", "s3_secret_key"):
        assert office.secret(name).read_bytes() not in body + figures


def test_web_names_the_server_that_is_away_and_then_stops_in_order(
    office: Office, web: subprocess.Popen[bytes]
) -> None:
    """One part fails, the others do not; the process answers on, and ends by itself when told to."""
    office.broker.stop()
    try:
        wait_until(lambda: office.get("/readyz")[0] == 503)
        assert office.parts() == {
            "catalogue": {"state": "ok"},
            "clock": {"state": "ok"},
            "store": {"state": "ok"},
            "broker": {"state": "failed", "code": "BROKER_UNAVAILABLE"},
        }
        assert office.healthy("web")
    finally:
        office.broker.start()
    wait_until(lambda: office.get("/readyz")[0] == 200)
    web.send_signal(signal.SIGTERM)
    assert web.wait(float(office.services["web"]["stop_grace_period"].rstrip("s"))) == 0
    assert not office.healthy("web")


def test_the_programs_account_has_no_rights_over_the_servers(office: Office, postgres: Postgres) -> None:
    """It owns its database and is no superuser; in the store it makes and empties no bucket."""
    rows = postgres.execute("SELECT rolsuper, rolcreatedb, rolcreaterole FROM pg_roles WHERE rolname = 'office'")
    assert rows == [(False, False, False)]
    with pytest.raises(S3Error, match="AccessDenied"):
        _sdk(office).make_bucket("mine")
    with pytest.raises(S3Error, match="AccessDenied"):
        _sdk(office).remove_bucket("hososo-holding")
