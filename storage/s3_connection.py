"""How one bucket of an S3 server is reached through the `minio` SDK.

The SDK's public `put_object` knows no conditional write and holds parts in memory. `Connection` builds on the layer
below, which the SDK keeps for its subclasses: a put sends a mapped file in one signed request, and the server makes
the object only when all of it came and has the checksums sent with it. So there are no multipart uploads to clean up.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from mmap import mmap
from pathlib import Path
from typing import cast
from urllib.parse import urlsplit

from minio import Minio
from urllib3 import BaseHTTPResponse, PoolManager, Retry, Timeout

from dossier.errors import Code, Rejected

CHUNK = 1 << 18
Headers = dict[str, str | list[str] | tuple[str]]


@dataclass(frozen=True)
class S3Settings:
    """Where one bucket is and who asks.

    Attributes:
        endpoint: `https://host:port`, or `http://` inside one trusted network.
        bucket: Name of the bucket.
        region: What the requests are signed for; servers of one's own mostly say `us-east-1`.
        access_key: Name of the account.
        secret_key: Its secret; never shown.
        ca_file: The authority that issued the server's certificate; None: those that this system trusts.
    """

    endpoint: str
    bucket: str
    region: str
    access_key: str
    secret_key: str = field(repr=False)
    ca_file: Path | None = None

    def __post_init__(self) -> None:
        parts = urlsplit(self.endpoint)
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path.strip("/") or "@" in parts.netloc:
            raise Rejected(Code.SETTINGS_INVALID, "the S3 endpoint is http[s]://host:port")
        if self.ca_file is not None and not self.ca_file.is_file():
            raise Rejected(Code.SETTINGS_INVALID, "no such file of certificates", subject=self.ca_file.name)


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a call waits: seconds to connect or to send a piece, seconds of silence, and how often again."""

    connect: float = 5.0
    read: float = 20.0
    retries: int = 2


USUAL = Patience()


class Connection(Minio):
    """The SDK with the two requests that its public methods do not make."""

    def __init__(self, settings: S3Settings, patience: Patience) -> None:
        parts = urlsplit(settings.endpoint)
        super().__init__(
            endpoint=parts.netloc,
            access_key=settings.access_key,
            secret_key=settings.secret_key,
            secure=parts.scheme == "https",
            region=settings.region,
            http_client=_pool(settings, patience),
        )

    def get(self, bucket: str, key: str, byte_range: str, version: str) -> BaseHTTPResponse:
        """Ask for an object or a range of it; the body is left on the line."""
        return self._execute(
            "GET",
            bucket,
            key,
            headers={"Range": byte_range} if byte_range else None,
            query_params={"versionId": version} if version else None,
            preload_content=False,
        )

    def put(self, bucket: str, key: str, body: bytes | mmap, headers: Headers) -> Mapping[str, str]:
        """Store an object with the headers given and return those of the answer.

        A map is hashed and sent as bytes are, without being read in.
        """
        return self._put_object(bucket, key, cast("bytes", body), headers).http_headers


def _pool(settings: S3Settings, patience: Patience) -> PoolManager:
    retries = Retry(
        total=patience.retries,
        redirect=False,  # a redirect would carry the signed request elsewhere
        status_forcelist=[500, 502, 503, 504],
        backoff_factor=0.2,
        raise_on_status=False,
        respect_retry_after_header=False,  # longer waits are the work item's business
    )
    return PoolManager(
        num_pools=2,
        maxsize=16,
        # Sent in pieces of this size, each of which may take the time to connect; a body of bytes is one piece.
        blocksize=CHUNK,
        timeout=Timeout(connect=patience.connect, read=patience.read),
        retries=retries,
        cert_reqs="CERT_REQUIRED",
        ca_certs=str(settings.ca_file) if settings.ca_file else None,
    )
