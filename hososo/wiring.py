"""Wiring: the one place that names adapters and turns settings into services."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import UTC, datetime

from cryptography import x509

from catalog import Catalogue
from classify.rules import load_rules
from dossier.digest import of_bytes
from dossier.errors import Code, Unavailable
from hososo.home import Home
from hososo.keys import check_roles, configured_signer, desk_policy, officer_signer
from hososo.portal import portal_channel
from hososo.recogniser import folder_in_use
from hososo.servers import catalogue_of, holding_area, object_store
from hososo.settings import Profile, Settings
from hososo.token_settings import certificates_of
from ingest.confined import BoundedTaker
from ingest.limits import Limits
from ingest.spool import Spool
from ocr.again_reader import SecondReader
from ocr.reader import BoundedReader, ReaderSettings
from pipeline.services import LockPolicy, Office, Services
from registers.reference_data import of_files
from registers.working_days import Saturdays
from search.port import SearchIndex
from signing.development_pki import DevelopmentPki, ensure_development_pki
from signing.port import RevocationSource, Signer, TimeStampAuthority
from signing.revocation_http import HttpRevocation
from signing.token import TokenSigner
from signing.tsa_http import HttpTimeStampAuthority
from signing.validation_data import Collector
from signing.verdict import Revocation, TrustPolicy
from signing.verify import Verifier
from workers.clocks import MOST_SKEW
from workers.telemetry import timed

_TSA_SECONDS, _REVOCATION_SECONDS = 20.0, 20.0


def now() -> datetime:
    """Return the time, aware, in UTC."""
    return datetime.now(UTC)


def open_catalogue(settings: Settings) -> Catalogue:
    """Return the catalogue, checked for its version.

    Raises:
        Rejected: HOME_MISSING before `hososo init`; CATALOGUE_VERSION when the schema is another program's.
    """
    Home(settings.home).check()
    catalogue = catalogue_of(settings)
    catalogue.check_version()
    return catalogue


@contextmanager
def services(settings: Settings) -> Iterator[Services]:
    """Give the services of one process; its child processes end with the block."""
    home = Home(settings.home)
    catalogue = open_catalogue(settings)
    reference = of_files(settings.units_file, settings.procedures_file, Saturdays(settings.saturdays))
    signer, tsa, trust = signing_parts(settings)
    officer, desk = _officer(settings), desk_policy(settings)
    check_roles(signer, officer, desk)
    reading = ReaderSettings(settings.engine, settings.tessdata, without=settings.reading_without)
    with ExitStack() as stack:
        stack.callback(catalogue.close)
        if isinstance(signer, TokenSigner):
            stack.callback(signer.close)
        yield Services(
            catalogue=catalogue,
            store=object_store(settings),
            holding=holding_area(settings),
            index=search_index(settings),
            scratch=home.scratch,
            spool=_spool(settings, home),
            reader=stack.enter_context(BoundedReader(reading)),
            taker=stack.enter_context(BoundedTaker(Limits())),
            limits=Limits(),
            rules=load_rules(folder_in_use(home.recognisers)),
            reference=reference,
            office=Office(settings.agency, settings.form_of_copy, settings.agency),
            verifier=stack.enter_context(Verifier()),
            trust=trust,
            signer=signer,
            tsa=timed(tsa) if tsa else None,
            collector=collector(settings, trust),
            clock=now,
            unit_name=lambda agency: reference.units.name(agency, now().date()),
            place=settings.place,
            lock_policy=LockPolicy(settings.lock_days, settings.lock_mode) if settings.lock_days else None,
            signing_level=settings.signing_level,
            approvals_needed=settings.replacing == "approved",
            desk=desk,
            officer_first=settings.signing_roles != "agency",
            officer=officer,
            portal=portal_channel(settings),
            second_reader=stack.enter_context(SecondReader(reading)) if settings.read_again else None,
        )


def _spool(settings: Settings, home: Home) -> Spool:
    """Return this host's spool: two hosts with folders of the same name must not take one for the other."""
    root = settings.spool or home.spool
    own = root / of_bytes(settings.place.encode())[:16] if settings.place else root
    return Spool(own, settings.spool_quota << 20, settings.spool_days)


def _officer(settings: Settings) -> Signer | None:
    development = _development(settings) if settings.signing_roles != "agency" else None
    if development is None or settings.officer_key_file or settings.officer_certificates:
        return officer_signer(settings)
    return development.officer


def check_clock(catalogue: Catalogue) -> None:
    """Hold this host's clock against that of the catalogue's server: leases are told by clocks.

    Raises:
        Unavailable(CLOCK_SKEW): They differ by more than `MOST_SKEW`.
    """
    skew = catalogue.clock_skew()
    if abs(skew) > MOST_SKEW:
        raise Unavailable(Code.CLOCK_SKEW, f"{skew:.0f} s")


def signing_parts(settings: Settings) -> tuple[Signer | None, TimeStampAuthority | None, TrustPolicy]:
    """Return key, time-stamp authority and trust; in the demo profile the development PKI fills what is not set.

    Raises:
        Rejected: DEVELOPMENT_KEY when production is asked to sign with a development key; SETTINGS_INVALID when its
            passphrase lies open to every account.
        Unavailable: KEY_UNAVAILABLE when key or passphrase cannot be read, KEY_TOO_WEAK. A token is not asked yet.
    """
    development = _development(settings)
    signer = configured_signer(settings)
    if signer is None and settings.signing_certificates is None and development is not None:
        signer = development.signer
    tsa: TimeStampAuthority | None = development.tsa if development else None
    if settings.tsa_url:
        tsa = HttpTimeStampAuthority(settings.tsa_url, _TSA_SECONDS)
    trust = TrustPolicy.of(
        _anchors(settings, development),
        revocation=Revocation.REQUIRED,
        timestamp_required=True,
        intermediates=_intermediates(settings),
    )
    return signer, tsa, trust


def collector(settings: Settings, trust: TrustPolicy) -> Collector:
    """Return what collects validation data: over HTTP, and in the demo profile from the development PKI too.

    Raises:
        Rejected(SETTINGS_INVALID): The file of intermediates cannot be read.
        Unavailable: KEY_UNAVAILABLE, the development PKI is damaged; SETTINGS_INVALID, an address is not http.
    """
    source: RevocationSource = HttpRevocation(_REVOCATION_SECONDS, settings.ocsp_url, settings.crl_urls)
    development = _development(settings)
    if development is not None:
        source = replace(development.revocation, others=source)
    anchors = (*trust.anchors, *trust.timestamp_anchors)
    return Collector.of(source, anchors, trust.intermediates)


def _intermediates(settings: Settings) -> list[x509.Certificate]:
    return list(certificates_of(settings.intermediates, "intermediates")) if settings.intermediates else []


def search_index(settings: Settings) -> SearchIndex:
    """Return the search index that the settings name; a new one is filled from the catalogue at its first use."""
    folder = Home(settings.home).index
    if settings.search == "fts5":
        from search.fts5_index import Fts5Index  # noqa: PLC0415 - only one of the two engines is ever loaded

        return Fts5Index(folder)
    from search.tantivy_index import TantivyIndex  # noqa: PLC0415

    return TantivyIndex(folder)


def _development(settings: Settings) -> DevelopmentPki | None:
    return ensure_development_pki(Home(settings.home).pki) if settings.profile is Profile.DEMO else None


def _anchors(settings: Settings, development: DevelopmentPki | None) -> list[x509.Certificate]:
    own = certificates_of(settings.trust_anchors, "trust_anchors") if settings.trust_anchors else []
    return [*own, *(development.anchors if development else ())]
