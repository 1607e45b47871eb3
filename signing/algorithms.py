"""Which algorithms count as strong at a time."""

from __future__ import annotations

from datetime import datetime

from asn1crypto import algos, keys
from pyhanko_certvalidator.policy_decl import AlgorithmUsageConstraint, DisallowWeakAlgorithmsPolicy


class DatedAlgorithms(DisallowWeakAlgorithmsPolicy):
    """Refuses what was weak from the start, and what had come to its end at the time that counts.

    Args:
        ends: See `TrustPolicy.ends`.
    """

    def __init__(self, ends: tuple[tuple[str, datetime], ...]) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._ends = dict(ends)

    def digest_algorithm_allowed(
        self, algo: algos.DigestAlgorithm, moment: datetime | None
    ) -> AlgorithmUsageConstraint:
        """Judge a digest."""
        allowed = super().digest_algorithm_allowed(algo, moment)
        return self._dated(allowed, algo["algorithm"].native, moment)

    def signature_algorithm_allowed(
        self, algo: algos.SignedDigestAlgorithm, moment: datetime | None, public_key: keys.PublicKeyInfo | None
    ) -> AlgorithmUsageConstraint:
        """Judge a signature algorithm with its key."""
        allowed = super().signature_algorithm_allowed(algo, moment, public_key)
        if public_key is None or public_key.algorithm not in {"rsa", "rsassa_pss"}:
            return allowed
        for name in self._ends:
            if name.startswith("rsa") and public_key.bit_size <= int(name[3:]):
                allowed = self._dated(allowed, name, moment)
        return allowed

    def _dated(self, allowed: AlgorithmUsageConstraint, name: str, moment: datetime | None) -> AlgorithmUsageConstraint:
        end = self._ends.get(name)
        if not allowed or end is None or (moment is not None and moment < end):
            return allowed
        return AlgorithmUsageConstraint(allowed=False, not_allowed_after=end)
