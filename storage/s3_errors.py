"""What an S3 server, its SDK and the way to it can answer wrongly, put into our errors."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from xml.etree import ElementTree as ET

from minio.error import InvalidResponseError, MinioException, S3Error, ServerError
from urllib3.exceptions import HTTPError

from dossier.errors import Code, HososoError, Rejected, Unavailable

_MISSING = frozenset({"NoSuchKey", "NoSuchVersion", "MethodNotAllowed"})  # the last: the version is a delete marker
_WORLD = {
    "NoSuchBucket": Code.BUCKET_MISSING,
    "RequestTimeTooSkewed": Code.CLOCK_SKEW,
    "AccessDenied": Code.STORE_REFUSED,
    "AccountProblem": Code.STORE_REFUSED,
    "AllAccessDisabled": Code.STORE_REFUSED,
    "AuthorizationHeaderMalformed": Code.STORE_REFUSED,
    "ExpiredToken": Code.STORE_REFUSED,
    "InvalidAccessKeyId": Code.STORE_REFUSED,
    "InvalidToken": Code.STORE_REFUSED,
    "SignatureDoesNotMatch": Code.STORE_REFUSED,
    "InsufficientStorage": Code.DISK_FULL,
    "QuotaExceeded": Code.DISK_FULL,
    "XMinioAdminBucketQuotaExceeded": Code.DISK_FULL,
    "XMinioStorageFull": Code.DISK_FULL,
}
_INSUFFICIENT_STORAGE = 507
_PLAIN = re.compile(r"[A-Za-z0-9]{1,64}")


@contextmanager
def translated(subject: str = "") -> Iterator[None]:
    """Raise our errors for those of the SDK and the network below it; wraps nothing but calls of the SDK.

    Args:
        subject: What is asked for: the digest that names an object.

    Raises:
        Rejected: OBJECT_MISSING.
        Unavailable: Everything else: BUCKET_MISSING, CLOCK_SKEW, STORE_REFUSED, DISK_FULL, or STORE_UNAVAILABLE for
            what comes and goes: unreachable, silent, reset, cut short, 5xx. The detail is the server's or the
            library's name of the error, never its text: a text may quote the request.
    """
    try:
        yield
    except S3Error as exc:
        raise _of_answer(exc, subject) from exc
    except (InvalidResponseError, ServerError) as exc:
        status = _status(exc)
        code = Code.DISK_FULL if status == _INSUFFICIENT_STORAGE else Code.STORE_UNAVAILABLE
        raise Unavailable(code, f"HTTP {status}", subject=subject) from exc
    except (MinioException, HTTPError, OSError, ET.ParseError, ValueError) as exc:
        # ParseError and ValueError: an answer that is no answer, for example cut short.
        raise Unavailable(Code.STORE_UNAVAILABLE, type(exc).__name__, subject=subject) from exc


def answer_code(exc: S3Error) -> str:
    """Return the server's name of an error; empty when it is no plain name."""
    return exc.code if exc.code and _PLAIN.fullmatch(exc.code) else ""


def _of_answer(exc: S3Error, subject: str) -> HososoError:
    name = answer_code(exc)
    if name in _MISSING:
        return Rejected(Code.OBJECT_MISSING, "no such object", subject=subject)
    return Unavailable(_WORLD.get(name, Code.STORE_UNAVAILABLE), name or "an error without name", subject=subject)


def _status(exc: InvalidResponseError | ServerError) -> int:
    # InvalidResponseError keeps the status to itself.
    return exc.status_code if isinstance(exc, ServerError) else int(vars(exc)["_code"])
