"""`hososo doctor`: what is installed, what is missing, what is for development only."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import click

from dossier.errors import HososoError
from dossier.wording import advice
from hososo.console import Console, Exit, local_time
from hososo.examination import examine
from hososo.fixity_state import FixityState, fixity_state
from hososo.home import Home
from hososo.identity import identity_provider
from hososo.portal import PortalState, portal_channel, portal_state
from hososo.settings import Profile
from hososo.wiring import collector, open_catalogue, signing_parts
from ocr.engines.models import find_model
from rendition.fonts import find_serif
from signing.port import Signer
from signing.token import TokenSigner
from signing.verdict import TrustPolicy

_LITTLE_SPACE = 2 << 30


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at. `state`: `ok`, `missing` or `development`."""

    name: str
    state: str
    detail: str


@click.command("doctor")
@click.pass_obj
def command(console: Console) -> int:
    """Look at everything a run needs."""
    checks = [*_environment(console), *_installation(console)]
    for check in checks:
        name = console.word(f"checks.{check.name.replace(' ', '_')}")
        console.say(f"doctor.{check.state}", name=name, detail=check.detail)
    ready = all(check.state != "missing" for check in checks)
    console.say("doctor.ready" if ready else "doctor.not_ready")
    console.result(
        "doctor",
        {"ready": ready, "checks": [{"name": c.name, "state": c.state, "detail": c.detail} for c in checks]},
    )
    return Exit.OK if ready else Exit.NOT_READY


def _environment(console: Console) -> Iterator[Check]:
    settings = console.settings
    try:
        model = find_model("vie", settings.tessdata)
        yield Check("tesseract vie", "ok", str(model.path))
    except HososoError as exc:
        yield _missing(console, "tesseract vie", exc)
    try:
        yield Check("font", "ok", str(find_serif()))
    except HososoError as exc:
        yield _missing(console, "font", exc)


def _installation(console: Console) -> Iterator[Check]:
    settings = console.settings
    try:
        catalogue = open_catalogue(settings)
        with catalogue.read() as tx:
            scrubbed = fixity_state(tx, settings, datetime.now(UTC))
            returning = portal_state(tx, settings)
        catalogue.close()
        yield Check("catalogue", "ok", settings.url.partition("@")[2] or settings.url)
    except HososoError as exc:
        yield _missing(console, "catalogue", exc)
        return
    yield _fixity(console, scrubbed)
    yield from _portal(console, returning)
    yield from _identity(console)
    yield from _servers(console)
    yield from _space(console)
    yield from _keys(console)


def _servers(console: Console) -> Iterator[Check]:
    for one in examine(console.settings):
        yield Check(one.name, "ok", one.where) if one.fault is None else _missing(console, one.name, one.fault)


def _fixity(console: Console, state: FixityState) -> Check:
    if not state.sound:
        return Check("fixity", "missing", " ".join(state.lines(console)))
    if state.oldest is None:
        return Check("fixity", "ok", console.word("fixity.none"))
    return Check("fixity", "ok", console.word("fixity.oldest", at=local_time(state.oldest)))


def _portal(console: Console, state: PortalState) -> Iterator[Check]:
    """Look at the return channel, where there is one: whether it can be used, and what waits in it."""
    try:
        channel = portal_channel(console.settings)
        if channel is None:
            return
        channel.way.check()
    except HososoError as exc:
        yield _missing(console, "portal", exc)
        return
    told = " ".join(state.lines(console)) or console.word("portal.nothing_waits")
    yield Check("portal", "ok", f"{state.way}: {told}")


def _identity(console: Console) -> Iterator[Check]:
    """Look at the identity provider, where there is one: whether it can be asked, and what is registered there."""
    try:
        provider = identity_provider(console.settings)
        if provider is None:
            return
        keys = provider.examine()
    except HososoError as exc:
        found = _missing(console, "identity", exc)
        yield replace(found, detail=" ".join(filter(None, (found.detail, exc.subject, exc.detail))))
        return
    client = provider.client
    register = {"callback": client.callback, "after": client.after, "ended": client.ended}
    told = console.word("doctor.identity", issuer=client.issuer, keys=keys, **register)
    yield Check("identity", "ok", told)


def _space(console: Console) -> Iterator[Check]:
    free = shutil.disk_usage(Home(console.settings.home).archive).free
    state = "ok" if free > _LITTLE_SPACE else "missing"
    yield Check("disk", state, console.word("doctor.free", gib=free >> 30))


def _keys(console: Console) -> Iterator[Check]:
    try:
        signer, tsa, trust = signing_parts(console.settings)
    except HososoError as exc:
        yield _missing(console, "signing key", exc)
        return
    yield from _key(console, signer, trust)
    own_tsa = bool(console.settings.tsa_url)
    if tsa is None:
        yield Check("time stamps", "missing", console.word("doctor.unset", setting="tsa_url"))
    else:
        yield Check("time stamps", "ok" if own_tsa else "development", console.settings.tsa_url or "development-pki")
    profile = console.settings.profile
    yield Check("profile", "development" if profile is Profile.DEMO else "ok", profile.value)


def _key(console: Console, signer: Signer | None, trust: TrustPolicy) -> Iterator[Check]:
    """Look at the key; for a token this is a login, so it is asked once for all that is shown."""
    if signer is None:
        yield Check("signing key", "missing", console.word("doctor.unset", setting="key_file"))
        return
    try:
        yield Check("signing key", "development" if signer.development else "ok", signer.name)
        yield _validation_data(console, signer, trust)
    except HososoError as exc:
        yield _missing(console, "signing key", exc)
    finally:
        if isinstance(signer, TokenSigner):
            signer.close()


def _validation_data(console: Console, signer: Signer, trust: TrustPolicy) -> Check:
    """Ask about the signer's certificate, as signing will."""
    level = console.settings.signing_level
    if level == "B-T":
        return Check("validation data", "ok", level)
    try:
        collector(console.settings, trust).collect(signer.certificate, signer.chain)
    except HososoError as exc:
        return _missing(console, "validation data", exc)
    return Check("validation data", "development" if signer.development else "ok", level)


def _missing(console: Console, name: str, exc: HososoError) -> Check:
    told = advice(exc, console.language)
    return Check(name, "missing", f"{exc.code}: {told.cause} {told.cure}")
