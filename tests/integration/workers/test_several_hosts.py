"""Several hosts with homes and networks of their own that share PostgreSQL, RabbitMQ and an S3 store, nothing else."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from bench.cards import CardDossier, make_box
from dossier.errors import Code
from dossier.states import Step
from samples.secret import make_secret_page
from tests.e2e.hosts import Host, Look, of_buckets, of_server, running
from tests.e2e.networks import Cable, cable
from tests.e2e.program import Program, wait_until
from tests.integration.workers.conftest import emptied
from tests.servers.postgres import Postgres
from tests.servers.seaweed import Seaweed

_DOSSIERS, _PAGES = 3, 2


@dataclass
class Province:
    """Two hosts, each with its cable, and the office's view of the catalogue."""

    folder: Path
    look: Look
    hosts: tuple[Host, Host]
    cables: tuple[Cable, Cable]


@pytest.fixture(scope="module")
def province(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Province]:
    """Give two hosts; the keys of the agency are the same on both."""
    folder = tmp_path_factory.mktemp("province")
    postgres: Postgres = request.getfixturevalue("postgres")
    seaweed: Seaweed = request.getfixturevalue("seaweed")
    rabbitmq = emptied("rabbitmq", request)
    url = postgres.empty_database()
    settings = of_server("database", url, folder) | of_server("broker", rabbitmq.url, folder)
    settings |= of_buckets(seaweed.make_bucket(locked=True), seaweed.make_bucket(locked=False), folder)
    ports = [postgres.port, rabbitmq.port, seaweed.port]
    with ExitStack() as stack:
        cables = (stack.enter_context(cable(1, ports)), stack.enter_context(cable(2, ports)))
        one, two = (_host(folder, name, settings, own) for name, own in zip("ab", cables, strict=True))
        shutil.copytree(_initialised(one).pki, two.program.pki)
        _initialised(two)
        look = Look(url)
        yield Province(folder, look, (one, two), cables)
        look.close()


def _host(folder: Path, name: str, settings: dict[str, str], own: Cable) -> Host:
    there = dict(settings)
    for server, port in own.ports.items():
        for setting in ("database_url", "broker_url", "s3_endpoint"):
            there[setting] = there[setting].replace(f"127.0.0.1:{server}", f"{own.address}:{port}")
    home = folder / f"home-{name}"
    home.mkdir(mode=0o700)
    return Host(Program(home, there | {"place": name, "grace": "20"}), own.before)


def _initialised(host: Host) -> Program:
    code, out, error = host.program.ends("init", before=host.before)
    assert code == 0, out + error
    return host.program


@pytest.mark.long
def test_two_hosts_finish_a_batch_while_one_is_cut_off(province: Province, capsys: pytest.CaptureFixture[str]) -> None:
    """The cable of one is pulled while it works: the other does what it held; plugged in it receives its own again."""
    one, two = province.hosts
    boxes = [_deliver(province, host, number) for number, host in enumerate(province.hosts, start=1)]
    with running(one, two):
        wait_until(lambda: all(host.worker_processes() for host in province.hosts))
        wait_until(lambda: _of_step(province, Step.READ, "done") > _PAGES and _to_receive(province, "b") == 0)
        province.cables[1].pull()
        cut = time.monotonic()
        try:
            wait_until(lambda: province.look.open_items() == 0, 120)
            alone = time.monotonic() - cut
        finally:
            province.cables[1].plug_in()
        boxes += [_deliver(province, host, 2 + number) for number, host in enumerate(province.hosts, start=1)]
        wait_until(lambda: province.look.open_items() == 0, 120)
        assert (one.stop(), two.stop()) == (0, 0)
    assert province.look.archived() == sum(len(box) for box in boxes)
    assert province.look.doubled() == []
    assert province.look.rows("select error from work_item where state = 'quarantined'") == []
    for host in province.hosts:
        _run(host, "verify")
    with capsys.disabled():
        kind = province.cables[0].kind
        print(f"\n  two hosts in {kind}: the other was done {alone:.0f} s after the cut", end="")  # noqa: T201


def test_a_secret_read_elsewhere_is_stopped_and_its_folder_stays_where_it_lies(province: Province) -> None:
    """The marking is found on host b, the folder lies on host a: nothing of it is archived."""
    one, two = province.hosts
    before = province.look.archived()
    folder = province.folder / "inbox-a" / "H99.27.99-260118-0001"
    folder.mkdir(parents=True)
    scan = make_secret_page(folder / "trang_1.jpg")
    with running(one):
        _run(one, "deliver", folder)
        wait_until(lambda: _of_step(province, Step.READ, "ready", "claimed") == 1)
        one.kill()  # whoever of the two had begun to read: host a is gone now
    with running(two):
        wait_until(lambda: _state_of(province, folder.name) == "stopped")
        wait_until(
            lambda: province.look.value("select count(*) from work_item where place = 'a' and step = 'read'") == 1
        )
        assert scan.exists()
        assert two.stop() == 0
    with running(one):
        wait_until(lambda: province.look.open_items() == 0)
        assert one.stop() == 0
    assert not scan.exists()
    assert province.look.archived() == before
    told = province.look.rows("select code from problem where resolved_at = '' and subject = 'trang_1.jpg#1'")
    assert told == [(Code.SECRET_STAMP.value,)]


def _deliver(province: Province, host: Host, number: int) -> list[CardDossier]:
    """Draw a box that lies on one host only, and deliver it there; receiving is for that host's workers alone."""
    box = make_box(province.folder / f"inbox-{host.program.settings['place']}", number, _DOSSIERS, _PAGES)
    _run(host, "deliver", box[0].folder.parent)
    return box


def _run(host: Host, *words: object) -> None:
    code, out, error = host.program.ends(*words, before=host.before)
    assert code == 0, f"hososo {words} ended with {code}: {out}{error}"


def _of_step(province: Province, step: Step, *states: str) -> int:
    counts = dict(
        province.look.rows("select state, count(*) from work_item where step = :step group by state", step=step)
    )
    return sum(counts.get(state, 0) for state in states)


def _to_receive(province: Province, place: str) -> int:
    query = "select count(*) from work_item where step = 'receive' and state <> 'done' and place = :place"
    return int(province.look.value(query, place=place))


def _state_of(province: Province, code: str) -> str:
    query = "select intake.state from intake join dossier on dossier.id = intake.dossier_id where dossier.code = :code"
    return str(province.look.value(query, code=code))
