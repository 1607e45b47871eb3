"""Signing to B-LTA: documents a second of CPU, against pyHanko alone in the same run, and peak memory by file size.

The memory is that of signing, and that of the child process that judges what was signed.
Time-stamp authority, OCSP responder and CRLs answer over HTTP from another process, whose work is not counted.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pikepdf

from confine import Confined
from signing.extend import extend_pdf
from signing.port import Appearance
from signing.revocation_http import HttpRevocation
from signing.seal import sign_pdf
from signing.tsa_http import HttpTimeStampAuthority
from signing.validation_data import Collector
from signing.verdict import Revocation, TrustPolicy, Verdict
from signing.verify import LIMITS, Finding
from tests.fakes.authorities import Authorities, server_of

_BATCH, _EVERY = 200, 5  # pyHanko alone signs every fifth document too
_SIZES = (1, 10, 100)
_MEGABYTE = 1_000_000
_SECONDS = 20.0
_APPEARANCE = Appearance("SAO Y", "ỦY BAN NHÂN DÂN PHƯỜNG THỬ NGHIỆM", development=False)


@dataclass
class _Ours:
    """Our two acts with what a worker keeps from one document to the next."""

    pki: Authorities

    def __post_init__(self) -> None:
        self.tsa = HttpTimeStampAuthority(f"{self.pki.url}/tsa", _SECONDS)
        self.revocation = HttpRevocation(_SECONDS)
        self.collector = Collector(self.revocation, (self.pki.root.certificate,))

    def sign(self, source: Path, target: Path) -> None:
        """Sign to B-LTA as the pipeline does, the check of the key before its use included."""
        signer = self.pki.agency
        self.collector.collect(signer.certificate, signer.chain)
        at = datetime.now(UTC)
        sign_pdf(source, target, signer=signer, tsa=self.tsa, appearance=_APPEARANCE, at=at)
        extend_pdf(target, target, collector=self.collector, tsa=self.tsa)


@dataclass
class _Alone:
    """pyHanko signing by itself, with one fetcher that keeps what it was told."""

    pki: Authorities

    def __post_init__(self) -> None:
        from asn1crypto import x509  # noqa: PLC0415 - not in the process whose memory is measured
        from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, pkcs12  # noqa: PLC0415
        from pyhanko.sign import signers, timestamps  # noqa: PLC0415
        from pyhanko_certvalidator.fetchers.requests_fetchers import RequestsFetcherBackend  # noqa: PLC0415

        agency = self.pki.agency
        packed = pkcs12.serialize_key_and_certificates(
            b"", agency.key, agency.certificate, agency.chain, NoEncryption()
        )
        signer = signers.SimpleSigner.load_pkcs12_data(packed, other_certs=[])
        if signer is None:
            raise RuntimeError("pyHanko does not read the key")
        self.signer = signer
        self.stamper = timestamps.HTTPTimeStamper(f"{self.pki.url}/tsa")
        self.root = x509.Certificate.load(self.pki.root.certificate.public_bytes(Encoding.DER))
        self.fetchers = RequestsFetcherBackend().get_fetchers()

    def sign(self, source: Path, target: Path) -> None:
        """Sign to B-LTA."""
        from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter  # noqa: PLC0415
        from pyhanko.sign import signers  # noqa: PLC0415
        from pyhanko.sign.fields import SigSeedSubFilter  # noqa: PLC0415
        from pyhanko_certvalidator import ValidationContext  # noqa: PLC0415

        context = ValidationContext(
            trust_roots=[self.root], allow_fetching=True, fetchers=self.fetchers, revocation_mode="require"
        )
        settings = signers.PdfSignatureMetadata(
            field_name="alone",
            md_algorithm="sha256",
            subfilter=SigSeedSubFilter.PADES,
            validation_context=context,
            embed_validation_info=True,
            use_pades_lta=True,
        )
        with source.open("rb") as stream, target.open("w+b") as out:
            signers.PdfSigner(settings, self.signer, timestamper=self.stamper).sign_pdf(
                IncrementalPdfFileWriter(stream), output=out
            )


def main() -> None:
    """Measure and print; with `--peak` only the memory of one signature in this process."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--documents", type=int, default=_BATCH)
    arguments.add_argument("--peak", choices=["hososo", "pyhanko"], help=argparse.SUPPRESS)
    arguments.add_argument("--source", type=Path, help=argparse.SUPPRESS)
    chosen = arguments.parse_args()
    if chosen.peak:
        _peak(chosen.peak, chosen.source)
        return
    with tempfile.TemporaryDirectory() as folder:
        _throughput(Path(folder), chosen.documents)
        _memory(Path(folder))


