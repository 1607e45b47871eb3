"""Operations on hand-overs: begin, look, commit, take back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from starlette.responses import JSONResponse, Response

from catalog import hand_overs
from dossier.collation import Collation
from dossier.errors import Code, Rejected
from dossier.handing_over import HandOver
from dossier.page_look import PageLook
from dossier.people import Permission
from pipeline import handing_over
from pipeline.first_looks import seen, without_secrecy
from pipeline.hand_over_progress import FileProgress, PageProgress, Stage, progress
from pipeline.handing_over import Wish
from pipeline.taking_over import take_over
from web.api import schemas
from web.api.call import Call, Operation
from web.api.looking import look_as_json
from web.rules import Rule, Subject

PREFIX = "/api/v1"


def begin(call: Call) -> Response:
    """Begin a hand-over; the same key and wish again give the same one."""
    said = call.body
    wish = Wish(
        said["key"],
        said.get("code", ""),
        said.get("component", ""),
        said.get("pages"),
        tuple(said.get("replaces", ())),
        not_secret=said["not_secret"],
        stack=said.get("stack", False),
        collate=Collation(said.get("collate", "")),
        leaves=said.get("leaves", ""),
    )
    own = handing_over.begin(wish, call.own, call.visit.house.services)
    return JSONResponse(as_json(own, call), 201, headers={"location": f"{PREFIX}/hand-overs/{own.id}"})


def look(call: Call) -> Response:
    """Tell how far a hand-over is, page by page."""
    return JSONResponse(as_json(call.hand_over, call))


def commit(call: Call) -> Response:
    """Commit a hand-over: all of it is there, and will be digitised."""
    services = call.visit.house.services
    listed = {file["name"]: file["sha256"] for file in call.body["files"]}
    if len(listed) != len(call.body["files"]):
        raise Rejected(Code.REQUEST_INVALID, "a name twice", subject="files")
    own = handing_over.commit(own_hand_over(call), listed, services)
    return JSONResponse(as_json(take_over(own.id, services) or own, call), 202)


def abandon(call: Call) -> Response:
    """Take a hand-over back that is not committed."""
    handing_over.abandon(own_hand_over(call), call.visit.house.services)
    return Response(status_code=204)


def own_hand_over(call: Call) -> HandOver:
    """Return the hand-over that the address names, to whoever has begun it: others of the unit may look only.

    Raises:
        Rejected(NOT_ALLOWED): Somebody else has.
    """
    if call.hand_over.account_id != call.own.id:
        raise Rejected(Code.NOT_ALLOWED)
    return call.hand_over


def as_json(own: HandOver, call: Call) -> dict[str, Any]:
    """Return a hand-over as the API tells of it."""
    with call.visit.house.services.catalogue.read() as tx:
        present = hand_overs.find(tx, own.id) or own
        found = progress(tx, present)
    return {
        "id": present.id,
        "key": present.key,
        "code": present.code,
        "component": "" if present.is_stack else present.component,
        "collate": present.collation.value,
        "state": present.state.value,
        "stage": found.stage.value,
        "expires": present.expires_at.isoformat(),
        "declared_pages": present.pages,
        "declared_leaves": present.leaves,
        "pages": found.pages,
        "pages_read": found.read,
        "miscounted": found.miscounted,
        "leaves": [{"code": each.code.value, "subject": each.subject, "said": each.detail} for each in found.leaves],
        "may_forget": found.stage is Stage.ARCHIVED,
        "must_destroy": found.stage is Stage.STOPPED,
        "files": [file_as_json(each, _looks(each, found.stage, call)) for each in found.files],
    }


def file_as_json(each: FileProgress, looks: Sequence[PageLook] = ()) -> dict[str, Any]:
    """Return a file of a hand-over as the API tells of it."""
    file = each.file
    return {
        "id": file.id,
        "upload": upload_address(file.hand_over_id, file.id),
        "name": file.name,
        "sha256": file.sha256,
        "size": file.size,
        "received": file.received,
        "whole": file.is_whole,
        "placed_as": file.placed_as,
        "error": each.error or None,
        "pages": [_page(page) for page in each.pages],
        "looks": [look_as_json(look) for look in looks],
        "archived": each.is_archived,
        "replaced": each.is_replaced,
    }


def upload_address(hand_over_id: str, file_id: str) -> str:
    """Return where the bytes of a file are sent to."""
    return f"{PREFIX}/hand-overs/{hand_over_id}/files/{file_id}"


def _page(page: PageProgress) -> dict[str, Any]:
    return {
        "number": page.number,
        "read": page.is_read,
        "verdict": page.verdict.value if page.verdict else None,
        "reasons": list(page.reasons),
    }


def _looks(each: FileProgress, stage: Stage, call: Call) -> tuple[PageLook, ...]:
    """Return what a first look at a file has told; nothing where a state-secret marking was seen."""
    if stage is Stage.STOPPED:
        return ()
    cleared = {page.number for page in each.pages if page.is_read}
    found = seen(call.visit.house.services.spool, each.file.id)
    return tuple(without_secrecy(look) if look.number in cleared else look for look in found)


_UPLOAD = Permission.UPLOAD
OPERATIONS = (
    Operation(
        "POST",
        "/hand-overs",
        Rule(_UPLOAD),
        "begin_hand_over",
        begin,
        takes=schemas.HAND_OVER_WISH,
        gives={201: schemas.HAND_OVER},
        refuses=(404, 409, 422, 507),
    ),
    Operation(
        "GET",
        "/hand-overs/{hand_over}",
        Rule(_UPLOAD, Subject.HAND_OVER, "hand_over.view", seldom=True),
        "hand_over",
        look,
        gives={200: schemas.HAND_OVER},
        refuses=(404,),
    ),
    Operation(
        "POST",
        "/hand-overs/{hand_over}/commit",
        Rule(_UPLOAD, Subject.HAND_OVER, "hand_over.commit"),
        "commit_hand_over",
        commit,
        takes=schemas.COMMITMENT,
        gives={202: schemas.HAND_OVER},
        refuses=(404, 409, 422),
    ),
    Operation(
        "DELETE",
        "/hand-overs/{hand_over}",
        Rule(_UPLOAD, Subject.HAND_OVER, "hand_over.abandon"),
        "abandon_hand_over",
        abandon,
        gives={204: None},
        refuses=(404, 409),
    ),
)
