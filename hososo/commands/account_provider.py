"""`hososo account provider`: how an account is entered through the office's identity provider, or that it is not."""

from __future__ import annotations

from typing import Any

import click

from catalog import identities
from catalog.identities import ProviderAccount
from dossier.errors import Code, Rejected
from dossier.people import Account
from hososo.console import Console, Exit
from hososo.usage import Misused
from hososo.wiring import services
from pipeline import identities as provider_accounts
from pipeline import people
from pipeline.services import Services

_AT_THE_MACHINE = "console"


@click.command("provider")
@click.argument("login")
@click.option("--provider-name", "provider_name")
@click.option("--subject", "subject")
@click.option("--only/--also", "only", default=None)
@click.option("--release", is_flag=True)
@click.option("--remove", is_flag=True)
@click.pass_obj
def command(  # noqa: PLR0913 - one parameter an option
    console: Console,
    login: str,
    provider_name: str | None,
    subject: str | None,
    *,
    only: bool | None,
    release: bool,
    remove: bool,
) -> int:
    """Let an account be entered through the provider, bind it, free it, or let it be no more."""
    if remove and (provider_name or subject or only is not None or release):
        raise Misused(console.word("account.provider_misused"))
    with services(console.settings) as ready:
        own = people.known_account(login, ready)
        if remove:
            provider_accounts.forbid(own, _AT_THE_MACHINE, ready)
        else:
            _allow(own, provider_name, ready, only=only)
            if release:
                provider_accounts.release(own, _AT_THE_MACHINE, ready)
            if subject:
                provider_accounts.bind(own, _issuer(console), subject, _AT_THE_MACHINE, ready)
        with ready.catalogue.read() as tx:
            entry = identities.of(tx, own.id)
    console.line(provider_line(console, own, entry))
    console.result("account provider", {"login": own.login, "provider": provider_json(entry)})
    return Exit.OK


def provider_line(console: Console, own: Account, entry: ProviderAccount | None) -> str:
    """Return what people are told of how an account is entered."""
    if entry is None:
        return console.word("account.provider_off", login=own.login)
    return console.word(
        "account.provider",
        login=own.login,
        name=entry.name,
        state=console.word("account.provider_bound" if entry.subject else "account.provider_awaited"),
        way=console.word("account.provider_only" if entry.only else "account.provider_also"),
    )


def provider_json(entry: ProviderAccount | None) -> dict[str, Any] | None:
    """Return how an account is entered through the provider; None: not at all."""
    if entry is None:
        return None
    return {
        "name": entry.name,
        "only": entry.only,
        "issuer": entry.issuer or None,
        "subject": entry.subject or None,
        "bound": entry.bound_at.isoformat() if entry.bound_at else None,
    }


def _allow(own: Account, name: str | None, ready: Services, *, only: bool | None) -> None:
    """Let an account be entered; what is not said stays as it is, and a first name is the login."""
    with ready.catalogue.read() as tx:
        before = identities.of(tx, own.id)
    wanted = name or (before.name if before else own.login)
    shut = only if only is not None else before is not None and before.only
    provider_accounts.allow(own, wanted, _AT_THE_MACHINE, ready, only=shut)


def _issuer(console: Console) -> str:
    if not console.settings.oidc_issuer:
        raise Rejected(Code.SETTINGS_INVALID, "is needed to bind a subject", subject="oidc_issuer")
    return console.settings.oidc_issuer
