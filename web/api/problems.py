"""Refusals of the API: problem+json (RFC 9457) with the codes of the command line."""

from __future__ import annotations

from types import MappingProxyType

from starlette.responses import JSONResponse

from dossier.errors import Code, HososoError, Unavailable
from dossier.wording import advice

STATUS = MappingProxyType(
    {
        Code.STATION_REFUSED: 401,
        Code.NOT_ALLOWED: 403,
        Code.PAGE_UNKNOWN: 404,
        Code.DOSSIER_UNKNOWN: 404,
        Code.HAND_OVER_CONFLICT: 409,
        Code.UPLOAD_OFFSET: 409,
        Code.FILE_TOO_LARGE: 413,
        Code.TYPE_MISMATCH: 415,
        Code.TYPE_UNKNOWN: 415,
        Code.REQUEST_INVALID: 400,
        Code.QUERY_INVALID: 400,
        Code.UPLOAD_BUSY: 423,
        Code.REQUESTS_TOO_MANY: 429,
        Code.UPLOAD_DIGEST: 460,  # of the tus protocol
        Code.BUG: 500,
        Code.SPOOL_FULL: 507,
    }
)
OTHERWISE, AWAY = 422, 503
MEDIA_TYPE = "application/problem+json"
_RETRY_SECONDS = {429: "30", 503: "10", 507: "60", 423: "5"}


def problem(exc: HososoError, language: str) -> JSONResponse:
    """Return the refusal that tells of an error."""
    told = advice(exc, language)
    status = STATUS.get(exc.code, AWAY if isinstance(exc, Unavailable) else OTHERWISE)
    body = {
        "type": f"urn:hososo:{told.code}",
        "title": told.cause,
        "detail": told.cure,
        "status": status,
        "code": told.code.value,
        "subject": exc.subject,
    }
    headers = {"www-authenticate": "Bearer"} if status == 401 else {}  # noqa: PLR2004
    if status in _RETRY_SECONDS:
        headers["retry-after"] = _RETRY_SECONDS[status]
    return JSONResponse(body, status_code=status, headers=headers, media_type=MEDIA_TYPE)
