"""Extending: validation data and a document time stamp behind a signed PDF: levels B-LT and B-LTA, and renewal."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, BinaryIO, Literal

from dossier.digest import CHUNK
from dossier.errors import Code, Rejected
from signing.new_file import new_file
from signing.port import ExtensionRecord

if TYPE_CHECKING:
    from pathlib import Path

    from signing.original import Original
    from signing.port import TimeStampAuthority
    from signing.update import Draft, Update
    from signing.validation_data import Collector, ValidationData

Level = Literal["B-T", "B-LT", "B-LTA"]

_TOKEN_BYTES = 8192
_SPARE_BYTES = 1024
_NEVER = 4  # rounds in which a token may outgrow its room


def extend_pdf(
    source: Path,
    target: Path,
    *,
    collector: Collector,
    tsa: TimeStampAuthority,
    level: Literal["B-LT", "B-LTA"] = "B-LTA",
    digest: str = "sha256",
) -> ExtensionRecord:
    """Write `target`: the bytes of `source`, then validation data, then a document time stamp over all of it.

    PAdES B-LTA (ETSI EN 319 142-1): chains, OCSP responses and CRLs of every signature and time stamp that the newest
    document time stamp does not cover, and of that stamp itself, go into the Document Security Store in one update;
    the next holds the new stamp. Where its authority's certificates are new, their data follow in a third. Run
    on a file that has a document time stamp already, it renews the proof. The file is never held in memory, and
    the target gets its name only after the produced bytes passed a check.

    Args:
        source: Signed PDF. Not changed.
        target: File to write, in an existing folder; replaced if it is there.
        collector: Gives validation data that ends at our anchors.
        tsa: Time-stamp authority, asked once (twice where its answer is unusually long).
        level: `B-LT` adds validation data alone.
        digest: Digest of the document time stamp.

    Returns:
        What is to be kept outside the PDF.

    Raises:
        Rejected: PDF_ENCRYPTED, PDF_DAMAGED, PDF_NO_PAGES, PDF_ALREADY_SIGNED (see `original.read`);
            SIGNATURE_INVALID, it holds no signature.
        Unavailable: TSA_UNAVAILABLE, VALIDATION_DATA_UNAVAILABLE, CERTIFICATE_REVOKED, CLOCK_SKEW, DISK_FULL.
    """
    from signing import embedded, original  # noqa: PLC0415 - slow to load, workers alone need them

    with source.open("rb") as stream, new_file(target) as out:
        document = original.read(stream)
        values = embedded.signed_values(document.reader, stream)
        if not values:
            raise Rejected(Code.SIGNATURE_INVALID, "nothing to extend: no signature")
        data = _data(embedded.in_need(values), collector)
        work = _Work(out, hashlib.sha256(), hashlib.new(digest), document)
        work.copy(stream)
        work.store(data)
        record = ExtensionRecord("", 0, level)
        if level == "B-LTA":
            record = _stamp(work, collector, tsa, digest)
        return replace(record, sha256=work.whole.hexdigest(), size=work.document.size)


def check_signers(source: Path, collector: Collector) -> None:
    """Ask about every certificate that signed a file so far; the answers are kept and serve its extension.

    Raises:
        Rejected: As `extend_pdf`.
        Unavailable: CERTIFICATE_REVOKED; VALIDATION_DATA_UNAVAILABLE.
    """
    from signing import embedded, original  # noqa: PLC0415 - slow to load, workers alone need them

    with source.open("rb") as stream:
        _data(embedded.in_need(embedded.signed_values(original.read(stream).reader, stream)), collector)


@dataclass(slots=True)
class _Work:
    """The file in the making: what is written is hashed as it goes."""

    out: BinaryIO
    whole: Any  # hashlib's type has no public name
    covered: Any
    document: Original

    def copy(self, stream: BinaryIO) -> None:
        """Write the bytes that are extended."""
        stream.seek(0)
        while chunk := stream.read(CHUNK):
            self._write(chunk)
        if self.out.tell() != self.document.size:
            raise Rejected(Code.SIGNING_INPUT_CHANGED, "length changed while it was extended")

    def store(self, data: ValidationData) -> None:
        """Write what the store lacks of some validation data."""
        from signing.security_store import missing_update  # noqa: PLC0415 - slow to load

        update = missing_update(self.document, data)
        if update is not None:
            self.append(update, update.draft())

    def append(self, update: Update, draft: Draft) -> None:
        """Write an update; the next one stands on it."""
        self._write(draft.body)
        self.document = update.applied(draft)

    def _write(self, data: bytes | bytearray) -> None:
        self.out.write(data)
        self.whole.update(data)
        self.covered.update(data)


def _data(values: Any, collector: Collector) -> ValidationData:  # noqa: ANN401 - a list of `embedded.Signed`, slow to load
    from signing.validation_data import ValidationData  # noqa: PLC0415 - slow to load

    data = ValidationData()
    for value in values:
        for leaf, pool in value.leaves():
            data.join(collector.collect(leaf, pool))
    return data


def _stamp(work: _Work, collector: Collector, tsa: TimeStampAuthority, digest: str) -> ExtensionRecord:
    from signing import produced, stamp_facts  # noqa: PLC0415 - slow to load

    update, draft, token = _stamped(work, tsa, digest)
    draft.fill(token)
    before = work.document.size
    gap = (before + draft.gap[0], before + draft.gap[1])
    work.append(update, draft)
    work.out.flush()
    produced.check_stamped(work.out, gap, work.document.size, digest)
    work.out.seek(0, 2)
    facts = stamp_facts.of_token(token)
    work.store(collector.collect(facts.certificate, facts.pool))
    return ExtensionRecord(
        "", 0, "B-LTA", facts.stamped_at, facts.certificate.not_valid_after_utc, digest, stamp_facts.key_of(facts)
    )


def _stamped(work: _Work, tsa: TimeStampAuthority, digest: str) -> tuple[Update, Draft, bytes]:
    from signing import field, original  # noqa: PLC0415 - slow to load

    reserved = _TOKEN_BYTES
    for _ in range(_NEVER):
        try:
            update = field.write_stamp_field(work.document, reserved)
            draft = update.draft()
        except original.PARSE_ERRORS as exc:
            raise Rejected(Code.PDF_DAMAGED, f"not fit for an update: {type(exc).__name__}") from exc
        covered = work.covered.copy()
        for part in draft.signed_parts():
            covered.update(part)
        token = tsa.token(covered.digest(), digest)
        if draft.fits(token):
            return update, draft, token
        reserved = len(token) + _SPARE_BYTES
    raise RuntimeError("a token that grows at every look")
