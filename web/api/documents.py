"""Operations on one document: what is known of it, its text, its signed bytes, what was said of its signatures."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterator
from contextlib import closing
from typing import BinaryIO

from starlette.responses import JSONResponse, Response, StreamingResponse

from catalog import fields, pages, renditions
from dossier.digest import CHUNK
from dossier.errors import Code, Rejected
from dossier.people import Permission
from pipeline.readings import stored_bytes, stored_reading
from web.api import schemas
from web.api.call import Call, Operation
from web.api.reading import document_line
from web.ranges import Span, span_of
from web.rules import Rule, Subject


def document(call: Call) -> Response:
    """Tell what is known of a document."""
    own = call.visit.its_document()
    with call.visit.house.services.catalogue.read() as tx:
        stored = renditions.final(tx, own.id)
        values = [each for each in fields.of_document(tx, own.id) if each.value]
    said = stored.facts if stored is not None else None
    return JSONResponse(
        {
            **document_line(own, call),
            "code": own.code,
            "superseded": bool(own.superseded_by),
            "fields": [
                {
                    "name": each.name,
                    "value": each.value,
                    "confirmed": bool(each.confirmed_by),
                    "page": own.page_ids.index(each.page_id) + 1 if each.page_id in own.page_ids else 0,
                }
                for each in values
            ],
            "signature": {
                "signed": said is not None,
                "signer": said.signer if said else "",
                "officer": said.officer if said else "",
                "level": said.level if said else "",
                "verdict": said.verdict if said else "",
                "development": said.development if said else False,
                "sha256": stored.ref.sha256 if stored else None,
                "size": stored.ref.size if stored else None,
            },
        }
    )


def text(call: Call) -> Response:
    """Give the text of a document page by page."""
    own, services = call.visit.its_document(), call.visit.house.services
    with services.catalogue.read() as tx:
        found = pages.by_ids(tx, own.page_ids)
    return JSONResponse(
        {
            "pages": [
                {
                    "number": number,
                    "read": bool(page.words),
                    "text": stored_reading(page.words, services).text.plain() if page.words else "",
                }
                for number, page in enumerate(found, start=1)
            ]
        }
    )


def signature(call: Call) -> Response:
    """Give the report on the signatures that was made when the document was archived."""
    with call.visit.house.services.catalogue.read() as tx:
        judged = renditions.find(tx, call.visit.its_document().id, renditions.REPORT)
    if judged is None:
        raise Rejected(Code.PAGE_UNKNOWN, "not archived")
    return JSONResponse(json.loads(stored_bytes(judged.ref.sha256, call.visit.house.services)))


def signed(call: Call) -> Response:
    """Give the signed bytes as they are archived, all or the part that is asked for."""
    own, services = call.visit.its_document(), call.visit.house.services
    with services.catalogue.read() as tx:
        stored = renditions.final(tx, own.id)
    if stored is None:
        raise Rejected(Code.PAGE_UNKNOWN, "not archived")
    tag = f'"{stored.ref.sha256}"'
    wanted = call.request.headers.get("range", "")
    span = span_of(wanted if call.request.headers.get("if-range", tag) == tag else "", stored.ref.size)
    if span is None:
        return Response(status_code=416, headers={"content-range": f"bytes */{stored.ref.size}"})
    is_part = span.length != span.size
    if not is_part:
        services.store.verify(stored.ref.sha256)
    headers = {
        "content-length": str(span.length),
        "content-disposition": f'attachment; filename="{own.code}-{own.ordinal + 1}.pdf"',
        "accept-ranges": "bytes",
        "etag": tag,
        "repr-digest": f"sha-256=:{b64encode(bytes.fromhex(stored.ref.sha256)).decode()}:",
        **({"content-range": span.content_range} if is_part else {}),
    }
    stream = services.store.open(stored.ref.sha256)
    return StreamingResponse(
        _part(stream, span), status_code=206 if is_part else 200, media_type="application/pdf", headers=headers
    )


def _part(stream: BinaryIO, span: Span) -> Iterator[bytes]:
    with closing(stream):
        stream.seek(span.start)
        left = span.length
        while left > 0 and (piece := stream.read(min(CHUNK, left))):
            left -= len(piece)
            yield piece


_SEEN = Rule(Permission.READ, Subject.DOCUMENT, "document.view")
OPERATIONS = (
    Operation(
        "GET", "/documents/{document}", _SEEN, "document", document, gives={200: schemas.DOCUMENT}, refuses=(404,)
    ),
    Operation(
        "GET", "/documents/{document}/text", _SEEN, "text", text, gives={200: schemas.DOCUMENT_TEXT}, refuses=(404,)
    ),
    Operation(
        "GET",
        "/documents/{document}/signature",
        _SEEN,
        "signature",
        signature,
        gives={200: schemas.JUDGED},
        refuses=(404,),
    ),
    Operation(
        "GET",
        "/documents/{document}/signed.pdf",
        Rule(Permission.COPY, Subject.DOCUMENT, "document.copy"),
        "signed",
        signed,
        headers={"range": schemas.text(60)},
        gives={200: None, 206: None},
        media_type="application/pdf",
        refuses=(404, 416),
    ),
)
