"""One request as a page sees it: who asks, for what, with what services."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from starlette.responses import HTMLResponse, RedirectResponse, Response

from catalog.accounts import Session
from dossier.errors import Code, Rejected
from dossier.model import Document, Dossier
from dossier.people import Account
from web.house import House


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
