"""Operations that read: who asks, dossiers, the register, search, figures."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from starlette.responses import JSONResponse, Response

from catalog import Transaction, documents, intakes, problems
from dossier.codes import parse_code
from dossier.errors import Code, Rejected
from dossier.model import Document, Dossier
from dossier.people import Permission
from dossier.states import DocumentState
from pipeline import searching
from pipeline.handing_over import unit_of
from pipeline.indexing import bring_up_to_date
from pipeline.projecting import project
from pipeline.questions import Asked, answerable, inspected
from pipeline.reusing import FoundPart, Lendable, lendable
from pipeline.searching import Wanted
from search.port import FARTHEST_HIT
from web.api import schemas
from web.api.call import Call, Operation
from web.pages.search import about_a_person
from web.rules import Rule, Subject, Who
from web.search_links import masked

_PAGE = 50
_FILTERS = tuple(each.name for each in fields(Wanted) if each.name != "words")


def me(call: Call) -> Response:
    """Tell who asks and what they may do."""
    own = call.own
    return JSONResponse(
        {
            "account": own.id,
            "name": own.name,
            "roles": sorted(own.roles),
            "permissions": sorted(each for each in Permission if own.may(each)),
            "units": None if own.units is None else sorted(own.units),
        }
    )


def dossiers(call: Call) -> Response:
    """List the dossiers of the account's units in order of code."""
    limit = call.visit.number("limit", _PAGE, 100)
    with call.visit.house.services.catalogue.read() as tx:
        found = intakes.dossiers_after(tx, call.visit.units, call.visit.query.get("cursor", ""), limit)
        lines = [_line(tx, each) for each in found]
    return JSONResponse({"dossiers": lines, "next": found[-1].code if len(found) == limit else None})


def dossier(call: Call) -> Response:
    """Tell what a dossier has, what it lacks, and what a person must deal with."""
    own, house = call.visit.its_dossier(), call.visit.house
    found = lendable(own.code, call.own, house.services, demo=house.demo)
    known = found.known
    with house.services.catalogue.read() as tx:
        live = documents.live(tx, own.id)
        newest = intakes.latest(tx, own.id)
        left = problems.open_problems(tx, newest.folder) if newest else []
    return JSONResponse(
        {
            "code": own.code,
            "unit": own.unit,
            "deliveries": own.version,
            "archived": _is_archived(live),
            "documents": [document_line(each, call) for each in live],
            "components": _parts(found) if known.procedure else None,
            "missing": [part.rule.code for part in known.parts if part.is_missing],
            "problems": [{"code": each.code.value, "subject": each.subject} for each in left],
        }
    )


def register(call: Call) -> Response:
    """Tell what the register knows of a mã hồ sơ, so that nobody types it again."""
    code, house = call.visit.code, call.visit.house
    found = lendable(code, call.own, house.services, demo=house.demo)
    known = found.known
    with house.services.catalogue.read() as tx:
        in_archive = intakes.find_dossier(tx, code)
        unit = in_archive.unit if in_archive else _unit(tx, code)
    entry = known.entry
    return JSONResponse(
        {
            "code": code,
            "in_register": entry is not None,
            "in_archive": in_archive is not None,
            "unit": unit,
            "procedure": entry.procedure if entry else "",
            "procedure_name": entry.procedure_name if entry else "",
            "applicant": entry.applicant if entry else "",
            "received": entry.received_at.isoformat() if entry and entry.received_at else None,
            "due": entry.due_at.isoformat() if entry and entry.due_at else None,
            "components": _parts(found),
        }
    )


def search(call: Call) -> Response:
    """Search what the account may see, with the filters of the page."""
    visit, services = call.visit, call.visit.house.services
    limit, cursor = visit.number("limit", 20, 100), visit.query.get("cursor", "0")
    start = int(cursor) if cursor.isascii() and cursor.isdigit() and len(cursor) < 7 else FARTHEST_HIT  # noqa: PLR2004
    if start + limit > FARTHEST_HIT:
        raise Rejected(Code.QUERY_INVALID, "too far", subject="cursor")
    wanted = Wanted(visit.query.get("q", ""), **{name: visit.query[name] for name in _FILTERS if name in visit.query})
    bring_up_to_date(services)
    answer = searching.search(wanted, visit.units, services, limit, start).hits
    after = start + len(answer.hits)
    goes_on = bool(answer.hits) and after < answer.total and after + limit <= FARTHEST_HIT
    hits = [
        {
            "document": hit.document_id,
            "code": hit.code,
            "kind": hit.kind,
            "unit": hit.unit,
            "page": hit.page,
            "snippet": masked(hit.snippet),
        }
        for hit in answer.hits
    ]
    return JSONResponse({"total": answer.total, "hits": hits, "next": str(after) if goes_on else None})