@contextmanager
def _authorities() -> Iterator[Authorities]:
    """Give authorities with RSA keys of 3072 bits that answer from another process."""
    made: list[Authorities] = []
    server = server_of(lambda *asked: made[0].answer(*asked))  # noqa: PLW0108 - made when the port is known
    made.append(Authorities(f"http://127.0.0.1:{server.server_port}", strong=True))
    process = multiprocessing.get_context("fork").Process(target=server.serve_forever, daemon=True)
    process.start()
    server.socket.close()
    try:
        yield made[0]
    finally:
        process.terminate()
        process.join()


def _throughput(folder: Path, documents: int) -> None:
    for number in range(documents):
        _write(folder / f"{number}.pdf", _MEGABYTE)
    with _authorities() as pki:
        ours, alone = _Ours(pki), _Alone(pki)
        ours.sign(folder / "0.pdf", folder / "out.pdf")  # both load their libraries before the clock runs
        alone.sign(folder / "0.pdf", folder / "out.pdf")
        own, others = [], []
        for number in range(documents):
            source = folder / f"{number}.pdf"
            own.append(_cpu(lambda source=source: ours.sign(source, folder / "out.pdf")))  # type: ignore[misc]
            if number % _EVERY == 0:
                others.append(_cpu(lambda source=source: alone.sign(source, folder / "out.pdf")))  # type: ignore[misc]
    mean, other = sum(own) / len(own), sum(others) / len(others)
    _say(f"hososo, B-LTA, {documents} files of 1 MB: {1 / mean:.1f} documents/s of CPU ({mean * 1000:.0f} ms each)")
    _say(f"  questions to OCSP and CRL for all of them: {ours.revocation.asked}")
    _say(f"pyHanko alone, {len(others)} of them: {1 / other:.1f} documents/s of CPU ({other * 1000:.0f} ms each)")
    _say(f"ratio: {other / mean:.1f}")


def _cpu(work: Callable[[], None]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def _memory(folder: Path) -> None:
    for megabytes in _SIZES:
        source = folder / f"{megabytes}-megabytes.pdf"
        _write(source, megabytes * _MEGABYTE)
        peaks = []
        for who in ("hososo", "pyhanko"):
            command = [sys.executable, "-m", "bench.signing", "--peak", who, "--source", str(source)]
            peaks.append(json.loads(subprocess.run(command, capture_output=True, check=True).stdout))
        _say(f"{megabytes} MB: peak memory {peaks[0][0]:.0f} MiB, pyHanko alone {peaks[1][0]:.0f} MiB")
        _say(f"  judging it: {peaks[0][1]:.0f} MiB in the child process, {peaks[0][2]:.1f} s")


def _peak(who: str, source: Path) -> None:
    target = source.with_name("out.pdf")
    with _authorities() as pki:
        worker = _Ours(pki) if who == "hososo" else _Alone(pki)
        worker.sign(source, target)
        signing = _high_water()
        _say(json.dumps([signing, *(_judged(target, pki) if who == "hososo" else ())]))


def _judged(target: Path, pki: Authorities) -> tuple[float, float]:
    """Return the peak in MiB of the child that judges a file, and the seconds that it takes when it is warm."""
    trust = TrustPolicy.of([pki.root.certificate], revocation=Revocation.REQUIRED, timestamp_required=True)
    with Confined("signing.verify_child:verify", LIMITS) as child:
        for _ in range(2):
            start = time.monotonic()
            found: Finding = child.call(str(target), trust, None)
            if [one.verdict for one in found.signatures] != [Verdict.VALID]:
                raise RuntimeError(f"not valid: {found}")
        return _high_water(child.pid or "self"), time.monotonic() - start


def _high_water(process: int | str = "self") -> float:
    """Return the peak of a process in MiB; `getrusage` would tell of whoever started it, too."""
    status = Path(f"/proc/{process}/status").read_text(encoding="ascii")
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")) / 1024


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def _write(path: Path, size: int) -> None:
    """Write one page with an attachment of random bytes."""
    pdf = pikepdf.new()
    pdf.add_blank_page(page_size=(595, 842))
    pdf.Root.Attached = pdf.make_stream(os.urandom(size))
    pdf.save(path)


if __name__ == "__main__":
    main()
