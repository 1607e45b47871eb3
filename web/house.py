"""What all pages share: services, language, templates, the pool that makes pictures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from importlib import resources
from typing import TYPE_CHECKING, Any

import jinja2
from markupsafe import Markup

from dossier.people import Permission, Role
from dossier.register import VIETNAM
from pipeline.people import SessionRule
from pipeline.services import Services
from pipeline.two_person import TwoPersonRule
from web.identity.provider import Provider
from web.kept import Copier, Noted, Pictures
from web.wording import word

if TYPE_CHECKING:
    from datetime import datetime

    from web.visit import Visit


@dataclass
class House:
    """The site's own.

    Attributes:
        services: What pages work with; used in threads.
        agency: Name of the office, as the head of each page shows it.
        language: `vi` or `en`.
        demo: Development signatures count, and each page says so.
        rule: How long somebody stays signed in.
        secure: Cookies travel over TLS only; off for a browser on this very machine.
        two_person: Of what two persons have to say the same.
        sample_share: Share of a day's unquestioned documents that is drawn for a look.
        provider: The office's identity provider, through which people may sign in too; None where there is none.
        address: Where people reach the site, without a slash at the end; empty where nobody has said so.
    """

    services: Services
    agency: str
    language: str = "vi"
    demo: bool = False
    rule: SessionRule = field(default_factory=SessionRule)
    secure: bool = True
    address: str = ""
    provider: Provider | None = None
    two_person: TwoPersonRule = field(default_factory=TwoPersonRule)
    sample_share: float = 0.02
    pictures: Pictures = field(default_factory=Pictures)
    copier: Copier = field(default_factory=Copier)
    noted: Noted = field(default_factory=Noted)

    def word(self, key: str, /, **values: object) -> str:
        """Return a text of the site's wording."""
        return word(key, self.language, **values)

    def render(self, template: str, visit: Visit, values: Mapping[str, Any]) -> str:
        """Return a template filled in; whatever it is given is text, never markup."""
        return self._templates.get_template(template).render(visit=visit, house=self, me=visit.account, **values)

    @cached_property
    def _templates(self) -> jinja2.Environment:
        made = jinja2.Environment(
            loader=jinja2.FunctionLoader(_template), autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True
        )
        made.globals |= {"word": self.word, "Permission": Permission, "Role": Role}
        made.filters |= {"clock": clock, "day": day, "marked": marked}
        return made


def clock(moment: datetime) -> str:
    """Return a moment as a clock in Viet Nam shows it."""
    return moment.astimezone(VIETNAM).strftime("%d/%m/%Y %H:%M")


def day(moment: datetime) -> str:
    """Return the day of a moment in Viet Nam."""
    return moment.astimezone(VIETNAM).strftime("%d/%m/%Y")


def marked(snippet: str) -> Markup:
    """Return a snippet with the words found, «so», as marked text; everything in it is text."""
    pieces = []
    for at, part in enumerate(snippet.replace("»", "«").split("«")):
        pieces.append(Markup("<mark>{}</mark>").format(part) if at % 2 else Markup.escape(part))
    return Markup("").join(pieces)


def _template(name: str) -> str:
    return resources.files("web").joinpath("templates", name).read_text(encoding="utf-8")
