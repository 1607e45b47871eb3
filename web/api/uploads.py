"""Resumable upload: tus 1.0 with creation, checksum, termination and expiration (tus.io/protocols), per hand-over.

A file is created below its hand-over with its name and the SHA-256 of all its bytes; the last piece is acknowledged
only when all of it is on the disk and has that digest.
"""

from __future__ import annotations

from base64 import b64decode
from binascii import Error as NoBase64
from collections.abc import Callable
from email.utils import format_datetime
from typing import TypeVar

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from dossier.errors import Code, Rejected
from dossier.handing_over import HandOver, ReceivedFile
from dossier.people import Permission
from pipeline import handing_over
from pipeline.handing_over import FileWish
from pipeline.receiving_files import CHECKSUMS, receiving
from web.api import schemas
from web.api.bodies import take_body
from web.api.call import Call, Operation
from web.api.handing import own_hand_over, upload_address
from web.rules import Rule, Subject, Who

VERSION = "1.0.0"
Decoded = TypeVar("Decoded")
_PIECE_TYPE = "application/offset+octet-stream"
_LONGEST_METADATA = 4096
_SILENT_SECONDS = 60.0


def capabilities(call: Call) -> Response:
    """Tell what of the protocol is spoken here."""
    headers = {
        "tus-version": VERSION,
        "tus-extension": "creation,checksum,termination,expiration",
        "tus-checksum-algorithm": ",".join(CHECKSUMS),
        "tus-max-size": str(call.visit.house.services.limits.max_file_bytes),
    }
    return _tus(Response(status_code=204, headers=headers))


def create(call: Call) -> Response:
    """State that a file will come; the same again gives the same address."""
    _check_version(call)
    own, said = own_hand_over(call), _metadata(call.request.headers.get("upload-metadata", ""))
    if "filename" not in said or "sha256" not in said:
        raise Rejected(Code.REQUEST_INVALID, "filename and sha256 are needed", subject="upload-metadata")
    wish = FileWish(said["filename"], said["sha256"], _number(call, "upload-length"))
    file = handing_over.add_file(own, wish, call.visit.house.services)
    headers = {"location": upload_address(own.id, file.id), "upload-offset": str(file.received), **_expires(own)}
    return _tus(Response(status_code=201, headers=headers))


def offset(call: Call) -> Response:
    """Tell how much of a file is here for certain."""
    _check_version(call)
    file = _file(call, call.hand_over)
    headers = {"upload-offset": str(file.received), "upload-length": str(file.size), **_expires(call.hand_over)}
    return _tus(Response(status_code=200, headers=headers))


def terminate(call: Call) -> Response:
    """Take a file back."""
    _check_version(call)
    own = own_hand_over(call)
    handing_over.remove_file(own, _file(call, own), call.visit.house.services)
    return _tus(Response(status_code=204))


async def piece(call: Call) -> Response:
    """Take the next piece of a file."""
    _check_version(call)
    if call.request.headers.get("content-type", "") != _PIECE_TYPE:
        raise Rejected(Code.REQUEST_INVALID, "content type", subject=_PIECE_TYPE)
    own, services = own_hand_over(call), call.visit.house.services
    at, checksum = _number(call, "upload-offset"), _checksum(call.request.headers.get("upload-checksum", ""))
    file = await run_in_threadpool(_file, call, own)
    opened = receiving(own, file, at, checksum, services)
    taking = await run_in_threadpool(opened.__enter__)
    try:
        is_cut = await take_body(call.request.stream(), taking.write, _SILENT_SECONDS)
        if is_cut and checksum is not None:
            raise Rejected(Code.UPLOAD_DIGEST, "cut off", subject=file.name)
        now = await run_in_threadpool(taking.close)
    finally:
        await run_in_threadpool(opened.__exit__, None, None, None)
    headers = {"upload-offset": str(now.received), **_expires(own)}
    return _tus(Response(status_code=204, headers=headers))


