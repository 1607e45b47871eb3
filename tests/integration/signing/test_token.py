"""Tokens through a real PKCS#11 driver (SoftHSM 2): every kind of key, and everything that goes wrong with a token."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from asn1crypto import cms
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from dossier.errors import Code, HososoError, Rejected, Unavailable
from signing.cms import signed_data
from signing.development_pki import DevelopmentPki
from signing.issuance import Role, issue
from signing.keys import PrivateKey
from signing.pin import pin_source
from signing.port import Scheme
from signing.signature_value import check_signature
from signing.token import TokenSettings, TokenSigner, listed
from signing.verdict import TrustPolicy, Verdict
from signing.verify import Verifier
from tests.integration.signing import documents
from tests.integration.signing.conftest import Sign
from tests.integration.signing.softhsm import DRIVER, PIN, SoftHsm

WRONG = "135792"
DIGEST = bytes(range(32))
KEYS = {
    "rsa2048": lambda: rsa.generate_private_key(65537, 2048),
    "p256": lambda: ec.generate_private_key(ec.SECP256R1()),
    "p384": lambda: ec.generate_private_key(ec.SECP384R1()),
    "rsa1024": lambda: rsa.generate_private_key(65537, 1024),  # noqa: S505 - it must be refused
}


@dataclass(frozen=True, slots=True)
class Desk:
    """A token with several keys."""

    hsm: SoftHsm
    serial: str
    root: x509.Certificate
    certificates: dict[str, x509.Certificate]

    def settings(self, key: str = "p256", **others: object) -> TokenSettings:
        """Return settings for one of its keys."""
        chosen = {"label": "agency", "key_label": key, "seconds": 20.0} | others
        return replace(TokenSettings(DRIVER, pin_source("env:HOSOSO_TEST_PIN")), **chosen)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """Return a token with a key of every kind, their certificates and that of the authority."""
    hsm = SoftHsm(tmp_path_factory.mktemp("hsm"))
    serial = hsm.token("agency")
    root_key = ec.generate_private_key(ec.SECP256R1())
    root = issue(Role.ROOT, root_key, root_key, None)
    issuing = issue(Role.ISSUING, root_key, root_key, root)
    certificates = {}
    for name, make in KEYS.items():
        key: PrivateKey = make()
        certificates[name] = issue(Role.AGENCY, key, root_key, issuing)
        hsm.put(serial, key, name, certificates[name], issuing, root)
    return Desk(hsm, serial, root, certificates)


@pytest.fixture
def desk(filled: Desk, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """Return the same, with the driver's configuration and the right PIN in the environment."""
    monkeypatch.setenv("SOFTHSM2_CONF", str(filled.hsm.configuration))
    monkeypatch.setenv("HOSOSO_TEST_PIN", PIN)
    return filled


@pytest.fixture
def signer(desk: Desk) -> Iterator[TokenSigner]:
    """Return a signer over the quickest key."""
    with TokenSigner(desk.settings()) as signer:
        yield signer


def refused(signer: TokenSigner) -> Code:
    """Return with which code signing is refused."""
    with pytest.raises(HososoError) as caught:
        signer.sign(b"attributes", "sha256")
    return caught.value.code


@pytest.mark.parametrize(
    ("key", "scheme", "digest"),
    [
        ("rsa2048", Scheme.RSA_PKCS1, "sha256"),
        ("rsa2048", Scheme.RSA_PKCS1, "sha512"),
        ("rsa2048", Scheme.RSA_PSS, "sha256"),
        ("rsa2048", Scheme.RSA_PSS, "sha384"),
        ("p256", None, "sha256"),
        ("p384", None, "sha384"),
        ("p384", None, "sha512"),
    ],
)
def test_every_kind_of_key_makes_a_cms(desk: Desk, key: str, scheme: Scheme | None, digest: str) -> None:
    """The signature value verifies with its label, and the chain stands in the CMS without the root."""
    with TokenSigner(desk.settings(key, rsa_scheme=scheme)) as signer:
        built = cms.ContentInfo.load(signed_data(DIGEST, digest, signer), strict=True)["content"]
    (info,) = built["signer_infos"]
    check_signature(desk.certificates[key], info, info["signed_attrs"].untag().dump())
    assert info["signature_algorithm"].signature_algo == (scheme or Scheme.ECDSA).value
    assert len(built["certificates"]) == 2


def test_a_document_sealed_by_a_token_is_valid(
    desk: Desk, signer: TokenSigner, pki: DevelopmentPki, sign: Sign, verifier: Verifier, tmp_path: Path
) -> None:
    """From the token to the verdict of pyHanko, with RSA-PSS too."""
    trust = TrustPolicy.of([desk.root, *pki.anchors])
    documents.classic(tmp_path / "in.pdf")
    with TokenSigner(desk.settings("rsa2048", rsa_scheme=Scheme.RSA_PSS)) as pss:
        for number, each in enumerate((signer, pss)):
            sign(tmp_path / "in.pdf", tmp_path / f"{number}.pdf", signer=each)
            assert verifier.verify(tmp_path / f"{number}.pdf", trust).verdict is Verdict.VALID


