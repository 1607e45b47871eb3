"""Operations on lots of backlog work: opened, counted with their sample drawn, judged, decided, with their minutes."""

from __future__ import annotations

from starlette.responses import JSONResponse, Response

from catalog import lots
from dossier.errors import Code, Rejected
from dossier.lots import Lot
from dossier.people import Permission
from pipeline.lot_checking import decide, judge
from pipeline.lot_export import minutes_of
from pipeline.lot_telling import lot_line, lot_value
from pipeline.lots import LotWish, count_lot, open_lot
from web.api import schemas
from web.api.call import Call, Operation
from web.api.handing import PREFIX
from web.rules import Rule, Subject

_MOST = 200


def listed(call: Call) -> Response:
    """List the newest lots of the account's units."""
    with call.visit.house.services.catalogue.read() as tx:
        found = lots.listed(tx, call.visit.units, _MOST)
    return JSONResponse({"lots": [lot_line(each) for each in found]})


def opened(call: Call) -> Response:
    """Open a lot."""
    said = call.body
    wish = LotWish(
        said["lot"],
        said["wave"],
        tuple(said.get("boxes", ())),
        tuple(said.get("codes", ())),
        said.get("retention", ""),
        said.get("dossiers"),
        said.get("leaves"),
    )
    lot = open_lot(wish, call.own, call.visit.house.services)
    return JSONResponse(_value(lot, call), 201, headers={"location": f"{PREFIX}/lots/{lot.id}"})


def one(call: Call) -> Response:
    """Tell how a lot stands."""
    return JSONResponse(_value(call.visit.its_lot(), call))


def counted(call: Call) -> Response:
    """Count a lot and draw its sample."""
    lot = call.visit.its_lot()
    return JSONResponse(_value(count_lot(lot.id, call.body["scanned_by"], call.own, call.visit.house.services), call))


def judged(call: Call) -> Response:
    """Take what was seen of a page of the sample."""
    lot, said = call.visit.its_lot(), call.body
    done = judge(lot.id, said["position"], said["fault"] or "", call.own, call.visit.house.services)
    return JSONResponse(_value(done, call))


def decided(call: Call) -> Response:
    """Accept a lot or send it back."""
    lot, said = call.visit.its_lot(), call.body
    done = decide(lot.id, said.get("reason", ""), call.own, call.visit.house.services, accepted=said["accepted"])
    return JSONResponse(_value(done, call))


def minutes(call: Call) -> Response:
    """Give the minutes of a lot: the signed ones, or a print of how it stands."""
    return Response(minutes_of(call.visit.its_lot(), call.visit.house.services), media_type="application/pdf")


def manifest(call: Call) -> Response:
    """Give the manifest of a lot that was counted."""
    lot = call.visit.its_lot()
    if lot.counting is None:
        raise Rejected(Code.PAGE_UNKNOWN, "not counted", subject=lot.id)
    data = call.visit.house.services.store.read(lot.counting.manifest)
    return Response(data, media_type="text/plain; charset=utf-8")


def _value(lot: Lot, call: Call) -> dict[str, object]:
    with call.visit.house.services.catalogue.read() as tx:
        looks = lots.looks(tx, lot) if lot.counting is not None and lot.decision is None else ()
    return lot_value(lot, looks)


_SEEN = Permission.LIST
_ONE = "/lots/{lot}"
OPERATIONS = (
    Operation("GET", "/lots", Rule(_SEEN, noted="lot.list"), "lots", listed, gives={200: schemas.LOTS}),
    Operation(
        "POST",
        "/lots",
        Rule(Permission.LOT, noted="lot.open"),
        "open_lot",
        opened,
        takes=schemas.LOT_WISH,
        gives={201: schemas.LOT},
        refuses=(404, 422),
    ),
    Operation("GET", _ONE, Rule(_SEEN, Subject.LOT, "lot.view"), "lot", one, gives={200: schemas.LOT}, refuses=(404,)),
    Operation(
        "POST",
        f"{_ONE}/count",
        Rule(Permission.LOT, Subject.LOT, "lot.count"),
        "count_lot",
        counted,
        takes=schemas.LOT_COUNT,
        gives={200: schemas.LOT},
        refuses=(404, 422),
    ),
    Operation(
        "POST",
        f"{_ONE}/looks",
        Rule(Permission.JUDGE, Subject.LOT, "lot.judge"),
        "judge_lot",
        judged,
        takes=schemas.LOT_LOOK,
        gives={200: schemas.LOT},
        refuses=(404, 422),
    ),
    Operation(
        "POST",
        f"{_ONE}/decision",
        Rule(Permission.APPROVE, Subject.LOT, "lot.decide"),
        "decide_lot",
        decided,
        takes=schemas.LOT_DECISION,
        gives={200: schemas.LOT},
        refuses=(404, 422),
    ),
    Operation(
        "GET",
        f"{_ONE}/minutes.pdf",
        Rule(_SEEN, Subject.LOT, "lot.minutes"),
        "lot_minutes",
        minutes,
        gives={200: None},
        media_type="application/pdf",
        refuses=(404,),
    ),
    Operation(
        "GET",
        f"{_ONE}/manifest",
        Rule(_SEEN, Subject.LOT, "lot.manifest"),
        "lot_manifest",
        manifest,
        gives={200: None},
        media_type="text/plain",
        refuses=(404,),
    ),
)
