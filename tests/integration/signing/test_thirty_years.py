"""A document signed today is still valid in thirty years: authorities come and go, and a digest is given up."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from signing.development_revocation import DevelopmentRevocation
from signing.extend import extend_pdf
from signing.port import ExtensionRecord
from signing.renewal import RenewalPolicy
from signing.validation_data import Collector
from signing.verdict import Reason, Revocation, TrustPolicy, Verdict, Verification
from signing.verify import Known, Verifier
from tests.fakes.authorities import YEAR, Authorities
from tests.integration.signing import documents
from tests.integration.signing.conftest import Sign

TODAY = datetime.now(UTC).replace(microsecond=0)
END = TODAY + 30 * YEAR
SHA_256_ENDS = TODAY + 15 * YEAR


@dataclass
class World:
    """Time, authorities of all generations so far, and what is known of algorithms at the moment."""

    lifetime: timedelta
    now: datetime = TODAY
    generations: list[Authorities] = field(default_factory=list)

    def next_generation(self) -> Authorities:
        """Return a new root with its issuing authority and time stamps; a newer one uses a stronger digest."""
        digest = "sha512" if self.now > TODAY + 10 * YEAR else "sha256"
        made = Authorities("http://127.0.0.1:1", clock=lambda: self.now, lifetime=self.lifetime, digest=digest)
        self.generations.append(made)
        return made

    @property
    def policy(self) -> RenewalPolicy:
        """What an office knows at the moment: the end of SHA-256 is announced ten years ahead of it."""
        known = self.now > SHA_256_ENDS - 5 * YEAR
        ends = (("sha256", SHA_256_ENDS),) if known else ()
        return RenewalPolicy(TODAY.date(), 12, "sha512" if known else "sha256", ends)

    @property
    def trust(self) -> TrustPolicy:
        """All roots there were, revocation data demanded, and SHA-256 ended when it did."""
        anchors = tuple(one.root.certificate.public_bytes(Encoding.DER) for one in self.generations)
        ends = (("sha256", SHA_256_ENDS),)
        return TrustPolicy(anchors, revocation=Revocation.REQUIRED, timestamp_required=True, ends=ends)

    def extend(self, path: Path) -> ExtensionRecord:
        """Renew a file in place with the newest authority."""
        holders = [holder for one in self.generations for holder in (one.root, one.issuing)]
        source = DevelopmentRevocation({holder.certificate: holder.key for holder in holders}, clock=lambda: self.now)
        collector = Collector(source, tuple(one.root.certificate for one in self.generations))
        return extend_pdf(path, path, collector=collector, tsa=self.generations[-1].tsa, digest=self.policy.digest)

    def due(self, proof: ExtensionRecord) -> datetime:
        """Return when a proof must be renewed, by what is known now."""
        at = self.policy.due_at(proof.authority_until, proof.digest, proof.key)
        assert at is not None
        return at


def signed_today(path: Path, world: World, sign: Sign) -> ExtensionRecord:
    """Sign a file to B-LTA."""
    documents.classic(path.with_name("in.pdf"))
    first = world.next_generation()
    sign(path.with_name("in.pdf"), path, signer=first.agency, tsa=first.tsa, at=world.now)
    return world.extend(path)


def lived(path: Path, world: World, verifier: Verifier, proof: ExtensionRecord) -> list[str]:
    """Let thirty years pass, looked at each month; renew when it is due, never unseen; return the digests used."""
    used = [proof.digest]
    while world.now < END:
        world.now += timedelta(days=30)
        if world.now >= world.due(proof):
            assert judged(path, world, verifier).verdict is Verdict.VALID
            world.next_generation()
            proof = world.extend(path)
            used.append(proof.digest)
    return used


def judged(path: Path, world: World, verifier: Verifier) -> Verification:
    """Return the verdict at the moment."""
    return verifier.verify(path, world.trust, Known(1), at=world.now)


@pytest.mark.parametrize(
    ("lifetime", "renewals"), [(10, 3), pytest.param(3, 14, marks=pytest.mark.long)], ids=["short", "long"]
)
def test_a_document_signed_today_is_valid_in_thirty_years(
    lifetime: int, renewals: int, tmp_path: Path, sign: Sign, verifier: Verifier
) -> None:
    """Every certificate of its signature has run out for decades, and its digest is accepted no more."""
    world, path = World(lifetime * YEAR), tmp_path / "signed.pdf"
    used = lived(path, world, verifier, signed_today(path, world, sign))
    assert len(used) > renewals
    assert (used[0], used[-1]) == ("sha256", "sha512")
    result = judged(path, world, verifier)
    (signature,) = result.signatures
    assert (result.verdict, result.reasons, signature.level) == (Verdict.VALID, (), "B-LTA")
    assert signature.signed_at == TODAY


def test_without_renewals_nobody_can_tell(tmp_path: Path, sign: Sign, verifier: Verifier) -> None:
    """The same file, left alone: not valid in thirty years, and not called invalid either."""
    world, path = World(10 * YEAR), tmp_path / "signed.pdf"
    signed_today(path, world, sign)
    world.now = END
    result = judged(path, world, verifier)
    assert result.verdict is Verdict.INDETERMINATE


def test_a_renewal_after_the_end_does_not_heal(tmp_path: Path, sign: Sign, verifier: Verifier) -> None:
    """A time stamp made when the one before had already run out proves nothing about the time between."""
    world, path = World(10 * YEAR), tmp_path / "signed.pdf"
    signed_today(path, world, sign)
    world.now = TODAY + 12 * YEAR
    world.next_generation()
    world.extend(path)
    result = judged(path, world, verifier)
    assert result.verdict is not Verdict.VALID
    assert Reason.HASH_FAILURE not in result.reasons