def test_a_session_serves_a_whole_batch(signer: TokenSigner, desk: Desk) -> None:
    """One child process, one login; closed it opens anew."""
    signer.sign(b"one", "sha256")
    process = signer._opened.process._process.pid  # type: ignore[union-attr] # one private seam: which process it is
    for number in range(20):
        signer.sign(b"%d" % number, "sha256")
    assert signer._opened.process._process.pid == process  # type: ignore[union-attr]
    signer.close()
    assert not Path(f"/proc/{process}").exists()
    assert signer.certificate == desk.certificates["p256"]


def test_the_certificate_is_known_before_the_pin(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """So that a clerk sees the list first; what signs afterwards is the key of this certificate."""
    monkeypatch.setenv("HOSOSO_TEST_PIN", "")
    with TokenSigner(desk.settings()) as signer:
        assert signer.identified() == desk.certificates["p256"]
        with pytest.raises(Unavailable) as caught:
            signer.sign(b"a", "sha256")
        assert caught.value.code is Code.PIN_MISSING
        monkeypatch.setenv("HOSOSO_TEST_PIN", PIN)
        assert signer.sign(b"a", "sha256")


def test_a_certificate_that_fits_no_better_than_another_costs_a_pin(desk: Desk) -> None:
    """The token has four keys: which one is meant only the logged-in session can tell, and it cannot either."""
    with TokenSigner(desk.settings(key_label="")) as signer, pytest.raises(Unavailable) as caught:
        signer.identified()
    assert caught.value.code is Code.KEY_AMBIGUOUS


def test_the_key_of_another_certificate_does_not_sign(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Than the one by which the list was made."""
    with TokenSigner(desk.settings()) as signer:
        signer.identified()
        monkeypatch.setattr(signer, "_settings", desk.settings("rsa2048"))
        with pytest.raises(Unavailable) as caught:
            signer.sign(b"a", "sha256")
    assert caught.value.code is Code.KEY_MISMATCH


def test_a_weak_key_does_not_sign(desk: Desk) -> None:
    """1024 bits of RSA, and SHA-1 whatever the key."""
    with TokenSigner(desk.settings("rsa1024")) as signer:
        assert refused(signer) is Code.KEY_TOO_WEAK
    with TokenSigner(desk.settings()) as signer, pytest.raises(Unavailable) as caught:
        signer.sign(b"", "sha1")
    assert caught.value.code is Code.KEY_TOO_WEAK


@pytest.mark.parametrize(
    ("others", "code"),
    [
        ({"label": "nobody"}, Code.TOKEN_MISSING),
        ({"serial": "0123456789abcdef"}, Code.TOKEN_MISSING),
        ({"driver": "/usr/lib/no-such-driver.so"}, Code.TOKEN_DRIVER),
        ({"key_label": "nothing"}, Code.KEY_NOT_FOUND),
        ({"key_label": ""}, Code.KEY_AMBIGUOUS),
        ({"pin": pin_source("env:HOSOSO_NO_SUCH_PIN")}, Code.PIN_MISSING),
        ({"pin": pin_source("file:/nonexistent")}, Code.PIN_MISSING),
        ({"development_allowed": False}, Code.DEVELOPMENT_KEY),
    ],
)
def test_what_is_missing_has_its_own_code(desk: Desk, others: dict[str, object], code: Code) -> None:
    """Token, driver, key, PIN: each tells a person something else."""
    with TokenSigner(desk.settings(**others)) as signer:
        assert refused(signer) is code


def test_a_wrong_pin_is_tried_once(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Then the signer is shut, and the PIN is in no error and no log."""
    monkeypatch.setenv("HOSOSO_TEST_PIN", WRONG)
    caplog.set_level(logging.DEBUG)
    tried: list[str] = []
    real = TokenSigner._login  # one private seam: how often the token is asked

    def counting(self: TokenSigner, *arguments: object) -> object:
        """Count what goes to the token."""
        answer = real(self, *arguments)  # type: ignore[arg-type]
        tried.append("logged in")
        return answer

    monkeypatch.setattr(TokenSigner, "_login", counting)
    with TokenSigner(desk.settings()) as signer:
        errors = []
        for _ in range(3):
            with pytest.raises(Unavailable) as caught:
                signer.sign(b"", "sha256")
            errors.append(caught.value)
        assert {error.code for error in errors} == {Code.PIN_WRONG}
        assert [error.detail for error in errors][1:] == ["refused before, not tried again"] * 2
        monkeypatch.setenv("HOSOSO_TEST_PIN", PIN)  # nobody has said so: still shut
        assert refused(signer) is Code.PIN_WRONG
    assert tried == []
    told = "".join([caplog.text, repr(signer), *map(repr, errors), *map(str, errors), repr(signer._settings)])
    assert WRONG not in told
    assert PIN not in told


def test_a_new_pin_in_the_file_counts_as_an_act(desk: Desk, tmp_path: Path) -> None:
    """Whoever corrects the file need not tell anybody."""
    file = tmp_path / "pin"
    file.write_text(WRONG + "\n")
    with TokenSigner(desk.settings(pin=pin_source(f"file:{file}"))) as signer:
        assert [refused(signer), refused(signer)] == [Code.PIN_WRONG, Code.PIN_WRONG]
        file.write_text(PIN + "\n")
        os.utime(file, (1, 1))
        assert signer.sign(b"", "sha256")


def test_a_pin_can_come_from_an_open_file(desk: Desk) -> None:
    """Read once, kept for the session after a pulled token."""
    inner, outer = os.pipe()
    os.write(outer, PIN.encode() + b"\n")
    os.close(outer)
    with TokenSigner(desk.settings(pin=pin_source(f"fd:{inner}"))) as signer:
        signer.sign(b"", "sha256")
        signer.close()
        assert signer.sign(b"", "sha256")


def test_two_tokens_of_one_label_are_told_apart_by_their_serial(
    tmp_path: Path, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Guessing could use up the wrong token's tries."""
    hsm, key = SoftHsm(tmp_path), ec.generate_private_key(ec.SECP256R1())
    certificate = issue(Role.AGENCY, key, key, None)
    serials = [hsm.token("agency"), hsm.token("agency")]
    hsm.put(serials[1], key, "p256", certificate)
    monkeypatch.setenv("SOFTHSM2_CONF", str(hsm.configuration))
    with TokenSigner(desk.settings()) as signer:
        assert refused(signer) is Code.TOKEN_AMBIGUOUS
    with TokenSigner(desk.settings(serial=serials[1].upper())) as signer:
        assert signer.certificate == certificate
    assert {one["serial"] for one in listed(DRIVER, 20)} == set(serials)


def test_a_certificate_may_come_from_a_file(tmp_path: Path, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """A key without one does not sign; a stranger's is found out by the value."""
    hsm, key = SoftHsm(tmp_path), ec.generate_private_key(ec.SECP256R1())
    hsm.put(hsm.token("agency"), key, "p256")
    monkeypatch.setenv("SOFTHSM2_CONF", str(hsm.configuration))
    with TokenSigner(desk.settings()) as signer:
        assert refused(signer) is Code.KEY_WITHOUT_CERTIFICATE
    with TokenSigner(desk.settings(certificates=(issue(Role.AGENCY, key, key, None),))) as signer:
        assert signer.sign(b"", "sha256")
    with TokenSigner(desk.settings(certificates=(desk.certificates["p256"],))) as signer:
        assert refused(signer) is Code.KEY_MISMATCH


def test_a_token_pulled_half_way_comes_back(desk: Desk, signer: TokenSigner) -> None:
    """What was signed is signed; the rest waits until it is plugged in again."""
    assert signer.sign(b"before", "sha256")
    desk.hsm.pull()
    try:
        assert refused(signer) is Code.TOKEN_REMOVED
        assert refused(signer) is Code.TOKEN_MISSING
    finally:
        desk.hsm.plug()
    assert signer.sign(b"after", "sha256")


def test_another_token_does_not_get_the_pin(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same label in the same slot is not the same token."""
    with TokenSigner(desk.settings()) as signer:
        signer.sign(b"", "sha256")
        signer.close()
        other = SoftHsm(tmp_path)
        other.token("agency")
        monkeypatch.setenv("SOFTHSM2_CONF", str(other.configuration))
        assert refused(signer) is Code.TOKEN_MISSING


def test_a_hanging_driver_hangs_nobody(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A configuration that never opens keeps SoftHSM from ever answering."""
    os.mkfifo(tmp_path / "conf")
    monkeypatch.setenv("SOFTHSM2_CONF", str(tmp_path / "conf"))
    start = time.monotonic()
    with TokenSigner(desk.settings(seconds=0.5)) as signer:
        assert refused(signer) is Code.TOKEN_SILENT
    assert time.monotonic() - start < 5
    assert subprocess.run(["pgrep", "-P", str(os.getpid()), "-f", "token_child"], check=False).returncode == 1  # noqa: S607


def test_a_crashing_driver_takes_nobody_with_it(signer: TokenSigner) -> None:
    """The next use has a fresh child."""
    signer.sign(b"", "sha256")
    os.kill(signer._opened.process._process.pid, signal.SIGSEGV)  # type: ignore[union-attr] # one private seam
    assert refused(signer) is Code.TOKEN_DRIVER
    assert signer.sign(b"", "sha256")


def test_a_forked_process_has_a_session_of_its_own(signer: TokenSigner) -> None:
    """Two processes that share a session would read each other's answers."""
    signer.sign(b"", "sha256")
    inner, outer = os.pipe()
    if os.fork() == 0:
        try:
            os.write(outer, b"%d" % len(signer.sign(b"forked", "sha256")))
            signer.close()
        finally:
            os._exit(0)
    os.close(outer)
    with os.fdopen(inner, "rb") as stream:
        assert int(stream.read()) > 60
    os.wait()
    assert signer.sign(b"still here", "sha256")


def test_production_takes_no_development_key(desk: Desk) -> None:
    """It is the input that is at fault, not the world."""
    with TokenSigner(desk.settings(development_allowed=False)) as signer, pytest.raises(Rejected):
        _ = signer.certificate
