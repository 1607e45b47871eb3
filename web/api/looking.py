"""The operation that looks at one file before it is handed over: nothing of it is kept."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import BinaryIO

from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, Response

from dossier.errors import Code, Rejected, Unavailable
from dossier.page_look import PageLook
from dossier.people import Permission
from ingest.sniff import usual_suffix
from pipeline.scratch import working_folder
from web.api import schemas
from web.api.bodies import take_body
from web.api.call import Call, Operation
from web.rules import Rule

_MOST_BYTES = 64 << 20
_SILENT_SECONDS = 20.0
_BYTES = "application/octet-stream"


async def look(call: Call) -> Response:
    """Take one file, tell what the pictures of its pages are worth, and forget it."""
    if call.request.headers.get("content-type", "").partition(";")[0].strip().lower() != _BYTES:
        raise Rejected(Code.REQUEST_INVALID, "content type", subject=_BYTES)
    group, name = (_plain(call, header) for header in ("look-group", "look-name"))
    services = call.visit.house.services
    if services.single_looks is None:
        raise Unavailable(Code.STORE_UNAVAILABLE, "nobody looks here")
    opened = working_folder(services.scratch)
    folder = await run_in_threadpool(opened.__enter__)
    try:
        path = folder / "look"
        with path.open("wb") as stream:
            await _take(call, stream)
        path = path.rename(path.with_suffix(await run_in_threadpool(usual_suffix, path)))
        own_group = f"{call.own.id}/{group}" if group else ""
        found = await run_in_threadpool(services.single_looks.look, path, own_group, name)
    finally:
        await run_in_threadpool(opened.__exit__, None, None, None)
    return JSONResponse({"pages": [look_as_json(each) for each in found]}, headers={"cache-control": "no-store"})


def look_as_json(look: PageLook) -> dict[str, object]:
    """Return a look at a page as the API tells of it."""
    name, _, number = look.like.partition("\n")
    return {
        "number": look.number,
        "verdict": look.verdict.value,
        "reasons": list(look.reasons),
        "like": {"name": name, "number": int(number)} if look.like else None,
    }


async def _take(call: Call, stream: BinaryIO) -> None:
    if await take_body(_bounded(call), stream.write, _SILENT_SECONDS):
        raise Rejected(Code.REQUEST_INVALID, "cut off", subject="body")
    await run_in_threadpool(stream.flush)
    if not stream.tell():
        raise Rejected(Code.FILE_EMPTY)


async def _bounded(call: Call) -> AsyncIterator[bytes]:
    """Yield what comes, until it is more than is looked at."""
    most, size = min(_MOST_BYTES, call.visit.house.services.limits.max_file_bytes), 0
    async for chunk in call.request.stream():
        size += len(chunk)
        if size > most:
            raise Rejected(Code.FILE_TOO_LARGE, "one page is looked at, not a box of them")
        yield chunk


def _plain(call: Call, header: str) -> str:
    """Return a header that names something without saying anything of it."""
    text = call.request.headers.get(header, "")
    if text and not (text.isascii() and text.isalnum() and len(text) <= schemas.LOOK_NAME["maxLength"]):
        raise Rejected(Code.REQUEST_INVALID, "letters and digits", subject=header)
    return text


OPERATIONS = (
    Operation(
        "POST",
        "/looks",
        Rule(Permission.UPLOAD),
        "look",
        lambda _call: Response(status_code=500),
        stream=look,
        sends=_BYTES,
        headers={"look-group": schemas.LOOK_NAME, "look-name": schemas.LOOK_NAME},
        gives={200: schemas.LOOKS},
        refuses=(413, 415, 423),
    ),
)
