"""`hososo init`: make the home folder, the catalogue and, in the demo profile, the development keys."""

from __future__ import annotations

import os

import click

from hososo.console import Console
from hososo.home import Home
from hososo.servers import catalogue_of
from hososo.settings import Profile


@click.command("init")
@click.pass_obj
def command(console: Console) -> None:
    """Prepare a home; safe to run again."""
    settings = console.settings
    home = Home(settings.home)
    os.umask(0o077)  # the catalogue names people, and SQLite's files take their mode from its first
    home.make()
    catalogue = catalogue_of(settings)
    catalogue.upgrade()
    catalogue.close()
    if settings.profile is Profile.DEMO:
        from signing.development_pki import ensure_development_pki  # noqa: PLC0415 - loads the crypto libraries

        ensure_development_pki(home.pki)
        console.say("init.development_keys", folder=home.pki)
    console.say("init.ready", home=settings.home, profile=settings.profile.value)
    console.result("init", {"home": str(settings.home), "profile": settings.profile.value})