def figures(call: Call) -> Response:
    """Give the rates of a period over the account's units, each with what it is counted from."""
    house, own = call.visit.house, call.own
    project(house.services, demo=house.demo)
    with house.services.catalogue.read() as tx:
        asked = Asked(period=call.visit.query.get("period", "").strip())
        asks = answerable(tx, house.services, asked, house.agency, demo=house.demo, own=own)
        period, found = asks.question.period, inspected(tx, asks)
    rates = [
        {
            "name": name,
            "title": rate.definition.name(house.language),
            "numerator": rate.numerator,
            "denominator": rate.denominator,
        }
        for name, rate in found.rates.items()
    ]
    return JSONResponse({"from": period.start.isoformat(), "to": period.end.isoformat(), "rates": rates})


def document_line(item: Document, call: Call) -> dict[str, Any]:
    """Return a document as it stands in a list."""
    return {
        "id": item.id,
        "kind": item.kind,
        "kind_name": call.visit.house.services.rules.kind(item.kind).name,
        "component": item.component,
        "state": item.state.value,
        "pages": len(item.page_ids),
        "confirmed": item.confirmed,
        "archived": item.state is DocumentState.ARCHIVED,
    }


def _line(tx: Transaction, own: Dossier) -> dict[str, Any]:
    live = documents.live(tx, own.id)
    return {
        "code": own.code,
        "unit": own.unit,
        "deliveries": own.version,
        "documents": len(live),
        "archived": _is_archived(live),
    }


def _is_archived(live: list[Document]) -> bool:
    return bool(live) and all(each.state is DocumentState.ARCHIVED for each in live)


def _parts(found: Lendable) -> list[dict[str, Any]]:
    return [_part(each) for each in found.parts]


def _part(own: FoundPart) -> dict[str, Any]:
    part = own.part
    return {
        "code": part.rule.code,
        "name": part.rule.name,
        "required": part.is_due,
        "status": part.status.name,
        "there": [
            {"how": each.how.value, "document": each.document_id, "source": each.source, "kind": each.kind}
            for each in own.there
        ],
        "offers": [{"document": each.document_id, "source": each.code, "kind": each.kind} for each in own.offers],
    }


def _unit(tx: Transaction, code: str) -> str:
    parsed = parse_code(code)
    return unit_of(tx, parsed) if parsed else ""


_SEARCH = {"q": schemas.text(400), **dict.fromkeys(_FILTERS, schemas.text(100))}
_TURN = {"cursor": schemas.CURSOR, "limit": schemas.LIMIT}
OPERATIONS = (
    Operation("GET", "/me", Rule(who=Who.SIGNED_IN), "me", me, gives={200: schemas.ME}),
    Operation(
        "GET",
        "/dossiers",
        Rule(Permission.READ, noted="api.dossiers"),
        "dossiers",
        dossiers,
        query=_TURN,
        gives={200: schemas.DOSSIERS},
    ),
    Operation(
        "GET",
        "/dossiers/{dossier}",
        Rule(Permission.READ, Subject.DOSSIER, "dossier.view"),
        "dossier",
        dossier,
        gives={200: schemas.DOSSIER},
        refuses=(404,),
    ),
    Operation(
        "GET",
        "/register/{code}",
        Rule(Permission.UPLOAD, Subject.CODE, "register.view"),
        "register",
        register,
        gives={200: schemas.REGISTER},
        refuses=(404, 422),
    ),
    Operation(
        "GET",
        "/search",
        Rule(Permission.SEARCH, noted="search", more=about_a_person),
        "search",
        search,
        query={**_SEARCH, **_TURN},
        gives={200: schemas.HITS},
        refuses=(422,),
    ),
    Operation(
        "GET",
        "/figures",
        Rule(Permission.REPORT, noted="figures.view"),
        "figures",
        figures,
        query={"period": schemas.text(60)},
        gives={200: schemas.FIGURES},
        refuses=(422,),
    ),
)