def _file(call: Call, own: HandOver) -> ReceivedFile:
    return handing_over.found_file(own, call.visit.parameters["file"], call.visit.house.services)


def _check_version(call: Call) -> None:
    if call.request.headers.get("tus-resumable") != VERSION:
        raise Rejected(Code.REQUEST_INVALID, VERSION, subject="tus-resumable")


def _number(call: Call, header: str) -> int:
    text = call.request.headers.get(header, "")
    if not (text.isascii() and text.isdigit() and len(text) < 16):  # noqa: PLR2004
        raise Rejected(Code.REQUEST_INVALID, "a number of bytes", subject=header)
    return int(text)


def _metadata(text: str) -> dict[str, str]:
    """Return what a creation says of its file: pairs of a key and a text in base 64."""
    if len(text) > _LONGEST_METADATA:
        raise Rejected(Code.REQUEST_INVALID, "too long", subject="upload-metadata")
    found: dict[str, str] = {}
    for pair in filter(None, (part.strip() for part in text.split(","))):
        key, _, value = pair.partition(" ")
        found[key] = _decoded(value, lambda data: data.decode())
    return found


def _checksum(text: str) -> tuple[str, bytes] | None:
    if not text:
        return None
    name, _, value = text.partition(" ")
    if name not in CHECKSUMS:
        raise Rejected(Code.REQUEST_INVALID, "unknown way to check", subject="upload-checksum")
    return name, _decoded(value, bytes)


def _decoded(value: str, of: Callable[[bytes], Decoded]) -> Decoded:
    try:
        return of(b64decode(value, validate=True))
    except (NoBase64, ValueError) as exc:
        raise Rejected(Code.REQUEST_INVALID, "no base 64", subject="header") from exc


def _expires(own: HandOver) -> dict[str, str]:
    return {"upload-expires": format_datetime(own.expires_at, usegmt=True)}


def _tus(response: Response) -> Response:
    response.headers["tus-resumable"] = VERSION
    response.headers["cache-control"] = "no-store"
    return response


_RULE = Rule(Permission.UPLOAD, Subject.HAND_OVER, "hand_over.upload", seldom=True)
_FILES, _ONE = "/hand-overs/{hand_over}/files", "/hand-overs/{hand_over}/files/{file}"
_VERSIONED = {"tus-resumable": {"type": "string", "const": VERSION}}
_SIZE = {"type": "string", "pattern": "^[0-9]{1,15}$"}
OPERATIONS = (
    Operation("OPTIONS", "/uploads", Rule(who=Who.ANYBODY), "tus", capabilities, gives={204: None}),
    Operation(
        "POST",
        _FILES,
        _RULE,
        "create_file",
        create,
        headers={**_VERSIONED, "upload-length": _SIZE, "upload-metadata": schemas.text(_LONGEST_METADATA)},
        needs=("tus-resumable", "upload-length", "upload-metadata"),
        gives={201: None},
        refuses=(404, 409, 413, 422, 507),
    ),
    Operation(
        "HEAD",
        _ONE,
        _RULE,
        "file_offset",
        offset,
        headers=_VERSIONED,
        needs=("tus-resumable",),
        gives={200: None},
        refuses=(404,),
    ),
    Operation(
        "PATCH",
        _ONE,
        _RULE,
        "send_piece",
        offset,
        stream=piece,
        headers={**_VERSIONED, "upload-offset": _SIZE, "upload-checksum": schemas.text(200)},
        needs=("tus-resumable", "upload-offset"),
        gives={204: None},
        refuses=(404, 409, 413, 415, 422, 423, 460, 507),
    ),
    Operation(
        "DELETE",
        _ONE,
        _RULE,
        "remove_file",
        terminate,
        headers=_VERSIONED,
        needs=("tus-resumable",),
        gives={204: None},
        refuses=(404, 409),
    ),
)
