"""The forms of what the API takes and gives (JSON Schema 2020-12)."""

from __future__ import annotations

from typing import Any

from dossier.collation import Collation
from dossier.handing_over import HandOverState
from dossier.lots import MOST_DOSSIERS, Differs, LotState
from dossier.people import Permission, Role
from dossier.states import DocumentState
from dossier.status import ComponentStatus
from pipeline.hand_over_progress import Stage
from pipeline.judging import PageFault
from pipeline.reusing import How

Schema = dict[str, Any]


def text(most: int = 400, **more: object) -> Schema:
    """Return the form of a text."""
    return {"type": "string", "maxLength": most, **more}


def listed(items: Schema, **more: object) -> Schema:
    """Return the form of a list."""
    return {"type": "array", "items": items, **more}


def either(schema: Schema) -> Schema:
    """Return a form that may also be null."""
    return {"anyOf": [schema, {"type": "null"}]}


def form(needed: dict[str, Schema], free: dict[str, Schema] | None = None) -> Schema:
    """Return the form of an object that has these and no others."""
    properties = {**needed, **(free or {})}
    return {"type": "object", "additionalProperties": False, "required": list(needed), "properties": properties}


def one_of(names: type) -> Schema:
    """Return the form of a name out of an enumeration."""
    return {"type": "string", "enum": [each.value for each in names]}  # type: ignore[attr-defined]


DIGEST: Schema = {"type": "string", "pattern": "^[0-9a-f]{64}$"}
COUNT: Schema = {"type": "integer", "minimum": 0}
CODE: Schema = {"type": "string", "pattern": "^[A-Z][A-Z_]+$"}
"""A code of docs/errors.md."""
FLAG: Schema = {"type": "boolean"}
COLLATION: Schema = {"type": "string", "enum": [each.value for each in Collation]}
MOMENT: Schema = {"type": "string", "format": "date-time"}
CURSOR = text(100)
LIMIT: Schema = {"type": "integer", "minimum": 1, "maximum": 100}

PROBLEM = form(
    {
        "type": text(),
        "title": text(1000),
        "detail": text(1000),
        "status": {"type": "integer"},
        "code": CODE,
        "subject": text(1000),
    }
)
ME = form(
    {
        "account": text(),
        "name": text(),
        "roles": listed(one_of(Role)),
        "permissions": listed(one_of(Permission)),
        "units": either(listed(text())),
    }
)
DOCUMENT_LINE = form(
    {
        "id": text(),
        "kind": text(),
        "kind_name": text(),
        "component": text(),
        "state": one_of(DocumentState),
        "pages": COUNT,
        "confirmed": FLAG,
        "archived": FLAG,
    }
)
COMPONENT = form(
    {
        "code": text(),
        "name": text(),
        "required": FLAG,
        "status": {"type": "string", "enum": [each.name for each in ComponentStatus]},
    },
    {
        "there": listed(form({"how": one_of(How), "document": text(), "source": text(), "kind": text()})),
        "offers": listed(form({"document": text(), "source": text(), "kind": text()})),
    },
)
DOSSIER_LINE = form({"code": text(), "unit": text(), "deliveries": COUNT, "documents": COUNT, "archived": FLAG})
DOSSIER = form(
    {
        "code": text(),
        "unit": text(),
        "deliveries": COUNT,
        "archived": FLAG,
        "documents": listed(DOCUMENT_LINE),
        "components": either(listed(COMPONENT)),
        "missing": listed(text()),
        "problems": listed(form({"code": CODE, "subject": text(2000)})),
    }
)
DOSSIERS = form({"dossiers": listed(DOSSIER_LINE), "next": either(CURSOR)})
REGISTER = form(
    {
        "code": text(),
        "in_register": FLAG,
        "in_archive": FLAG,
        "unit": text(),
        "procedure": text(),
        "procedure_name": text(2000),
        "applicant": text(2000),
        "received": either(MOMENT),
        "due": either(MOMENT),
        "components": listed(COMPONENT),
    }
)
HIT = form({"document": text(), "code": text(), "kind": text(), "unit": text(), "page": COUNT, "snippet": text(4000)})
HITS = form({"total": COUNT, "hits": listed(HIT), "next": either(CURSOR)})
FIELD = form({"name": text(), "value": text(10_000), "confirmed": FLAG, "page": COUNT})
SIGNATURE = form(
    {
        "signed": FLAG,
        "signer": text(1000),
        "officer": text(1000),
        "level": text(),
        "verdict": text(),
        "development": FLAG,
        "sha256": either(DIGEST),
        "size": either(COUNT),
    }
)
DOCUMENT = form(
    {
        **DOCUMENT_LINE["properties"],
        "code": text(),
        "superseded": FLAG,
        "fields": listed(FIELD),
        "signature": SIGNATURE,
    }
)
DOCUMENT_TEXT = form({"pages": listed(form({"number": COUNT, "read": FLAG, "text": {"type": "string"}}))})
JUDGED: Schema = {"type": "object"}
SHARE = form({"name": text(), "title": text(), "numerator": COUNT, "denominator": COUNT})
FIGURES = form({"from": text(), "to": text(), "rates": listed(SHARE)})

