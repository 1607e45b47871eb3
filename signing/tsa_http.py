"""A time-stamp authority over HTTP (RFC 3161 section 3.4)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from dossier.errors import Code, Unavailable
from signing.fetching import FAULTS, Question, fetch, is_http
from signing.revocation import CLOCK_SKEW
from signing.timestamp import query, time_of, token_of

_QUERY, _REPLY = "application/timestamp-query", "application/timestamp-reply"


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class HttpTimeStampAuthority:
    """A `TimeStampAuthority` behind a URL.

    Args:
        url: Address, http or https. The token is signed, so http is no weaker than the authority's key.
        timeout: Seconds that connecting and answering may take together.
        clock: This machine's time, aware; a token that differs from it by minutes is not taken, because the time
            that is shown beside the signature would be wrong.
    """

    url: str
    timeout: float
    clock: Callable[[], datetime] = _now

    def __post_init__(self) -> None:
        if not is_http(self.url):
            raise Unavailable(Code.SETTINGS_INVALID, "time-stamp address is neither http nor https", subject="tsa_url")

    def token(self, digest: bytes, algorithm: str) -> bytes:
        """Return the checked DER token; see `TimeStampAuthority.token`.

        Raises:
            Unavailable: TSA_UNAVAILABLE; CLOCK_SKEW, where the authority's clock and this machine's differ.
        """
        asked = query(digest, algorithm)
        question = Question(self.url, asked.der, {"Content-Type": _QUERY}, (_REPLY,), self.timeout)
        try:
            answer = fetch(question)
        except FAULTS as exc:
            raise Unavailable(Code.TSA_UNAVAILABLE, type(exc).__name__) from exc
        token = token_of(answer, asked)
        skew = time_of(token) - self.clock()
        if abs(skew) > CLOCK_SKEW:
            raise Unavailable(Code.CLOCK_SKEW, f"time-stamp authority: {skew.total_seconds():.0f} s")
        return token
