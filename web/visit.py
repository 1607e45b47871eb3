"""One request as a page sees it: who asks, for what, with what services."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from starlette.responses import HTMLResponse, RedirectResponse, Response

from catalog.accounts import Session
from catalog.uses import Grant, UseRequest
from dossier.errors import Code, Rejected
from dossier.handing_over import HandOver
from dossier.lots import Lot
from dossier.model import Document, Dossier
from dossier.people import Account, Permission
from web.house import House
from web.multipart import FormFile


@dataclass(frozen=True, slots=True)
class Visit:
    """A request that was let in.

    Attributes:
        house: The services and settings of the site.
        path: Path of the address.
        query: What stands behind the question mark, the last of each name.
        form: Fields of a posted form.
        parameters: Parameters of the path.
        account: Who asks; None where nobody is signed in.
        session: Their session.
        csrf: What a form must bring back.
        units: Units whose dossiers the account may see; None: all.
        dossier: The dossier that the address names.
        document: The document that the address names.
        request: The request to use a record that the address names.
        grant: What opens the document to the account although its roles or units do not; None where nothing does.
        lot: The lot that the address names.
        reached: What is named is of a unit of the account.
        hand_over: The hand-over that the address names.
        files: Files that the form brought.
        code: The mã hồ sơ that the address names, or that of the hand-over.
        carried: Cookies of the browser but for the session's: of a sign-in that is under way.
    """

    house: House
    path: str
    query: Mapping[str, str]
    form: Mapping[str, str]
    parameters: Mapping[str, str]
    account: Account | None = None
    session: Session | None = None
    csrf: str = ""
    units: frozenset[str] | None = None
    dossier: Dossier | None = None
    document: Document | None = None
    request: UseRequest | None = None
    grant: Grant | None = None
    lot: Lot | None = None
    reached: bool = True
    hand_over: HandOver | None = None
    code: str = ""
    files: tuple[FormFile, ...] = ()
    carried: Mapping[str, str] = field(default_factory=dict)

    def may(self, permission: Permission) -> bool:
        """Return whether who asks may do something with the document that is named, by role or by a grant."""
        by_role = self.account is not None and self.reached and self.account.may(permission)
        return by_role or opened_by(self.grant, permission)

    def someone(self) -> Account:
        """Return who asks, where the rule says that somebody is signed in."""
        if self.account is None:
            raise Rejected(Code.SESSION_OVER)
        return self.account

    def its_dossier(self) -> Dossier:
        """Return the dossier that the address names."""
        if self.dossier is None:
            raise Rejected(Code.PAGE_UNKNOWN)
        return self.dossier

    def its_document(self) -> Document:
        """Return the document that the address names."""
        if self.document is None:
            raise Rejected(Code.PAGE_UNKNOWN)
        return self.document

    def its_request(self) -> UseRequest:
        """Return the request that the address names."""
        if self.request is None:
            raise Rejected(Code.PAGE_UNKNOWN)
        return self.request

    def its_lot(self) -> Lot:
        """Return the lot that the address names."""
        if self.lot is None:
            raise Rejected(Code.PAGE_UNKNOWN)
        return self.lot

    def its_hand_over(self) -> HandOver:
        """Return the hand-over that the address names."""
        if self.hand_over is None:
            raise Rejected(Code.PAGE_UNKNOWN)
        return self.hand_over

    def number(self, name: str, otherwise: int, most: int = 1_000_000) -> int:
        """Return a whole number of the query within 1 and `most`; what is none counts as not given."""
        text = self.query.get(name, "")
        return min(max(int(text), 1), most) if text.isascii() and text.isdigit() and len(text) < 10 else otherwise  # noqa: PLR2004

    def page(self, template: str, /, status: int = 200, **values: Any) -> HTMLResponse:  # noqa: ANN401 - what a template shows
        """Return a page of the site."""
        return HTMLResponse(self.house.render(template, self, values), status_code=status)

    def go(self, address: str) -> Response:
        """Send the browser on to an address of this site, after a form."""
        return RedirectResponse(address, status_code=303)


def opened_by(grant: Grant | None, permission: Permission | None) -> bool:
    """Return whether a grant opens its document for a permission: to be read, and copied where that was granted."""
    return grant is not None and (permission is Permission.READ or (permission is Permission.COPY and grant.copies))
