"""A software token for the tests: SoftHSM 2, filled by a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from signing.keys import PrivateKey

DRIVER = "/usr/lib/softhsm/libsofthsm2.so"
PIN = "246813"
_SO_PIN = "97531864"
_ROOT = Path(__file__).parents[3]


@dataclass(frozen=True, slots=True)
class SoftHsm:
    """A folder with tokens; `SOFTHSM2_CONF` in the environment leads to it."""

    folder: Path

    @property
    def configuration(self) -> Path:
        """The file that the driver reads."""
        return self.folder / "softhsm2.conf"

    def token(self, label: str) -> str:
        """Make a token and return its serial number."""
        (self.folder / "tokens").mkdir(exist_ok=True)
        if not self.configuration.exists():
            self.configuration.write_text(f"directories.tokendir = {self.folder / 'tokens'}\nlog.level = ERROR\n")
        before = {path.name for path in (self.folder / "tokens").iterdir()}
        command = ["softhsm2-util", "--init-token", "--free", "--label", label, "--so-pin", _SO_PIN, "--pin", PIN]
        subprocess.run(command, check=True, capture_output=True, env=self._environment())
        (made,) = {path.name for path in (self.folder / "tokens").iterdir()} - before
        return made.replace("-", "")[-16:]  # SoftHSM makes the serial number from the end of the folder's name

    def put(self, serial: str, key: PrivateKey, label: str, *certificates: x509.Certificate) -> None:
        """Put a key on a token; the first certificate is its own, the others are its issuers'."""
        order = {
            "driver": DRIVER,
            "pin": PIN,
            "serial": serial,
            "label": label,
            "ec": isinstance(key, ec.EllipticCurvePrivateKey),
            "key": key.private_bytes(
                serialization.Encoding.DER,
                serialization.PrivateFormat.TraditionalOpenSSL,
                serialization.NoEncryption(),
            ).hex(),
            "certificates": [each.public_bytes(serialization.Encoding.DER).hex() for each in certificates],
        }
        subprocess.run(
            [sys.executable, "-c", "from tests.integration.signing.softhsm import fill; fill()"],
            input=json.dumps(order).encode(),
            check=True,
            env=self._environment(),
            cwd=_ROOT,
        )

    def pull(self) -> None:
        """Take all tokens away."""
        (self.folder / "tokens").rename(self.folder / "pulled")
        (self.folder / "tokens").mkdir()

    def plug(self) -> None:
        """Bring them back."""
        (self.folder / "tokens").rmdir()
        (self.folder / "pulled").rename(self.folder / "tokens")

    def _environment(self) -> dict[str, str]:
        return os.environ | {"SOFTHSM2_CONF": str(self.configuration)}


def fill() -> None:
    """Do what `SoftHsm.put` asks for on standard input; in a process of its own, as a driver is loaded only once."""
    import pkcs11  # noqa: PLC0415
    from pkcs11 import Attribute, CertificateType, ObjectClass  # noqa: PLC0415
    from pkcs11.util.ec import decode_ec_private_key  # noqa: PLC0415
    from pkcs11.util.rsa import decode_rsa_private_key  # noqa: PLC0415

    order = json.load(sys.stdin)
    decode = decode_ec_private_key if order["ec"] else decode_rsa_private_key
    identifier = order["label"].encode()
    token = pkcs11.lib(order["driver"]).get_token(token_serial=order["serial"].encode())
    with token.open(rw=True, user_pin=order["pin"]) as session:
        key = decode(bytes.fromhex(order["key"]))
        session.create_object({**key, Attribute.TOKEN: True, Attribute.LABEL: order["label"], Attribute.ID: identifier})
        for number, each in enumerate(map(bytes.fromhex, order["certificates"])):
            certificate = x509.load_der_x509_certificate(each)
            session.create_object(
                {
                    Attribute.CLASS: ObjectClass.CERTIFICATE,
                    Attribute.CERTIFICATE_TYPE: CertificateType.X_509,
                    Attribute.TOKEN: True,
                    Attribute.LABEL: order["label"],
                    Attribute.ID: identifier if number == 0 else b"issuer",
                    Attribute.SUBJECT: certificate.subject.public_bytes(),
                    Attribute.VALUE: each,
                }
            )
