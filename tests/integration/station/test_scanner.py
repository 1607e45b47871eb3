"""Scanners on the network: a job from its beginning to its end, everything that goes wrong, and a foreign client."""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from dossier.digest import of_bytes
from dossier.errors import Code, HososoError
from hososo.main import main
from station.escl.scanner import Scanner
from station.escl.scanning import Job, scan
from station.settings import ScanSettings
from tests.fakes.office import jpeg
from tests.integration.station.conftest import Desk, Site
from tests.servers.process import free_port
from tests.servers.scanner import FakeScanner, Moods

_CODE = "H99.27.14-260312-0001"


@pytest.fixture
def device() -> Iterator[FakeScanner]:
    """Give a scanner with three sheets in its feeder and one on its glass."""
    with FakeScanner([jpeg(10), jpeg(60), jpeg(110)], jpeg(200)) as opened:
        yield opened


def _job(folder: Path, patience: float = 0.05, **settings: object) -> Job:
    how = ScanSettings(**settings)  # type: ignore[arg-type]
    return Job(how, lambda number: folder / f"{number}.jpg", patience, sleep=lambda _seconds: None)


def _failed(device: FakeScanner, folder: Path, seconds: float = 5.0, **settings: object) -> Code:
    with pytest.raises(HososoError) as failed:
        scan(Scanner(device.url, seconds), _job(folder, **settings))
    return failed.value.code


def test_a_stack_and_the_glass(device: FakeScanner, tmp_path: Path) -> None:
    """Page after page until there is none; the job is ended; settings are what was asked for and the scanner has."""
    sent = list(device.papers)
    device.moods.busy = 2
    assert scan(Scanner(device.url), _job(tmp_path, resolution=250, colour="grey", source="duplex")) == 3
    assert [(tmp_path / f"{number}.jpg").read_bytes() for number in (1, 2, 3)] == sent
    assert "<scan:XResolution>300<" in device.wanted[0]
    assert "Grayscale8" in device.wanted[0]
    assert "<scan:Duplex>true<" in device.wanted[0]
    assert scan(Scanner(device.url), _job(tmp_path, source="flatbed")) == 1
    assert device.deleted == ["1", "2"]


@pytest.mark.parametrize(
    ("moods", "code", "pages"),
    [
        (Moods(feeder="ScannerAdfEmpty"), Code.SCANNER_EMPTY, 0),
        (Moods(feeder="ScannerAdfHatchOpen"), Code.SCANNER_COVER, 0),
        (Moods(jam_after=2), Code.SCANNER_JAM, 2),
        (Moods(half_page=2), Code.SCANNER_CUT, 1),
        (Moods(gone_after=1), Code.SCANNER_UNREACHABLE, 1),
        (Moods(busy=100), Code.SCANNER_SLOW, 0),
        (Moods(slow=0.9), Code.SCANNER_SLOW, 0),
        (Moods(broken=500), Code.SCANNER_FAULT, 0),
        (Moods(broken=503), Code.SCANNER_BUSY, 0),
        (Moods(state="Processing"), Code.SCANNER_BUSY, 0),
        (Moods(state="Down"), Code.SCANNER_FAULT, 0),
        (Moods(answer=b"<html>"), Code.SCANNER_FAULT, 0),
        (Moods(answer=b"<a/>" + bytes(2 << 20)), Code.SCANNER_FAULT, 0),
        (Moods(answer=b'<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'), Code.SCANNER_FAULT, 0),
    ],
    ids=lambda each: str(each) if isinstance(each, Code) else "",
)
def test_everything_that_goes_wrong(moods: Moods, code: Code, pages: int, device: FakeScanner, tmp_path: Path) -> None:
    """Each has its code; the pages before it are whole and stay, nothing half is left, the job is ended."""
    device.moods = moods
    assert _failed(device, tmp_path, 0.3 if moods.slow else 20.0) is code
    assert sorted(path.name for path in tmp_path.iterdir()) == [f"{number + 1}.jpg" for number in range(pages)]
    assert len(device.deleted) == len(device.jobs)


def test_what_a_scanner_has_not(device: FakeScanner, tmp_path: Path) -> None:
    """It is said before a job is begun."""
    for settings in ({"colour": "black"}, {"format": "image/tiff"}, {"resolution": 1200}):
        assert _failed(device, tmp_path, **settings) is Code.SCANNER_UNFIT
    assert device.wanted == []
    device.moods.capabilities = device.capabilities().replace("PlatenInputCaps", "x")
    assert _failed(device, tmp_path, source="flatbed") is Code.SCANNER_UNFIT
    with pytest.raises(HososoError) as failed:
        scan(Scanner(f"http://127.0.0.1:{free_port()}/eSCL"), _job(tmp_path))
    assert failed.value.code is Code.SCANNER_UNREACHABLE


