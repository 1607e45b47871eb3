"""A clerk's PC beside a server: the agent as a program of its own, a real token, real HTTP."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
import uvicorn
from cryptography.hazmat.primitives import hashes

from dossier.errors import Code, HososoError, Rejected, Unavailable
from dossier.states import DocumentState
from pipeline.services import DeskPolicy
from signing.agent import sign_batch
from signing.desk_client import Batch, DeskClient, Wanted
from signing.development_pki import DevelopmentPki
from signing.elsewhere import AbsentKey
from tests.fakes.office import CODE, PaperOffice
from tests.integration.signing.softhsm import DRIVER, PIN, SoftHsm
from web.server import listen_at
from web.signing_desk import signing_desk

TOKEN = "mã truy cập".encode().hex()
ROOT = Path(__file__).parents[3]
_ABSENT_ON_WINDOWS = "fcntl resource pwd grp termios tty posix_ipc"
_ABSENT_ON_A_PC = "tesserocr pytesseract cv2 numpy pypdfium2 sqlalchemy PyKCS11 dramatiq uvicorn"
_BLOCKED = """
import sys
class Blocked:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {names!r}.split():
            raise ImportError(name)
sys.meta_path.insert(0, Blocked())
for name in {names!r}.split():
    sys.modules.pop(name, None)
import hososo.main
hososo.main._keep_memory_off_the_disk = lambda: None  # as on Windows
"""


@dataclass(frozen=True, slots=True)
class ClerksPc:
    """A home folder, a token and an access token."""

    home: Path
    hsm: SoftHsm
    url: str

    def sign(self, *options: str, pin: str = PIN, before: str = "") -> subprocess.CompletedProcess[str]:
        """Run the agent."""
        environment = os.environ | {
            "SOFTHSM2_CONF": str(self.hsm.configuration),
            "HOSOSO_TOKEN_DRIVER": DRIVER,
            "HOSOSO_TOKEN_PIN": "env:CLERKS_PIN",
            "CLERKS_PIN": pin,
            "HOSOSO_AGENT_TOKEN": TOKEN,
        }
        words = ["--home", str(self.home), *options, "sign-agent", "--server", self.url, "--yes"]
        program = f"{before}\nfrom hososo.main import main\nmain({words!r})"
        return subprocess.run(
            [sys.executable, "-c", program], env=environment, cwd=ROOT, capture_output=True, text=True, check=False
        )


@contextmanager
def served(office: PaperOffice) -> Iterator[str]:
    """Serve the desk from a thread."""
    application = signing_desk(office.services, TOKEN.encode())
    with listen_at("127.0.0.1:0") as listening:
        server = uvicorn.Server(uvicorn.Config(application, lifespan="off", log_config=None, ws="none"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        server.should_exit = True
        thread.join()


@pytest.fixture
def database() -> str:
    """Return one database: what differs between the two is shown elsewhere."""
    return "sqlite"


@pytest.fixture
def pc(office: PaperOffice, pki: DevelopmentPki, tmp_path: Path) -> Iterator[ClerksPc]:
    """Give a PC whose token holds the agency's key, beside a server with two documents on its list."""
    home = tmp_path / "pc"
    home.mkdir()
    hsm = SoftHsm(home)
    hsm.put(hsm.token("văn thư"), pki.signer.key, "agency", pki.signer.certificate, *pki.signer.chain)
    fingerprint = pki.signer.certificate.fingerprint(hashes.SHA256()).hex()
    policy = DeskPolicy({fingerprint: AbsentKey(pki.signer.certificate, pki.signer.chain)}, 50, 600)
    office.services = replace(office.services, signer=None, desk=policy)
    for number in range(2):
        office.page(f"0{number}_a.jpg", 90 * number, text=f"GIẤY KHAI SINH {number}")
    office.deliver()
    office.drain()
    with served(office) as url:
        yield ClerksPc(home, hsm, url)


