"""The return channel as the settings name it, and what waits in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from catalog import Transaction, portal_packages
from dossier.errors import Code, Rejected
from dossier.portal import PackageState
from hososo.console import Console, local_time
from hososo.home import Home
from hososo.secrets import read_password, read_secret
from hososo.settings import Profile, Settings
from pipeline.handing_back import Handed, hand_back
from pipeline.services import PortalChannel, Services
from registers.portal.batch import BatchWay
from registers.portal.folder import FolderWay
from registers.portal.links import SHORTEST_SECRET, Links
from registers.portal.port import Way
from registers.portal.posting import PostWay

_SLICE_SECONDS = 30.0
_OWN = ("127.0.0.1", "::1", "localhost")
_PATIENCE = timedelta(days=1)


def portal_channel(settings: Settings) -> PortalChannel | None:
    """Return the return channel, None where the office hands nothing back.

    Raises:
        Rejected(SETTINGS_INVALID): Something of it is missing, or a secret lies open or is too short.
        Unavailable(KEY_UNAVAILABLE): The file of a secret cannot be read.
    """
    if not settings.portal_way:
        return None
    way, links = _way(settings), _links(settings)
    if links is None and not way.carries_files:
        raise Rejected(Code.SETTINGS_INVALID, "links are needed", subject="portal_links")
    return PortalChannel(way, links)


def hand_back_here(services: Services, settings: Settings) -> Handed | None:
    """Send for half a minute what is due: a chore of the supervisor; None where nothing is handed back."""
    if services.portal is None:
        return None
    with Home(settings.home).handing_back() as got:
        return hand_back(services, demo=settings.profile is Profile.DEMO, longest=_SLICE_SECONDS) if got else None


@dataclass(frozen=True, slots=True)
class PortalState:
    """What waits for the one-stop software: packages due or unanswered, refused ones, and since when the oldest."""

    way: str
    waiting: int
    since: datetime | None
    refused: int
    accepted: int

    def is_late(self, now: datetime) -> bool:
        """Return whether something has waited for more than a day."""
        return bool(self.way) and self.since is not None and now - self.since > _PATIENCE

    def lines(self, console: Console) -> list[str]:
        """Return it as people read it; nothing where there is no return channel."""
        if not self.way:
            return []
        out = []
        if self.since is not None:
            out.append(console.word("portal.waiting", count=self.waiting, since=local_time(self.since)))
        if self.refused:
            out.append(console.word("portal.refused", count=self.refused))
        return out

    def as_json(self) -> dict[str, Any]:
        """Return it for programs."""
        since = self.since.isoformat() if self.since else None
        told = {"way": self.way, "waiting": self.waiting, "since": since}
        return {**told, "refused": self.refused, "accepted": self.accepted}


def portal_state(tx: Transaction, settings: Settings) -> PortalState:
    """Return what waits in the return channel."""
    found = portal_packages.standing(tx)
    waiting = [found[state] for state in (PackageState.DUE, PackageState.SENT) if state in found]
    since = min((one.since for one in waiting if one.since is not None), default=None)
    refused, accepted = found.get(PackageState.REFUSED), found.get(PackageState.ACCEPTED)
    return PortalState(
        settings.portal_way,
        sum(one.count for one in waiting),
        since,
        refused.count if refused else 0,
        accepted.count if accepted else 0,
    )


def _way(settings: Settings) -> Way:
    if settings.portal_way == "http":
        token = read_password(settings.portal_token_file, "portal_token_file", settings.profile)
        way = PostWay(settings.portal_url, token, settings.portal_ca_file, settings.portal_seconds)
        way.check()
        return way
    if settings.portal_folder is None:
        raise Rejected(Code.SETTINGS_INVALID, "a folder is needed", subject="portal_folder")
    folder = settings.portal_folder.expanduser()
    return FolderWay(folder) if settings.portal_way == "folder" else BatchWay(folder)


def _links(settings: Settings) -> Links | None:
    if not settings.portal_links:
        return None
    parts = urlsplit(settings.portal_links)
    if not (parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _OWN)) or not parts.hostname:
        raise Rejected(Code.SETTINGS_INVALID, "https:// is wanted", subject="portal_links")
    secret = read_secret(settings.portal_link_secret_file, "portal_link_secret_file", settings.profile)
    if len(secret) < SHORTEST_SECRET:
        raise Rejected(Code.SETTINGS_INVALID, "a secret has at least 32 bytes", subject="portal_link_secret_file")
    return Links(settings.portal_links, secret, settings.portal_link_days)
