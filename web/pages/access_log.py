"""The access log for whoever watches over all: read, checked, taken along."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import BinaryIO

from starlette.responses import Response, StreamingResponse

from catalog import access, accounts, seals
from catalog.schema import moment
from dossier.people import Permission
from pipeline.access_checking import AccessCheck, check_access_log
from pipeline.access_export import packed_access_log
from web.rules import Page, Rule
from web.visit import Visit

_AT_ONCE = 100
_MOST_LINES = 20_000
"""So many of the newest are read again, or taken along, in some seconds; the command line takes them all."""
_PIECE = 1 << 18


def show(visit: Visit, checked: AccessCheck | None = None) -> Response:
    """Show the newest lines."""
    before = visit.number("before", 0, 1 << 40)
    with visit.house.services.catalogue.read() as tx:
        lines = access.newest(tx, _AT_ONCE, before or None)
        named = {each.id: each.name for each in accounts.every(tx)}
        stamped = seals.last_time_stamp_of_access_log(tx)
    return visit.page(
        "access.html", lines=lines, named=named, checked=checked, stamped=moment(stamped) if stamped else None
    )


def check(visit: Visit) -> Response:
    """Check the chain, and the newest lines against the archive store, and tell."""
    services = visit.house.services
    with services.catalogue.read() as tx:
        checked = check_access_log(tx, services.store, most_lines=_MOST_LINES)
    return show(visit, checked)


def lines(visit: Visit) -> Response:
    """Give all lines, one JSON object a line, each with its digest."""
    headers = {"content-disposition": 'attachment; filename="access-log.jsonl"'}
    return StreamingResponse(_lines(visit), media_type="application/jsonl", headers=headers)


def bundle(visit: Visit) -> Response:
    """Give the newest segments with their seals and time stamps, packed, to be checked elsewhere."""
    packed = packed_access_log(visit.house.services, _MOST_LINES)
    headers = {"content-disposition": 'attachment; filename="nhat-ky-truy-cap.zip"'}
    return StreamingResponse(_pieces(packed), media_type="application/zip", headers=headers)


def _lines(visit: Visit) -> Iterator[str]:
    with visit.house.services.catalogue.read() as tx:
        for line in access.lines(tx):
            yield json.dumps(access.as_hashed(line), ensure_ascii=False, sort_keys=True) + "\n"


def _pieces(packed: BinaryIO) -> Iterator[bytes]:
    with packed:
        while piece := packed.read(_PIECE):
            yield piece


_LOG = Permission.ACCESS_LOG
PAGES = (
    Page("GET", "/access-log", Rule(_LOG, noted="access_log.view"), show),
    Page("GET", "/access-log/check", Rule(_LOG, noted="access_log.check"), check),
    Page("GET", "/access-log.jsonl", Rule(_LOG, noted="access_log.export"), lines),
    Page("POST", "/access-log/bundle", Rule(_LOG, noted="access_log.bundle"), bundle),
)