FILE_WISH = form({"name": text(1000), "sha256": DIGEST, "size": {"type": "integer", "minimum": 0}})
HAND_OVER_WISH = form(
    {"key": text(64), "not_secret": FLAG},
    {
        "code": text(200),
        "stack": FLAG,
        "collate": COLLATION,
        "component": text(60),
        "pages": either({"type": "integer", "minimum": 1, "maximum": 100_000}),
        "replaces": listed(text(1000), maxItems=1000),
        "leaves": text(1000),
    },
)
COMMITMENT = form({"files": listed(form({"name": text(1000), "sha256": DIGEST}), minItems=1, maxItems=20_000)})
PAGE = form(
    {
        "number": COUNT,
        "read": FLAG,
        "verdict": either({"type": "string", "enum": ["good", "look", "rescan", "blank"]}),
        "reasons": listed(text()),
    }
)
LOOK = form(
    {
        "number": COUNT,
        "verdict": {"type": "string", "enum": ["good", "look", "rescan", "blank"]},
        "reasons": listed(text()),
        "like": either(form({"name": text(1000), "number": COUNT})),
    }
)
LOOKS = form({"pages": listed(LOOK)})
LOOK_NAME: Schema = {"type": "string", "pattern": "^[A-Za-z0-9]+$", "maxLength": 64}
FILE = form(
    {
        "id": text(),
        "upload": text(),
        "name": text(1000),
        "sha256": DIGEST,
        "size": COUNT,
        "received": COUNT,
        "whole": FLAG,
        "placed_as": text(1000),
        "error": either(CODE),
        "pages": listed(PAGE),
        "looks": listed(LOOK),
        "archived": FLAG,
        "replaced": FLAG,
    }
)
HAND_OVER = form(
    {
        "id": text(),
        "key": text(),
        "code": text(),
        "component": text(),
        "collate": COLLATION,
        "state": one_of(HandOverState),
        "stage": one_of(Stage),
        "expires": MOMENT,
        "declared_pages": either(COUNT),
        "declared_leaves": text(1000),
        "pages": COUNT,
        "pages_read": COUNT,
        "miscounted": FLAG,
        "leaves": listed(form({"code": CODE, "subject": text(), "said": text(1000)})),
        "may_forget": FLAG,
        "must_destroy": FLAG,
        "files": listed(FILE),
    }
)

LOT_LINE = form({"lot": text(), "unit": text(), "state": one_of(LotState), "barred": FLAG, "opened": MOMENT})
LOTS = form({"lots": listed(LOT_LINE)})
_LOT_SHARE = form({"dossiers": either(COUNT), "leaves": either(COUNT)})
_LOT_DOSSIER = form({"code": text(), "box": text(), "number": text(), "leaves": either(COUNT)})
_LOT_DIFFERENCE = form(
    {"kind": one_of(Differs), "code": text(), "declared": either(COUNT), "found": either(COUNT)},
)
_LOT_PAGE = form({"position": COUNT, "page": text(), "fault": either(text(60))})
_LOT_COUNTING = form(
    {
        "manifest": DIGEST,
        "pages": COUNT,
        "documents": COUNT,
        "placeholders": COUNT,
        "differences": listed(_LOT_DIFFERENCE),
        "scanners": listed(text()),
        "population": COUNT,
        "most_faulty": COUNT,
        "whole": FLAG,
        "sample": listed(_LOT_PAGE),
    }
)
LOT = form(
    {
        "lot": text(),
        "unit": text(),
        "wave": text(),
        "boxes": listed(text()),
        "retention": text(),
        "state": one_of(LotState),
        "barred": FLAG,
        "declared": _LOT_SHARE,
        "dossiers": listed(_LOT_DOSSIER),
        "counting": either(_LOT_COUNTING),
        "decision": either(form({"accepted": FLAG, "faulty": COUNT, "reason": text(1000)})),
        "minutes": either(DIGEST),
        "rejections": COUNT,
    }
)
_DECLARED = either({"type": "integer", "minimum": 0, "maximum": 1_000_000})
LOT_WISH = form(
    {"lot": text(40), "wave": text(200)},
    {
        "boxes": listed(text(200), maxItems=1000),
        "codes": listed(text(60), maxItems=MOST_DOSSIERS),
        "retention": text(60),
        "dossiers": _DECLARED,
        "leaves": _DECLARED,
    },
)
LOT_COUNT = form({"scanned_by": listed(text(60), maxItems=100)})
LOT_LOOK = form(
    {
        "position": {"type": "integer", "minimum": 1, "maximum": 1_000_000},
        "fault": either(one_of(PageFault)),
    }
)
LOT_DECISION = form({"accepted": FLAG}, {"reason": text(500)})
