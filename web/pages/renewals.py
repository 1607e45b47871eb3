"""Due renewals: which archived signatures need another time stamp soon, the most urgent first."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice

from starlette.responses import Response

from catalog import documents, intakes
from dossier.model import Document
from dossier.people import Permission
from pipeline.renewing import Due, due, renew_one
from signing.renewal import policy_in_force
from web.rules import Page, Rule, Subject
from web.visit import Visit

_SHOWN, _LOOKED_AT = 100, 2000
_AHEAD = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Shown:
    """A signed form that is due: its document, its kind, when (None: at once), whether renewing was refused."""

    document: Document
    kind: str
    level: str
    until: datetime | None
    at: datetime | None
    refused: bool


def show(visit: Visit) -> Response:
    """Show what is due within three months, of the account's units."""
    services = visit.house.services
    now = services.clock()
    policy = policy_in_force(now)
    with closing(due(services, policy, now + _AHEAD)) as found:
        looked_at = list(islice(found, _LOOKED_AT))
    shown = [each for each in (_shown(one, visit) for one in looked_at) if each is not None]
    return visit.page(
        "renewals.html", shown=shown[:_SHOWN], count=len(shown), more=len(looked_at) == _LOOKED_AT, now=now
    )


def renew(visit: Visit) -> Response:
    """Renew one that is listed, now; the page then tells where it was refused."""
    services = visit.house.services
    now = services.clock()
    renew_one(visit.its_document().id, services, policy_in_force(now), now + _AHEAD)
    return visit.go("/desk/renewals")


def _shown(one: Due, visit: Visit) -> Shown | None:
    """Return how one is shown; None where it is not of the account's units."""
    services, form = visit.house.services, one.form
    with services.catalogue.read() as tx:
        document = documents.get(tx, form.document_id)
        dossier = intakes.find_dossier(tx, document.code)
    if dossier is None or (visit.units is not None and dossier.unit not in visit.units):
        return None
    refused = form.verdict not in ("", "valid")
    return Shown(document, services.rules.kind(document.kind).name, form.level, form.until, one.at, refused)


PAGES = (
    Page("GET", "/desk/renewals", Rule(Permission.SIGN, noted="renewals.view"), show),
    Page("POST", "/documents/{document}/renew", Rule(Permission.SIGN, Subject.DOCUMENT, "document.renew"), renew),
)