def test_the_agent_signs_what_waits(office: PaperOffice, pc: ClerksPc) -> None:
    """Without any module of Unix or of the server; the PIN and the access token are nowhere in what it says."""
    before = _BLOCKED.format(names=f"{_ABSENT_ON_WINDOWS} {_ABSENT_ON_A_PC}")
    done = pc.sign(before=before)
    assert done.returncode == 0, done.stderr
    assert "2 tài liệu chờ ký" in done.stdout
    assert CODE in done.stdout
    assert "Giấy khai sinh" in done.stdout
    assert "Đã ký 2 tài liệu" in done.stdout
    office.drain()
    assert office.states() == [DocumentState.ARCHIVED] * 2
    again = pc.sign("--json", before=before)
    assert json.loads(again.stdout) == {"command": "sign-agent", "format": 1, "listed": 0, "signed": 0, "failed": 0}
    for secret in (PIN, TOKEN):
        assert secret not in done.stdout + done.stderr + again.stdout + again.stderr


def test_a_wrong_pin_takes_nothing_from_the_list(office: PaperOffice, pc: ClerksPc) -> None:
    """The agent says so and ends; the documents wait."""
    done = pc.sign(pin="111111")
    assert done.returncode == 4
    assert "PIN_WRONG" in done.stderr
    assert "111111" not in done.stdout + done.stderr
    assert office.states() == [DocumentState.WAITING_SIGNATURE] * 2


def test_a_client_without_the_token_or_without_tls_gets_nothing(pc: ClerksPc) -> None:
    """Plain HTTP is for this very machine only; what the server refuses has its code."""
    with pytest.raises(Rejected) as caught:
        DeskClient(pc.url, "wrong").waiting()
    assert caught.value.code is Code.SIGNING_DESK_REFUSED
    with pytest.raises(Rejected) as caught:
        DeskClient("http://hoso.example", TOKEN).waiting()
    assert caught.value.code is Code.SETTINGS_INVALID
    with pytest.raises(Unavailable) as unavailable:
        DeskClient(pc.url.replace("http:", "https:"), TOKEN).waiting()
    assert unavailable.value.code is Code.SIGNING_DESK_UNAVAILABLE
    assert TOKEN not in repr(DeskClient(pc.url, TOKEN))


class Desk:
    """A server that stumbles."""

    def __init__(self, *answers: HososoError | None) -> None:
        self.answers = list(answers)
        self.told: list[str] = []

    def begin(self, _certificate: str, most: int) -> Batch:
        """Give documents."""
        return Batch("s", tuple(Wanted(str(n), bytes([n]) * 32, "sha256", "K", str(n)) for n in range(most)))

    def give(self, _session: str, request: str, _cms: bytes) -> None:
        """Take a signature or stumble."""
        answer = self.answers.pop(0) if self.answers else None
        self.told.append(f"give {request}")
        if answer is not None:
            raise answer

    def fail(self, _session: str, request: str, code: Code) -> None:
        """Note a failure."""
        self.told.append(f"fail {request} {code}")

    def end(self, _session: str) -> None:
        """Close."""
        self.told.append("end")


def test_one_failure_does_not_lose_the_batch(pki: DevelopmentPki) -> None:
    """A refused document is left, a stumbling network is tried again, a lost one ends the batch in order."""
    away, refused = Unavailable(Code.SIGNING_DESK_UNAVAILABLE), Rejected(Code.SIGNING_INPUT_CHANGED)
    desk = Desk(refused, away, None, away, away, away)
    paused: list[float] = []
    outcome = sign_batch(desk, pki.signer, 5, lambda _: True, paused.append)
    assert (outcome.signed, [code for _, code in outcome.failures]) == (1, [refused.code, away.code])
    assert outcome.stopped is away
    assert desk.told == ["give 0", "give 1", "give 1", "give 2", "give 2", "give 2", "end"]
    assert len(paused) == 3


def test_nothing_is_signed_without_consent(pki: DevelopmentPki) -> None:
    """Whoever looks at the list and says no has signed nothing."""
    desk = Desk()
    assert sign_batch(desk, pki.signer, 3, lambda _: False).signed == 0
    assert desk.told == ["end"]