def _hososo(said: pytest.CaptureFixture[str], *words: str) -> dict[str, object]:
    with pytest.raises(SystemExit):
        main(["--json", *words])
    return dict(json.loads(said.readouterr().out))


def test_from_the_feeder_into_the_archive(
    site: Site, desk: Desk, device: FakeScanner, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The paper jams; it is gone on with; nothing is handed over before all that was counted is there."""
    lines = (
        f'[[folder]]\npath = "{desk.hot}"\nnot_secret = "manifest"\n[[scan]]\nprocedure = "1.000001"\ncolour = "grey"\n'
    )
    (tmp_path / "tram.toml").write_text(lines, encoding="utf-8")
    words = ("station", "scan", "--config", str(tmp_path / "tram.toml"), "--scanner", device.url, "--dossier", _CODE)
    words = (*words, "--component", "to-khai", "--procedure", "1.000001", "--pages", "3")
    assert _hososo(capsys, *words)["error"] == "SECRECY_UNANSWERED"
    device.moods.jam_after = 2
    assert _hososo(capsys, *words, "--not-secret")["error"] == "SCANNER_JAM"
    assert desk.agent.once().waiting == ()
    device.moods = Moods()
    assert _hososo(capsys, *words, "--not-secret", "--resume")["files"] == 3
    assert "Grayscale8" in device.wanted[-1]
    desk.until("followed")
    assert set(site.received(_CODE)) == {"to-khai/0001.jpg", "to-khai/0002.jpg", "to-khai/0003.jpg"}


def test_one_side_after_the_other(
    site: Site, desk: Desk, device: FakeScanner, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Fronts, then the pile turned over and its backs; too few backs are told, and nothing goes away."""
    (tmp_path / "tram.toml").write_text(f'[[folder]]\npath = "{desk.hot}"\nnot_secret = "manifest"\n', encoding="utf-8")
    code = _CODE.replace("0001", "0002")
    words = ("station", "scan", "--config", str(tmp_path / "tram.toml"), "--scanner", device.url, "--dossier", code)
    words = (*words, "--not-secret", "--sides", "turned")
    fronts = list(device.papers)
    assert _hososo(capsys, *words)["files"] == 0
    device.papers = [jpeg(150), jpeg(190)]
    assert _hososo(capsys, *words, "--resume")["error"] == "SCANNER_SIDES"
    assert desk.agent.once().waiting == ()
    device.papers = fronts
    assert _hososo(capsys, *words)["files"] == 0
    backs = [jpeg(150), jpeg(190), jpeg(230)]
    device.papers = list(backs)
    assert _hososo(capsys, *words, "--resume")["files"] == 6
    desk.until("followed")
    names = [
        f"{at:04}-mat-{'truoc' if at % 2 else 'sau'}-000{scan}.jpg" for at, scan in enumerate((1, 6, 2, 5, 3, 4), 1)
    ]
    received = site.received(code)
    assert list(received) == names
    assert [received[name] for name in names[1::2]] == [of_bytes(back) for back in backs[::-1]]
    assert _hososo(capsys, *words, "--from", "duplex")["error"] == "SCANNER_UNFIT"


def test_a_foreign_client_understands_our_scanner(tmp_path: Path) -> None:
    """Debian's sane-airscan finds it and pulls its pages: what our driver is tested against is eSCL."""
    program = shutil.which("scanimage")
    assert program, "scanimage is missing: run install/system.sh test"
    (tmp_path / "dll.conf").write_text("airscan\n", encoding="ascii")
    pages = [Image.new("RGB", (2480, 3508), (shade, 200, 200)) for shade in (10, 100)]
    with FakeScanner([_encoded(page) for page in pages]) as device:
        conf = f'[devices]\n"thu" = {device.url}, eSCL\n[options]\ndiscovery = disable\n'
        (tmp_path / "airscan.conf").write_text(conf, encoding="ascii")
        call = [program, "--device", "airscan:e0:thu", "--source", "ADF", "--resolution", "300", "--format", "pnm"]
        environment = {**os.environ, "SANE_CONFIG_DIR": str(tmp_path), "HOME": str(tmp_path)}
        done = subprocess.run(
            [*call, f"--batch={tmp_path}/%d.pnm"],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        assert device.given == 2, done.stderr
    for number, page in enumerate(pages, 1):
        with Image.open(tmp_path / f"{number}.pnm") as found:
            near = found.getpixel((100, 100))
            assert isinstance(near, tuple)
            wanted = page.getpixel((100, 100))
            assert isinstance(wanted, tuple)
            assert all(abs(a - b) < 8 for a, b in zip(near, wanted, strict=True))


def _encoded(page: Image.Image) -> bytes:
    out = io.BytesIO()
    page.save(out, "JPEG", dpi=(300, 300))
    return out.getvalue()
