"""Settings: environment variables `HOSOSO_*` over `hososo.toml` in the home folder over defaults (docs/settings.md)."""

from __future__ import annotations

import os
import sys
import tomllib
from enum import StrEnum
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from dossier.errors import Code, Rejected
from ocr.settings import Step
from signing.port import Scheme
from storage.port import LockMode


class Profile(StrEnum):
    """`demo` works with development keys and says so everywhere; `production` refuses them."""

    DEMO = "demo"
    PRODUCTION = "production"


class Settings(BaseSettings):
    """All settings of one installation. Secrets are named by file, never written here."""

    model_config = SettingsConfigDict(env_prefix="HOSOSO_", extra="forbid", frozen=True)

    home: Path = Field(default=Path("~/.hososo"), description="Folder that holds all state")
    profile: Profile = Field(default=Profile.DEMO, description="`demo` or `production`")
    database_url: str = Field(default="", description="SQLAlchemy URL of the catalogue; empty: SQLite in the home")
    database_password_file: Path | None = Field(default=None, description="File that holds the database password")
    broker_url: str = Field(
        default="", description="`amqp://user@host/vhost` or `redis://host/0`; empty: workers poll the catalogue"
    )
    broker_password_file: Path | None = Field(default=None, description="File that holds the broker password")
    s3_endpoint: str = Field(default="", description="URL of the S3 server of the archive; empty: a folder in the home")
    s3_bucket: str = Field(default="hososo-archive", description="Bucket of the archive: versioning and object lock on")
    s3_holding_bucket: str = Field(
        default="", description="Bucket of the holding area, without versioning and lock; empty: a folder in the home"
    )
    s3_holding_secret_file: Path | None = Field(
        default=None, description="File with a long random text that seals the keys of the holding bucket, on all hosts"
    )
    s3_region: str = Field(default="us-east-1", description="Region that requests are signed for")
    s3_access_key_file: Path | None = Field(default=None, description="File that holds the S3 access key")
    s3_secret_key_file: Path | None = Field(default=None, description="File that holds the S3 secret key")
    s3_ca_file: Path | None = Field(default=None, description="PEM file of the authority that the S3 server's TLS has")
    lock_days: int = Field(
        default=0, ge=0, le=36_500, description="Days that archived objects are locked against deletion; 0: not at all"
    )
    lock_mode: LockMode = Field(
        default=LockMode.GOVERNANCE, description="`governance`: an administrator may lift a lock; `compliance`: nobody"
    )
    place: str = Field(
        default="", max_length=64, description="Name of this host, where its folders are its own; empty: all see them"
    )
    grace: float = Field(default=30.0, ge=0, le=1500, description="Seconds that workers get to finish at the end")
    workers: int = Field(default=0, ge=0, le=256, description="Worker processes; 0: one per processor core")
    engine: Literal["tesserocr", "pytesseract"] = Field(
        default="tesserocr", description="Reading engine: `tesserocr` or `pytesseract`"
    )
    reading_without: frozenset[Step] = Field(
        default=frozenset(), description="Steps of preparing a page for reading to leave out; the scan is never altered"
    )
    read_again: bool = Field(
        default=True, description="Read numbers and days that are in doubt a second time, larger and with digits alone"
    )
    tessdata: Path | None = Field(default=None, description="Folder with vie.traineddata; empty: the usual places")
    search: Literal["tantivy", "fts5"] = Field(default="tantivy", description="Search index: `tantivy` or `fts5`")
    agency: str = Field(default="CƠ QUAN THỬ NGHIỆM", description="Agency that signs, as shown in the signature")
    form_of_copy: str = Field(default="SAO Y", description="Form of copy shown in the signature")
    replacing: Literal["approved", "free"] = Field(
        default="approved",
        description="Whether a later delivery replaces signed documents once approved (`approved`) or at once (`free`)",
    )
    procedures_file: Path | None = Field(default=None, description="Own list of procedures (TTHC)")
    units_file: Path | None = Field(default=None, description="Own list of units")
    saturdays: Literal["off", "worked"] = Field(
        default="off", description="Whether Saturdays count as working days of deadlines: `off`, `worked`"
    )
    key_file: Path | None = Field(default=None, description="PKCS#12 file of the agency's signing key")
    key_passphrase_file: Path | None = Field(default=None, description="File that holds the passphrase of key_file")
    rsa_scheme: Literal[Scheme.RSA_PKCS1, Scheme.RSA_PSS] | None = Field(
        default=None, description="How RSA keys sign: `rsassa_pkcs1v15` or `rsassa_pss`; empty: the rule in force"
    )
    token_driver: Path | None = Field(default=None, description="PKCS#11 library of the token's or HSM's maker")
    token_label: str = Field(default="", description="Label of the token; empty: any")
    token_serial: str = Field(default="", description="Serial number of the token; needed where labels are equal")
    token_key_label: str = Field(default="", description="Label of the key; empty: any")
    token_key_id: str = Field(
        default="", pattern="^([0-9a-fA-F]{2})*$", description="Identifier (CKA_ID) of the key in hexadecimal digits"
    )
    token_certificate_file: Path | None = Field(
        default=None, description="PEM file of the key's certificate and its issuers, where the token lacks them"
    )
    token_pin: str = Field(
        default="prompt", description="Where the PIN comes from: `prompt`, `env:NAME`, `fd:NUMBER` or `file:PATH`"
    )
    token_seconds: float = Field(default=30, gt=0, le=600, description="Seconds that one call to the token may take")
    signing_roles: Literal["agency", "officer,agency"] = Field(
        default="agency",
        description="Who signs: `agency`, or `officer,agency` where the officer who compared signs before it",
    )
    officer_key_file: Path | None = Field(
        default=None, description="PKCS#12 file of the key of the officer who compared, where it is kept here"
    )
    officer_key_passphrase_file: Path | None = Field(
        default=None, description="File that holds the passphrase of officer_key_file"
    )
    officer_certificates: Path | None = Field(
        default=None,
        description="PEM file of the certificates, and their issuers, of officers who compare and sign from elsewhere",
    )
    tsa_url: str = Field(default="", description="URL of the time-stamp authority (RFC 3161)")
    signing_level: Literal["B-T", "B-LT", "B-LTA"] = Field(
        default="B-LTA",
        description="PAdES level of what is signed here; one below B-LTA does not last: only on purpose",
    )
    ocsp_url: str = Field(
        default="", description="OCSP responder asked in place of the one that certificates name; empty: as they say"
    )
    crl_urls: tuple[str, ...] = Field(
        default=(), description="Addresses of CRLs, for certificates that name none or none that answers"
    )
    trust_anchors: Path | None = Field(default=None, description="PEM file of the root certificates to trust")
    intermediates: Path | None = Field(
        default=None, description="PEM file of issuing certificates that signers or time stamps leave out"
    )
    fixity_days: float = Field(default=90, gt=0, le=3650, description="Every stored object is read within so many days")
    fixity_sample: float = Field(default=0.01, ge=0, le=1, description="Share of all objects read at random each day")
    fixity_rate: float = Field(
        default=50, ge=0, description="Megabytes a second that a scrub reads at most; 0: no limit"
    )
    fixity_grace_days: float = Field(default=7, ge=0, description="Days after fixity_days before a scrub is overdue")
    second_copy: Path | None = Field(
        default=None,
        description="Folder with a second copy of the objects, such as `hososo backup` makes, to mend from",
    )
    log: str = Field(default="", description="Log file; `-`: standard error; empty: log/hososo.log in the home")
    metrics_listen: str = Field(
        default="", description="`HOST:PORT` that `hososo worker` shows its own metrics on; empty: nowhere"
    )
    signing_certificates: Path | None = Field(
        default=None,
        description="PEM file of the certificates, and their issuers, whose keys may sign from elsewhere",
    )
    signing_token_file: Path | None = Field(
        default=None, description="File with the access token of signing agents; with it `hososo serve` has a desk"
    )
    signing_service: str = Field(
        default="", description="URL of a signing service that holds the key of signing_certificates (https)"
    )
    signing_service_token_file: Path | None = Field(
        default=None, description="File with the access token of signing_service"
    )
    signing_service_ca_file: Path | None = Field(
        default=None, description="PEM file of the authority of its TLS certificate; empty: the system's"
    )
    signing_most: int = Field(default=200, ge=1, le=2000, description="Documents that one signing session may take")
    signing_minutes: float = Field(default=30, gt=0, le=480, description="Minutes that a signing session lasts")
    site_address: str = Field(
        default="",
        max_length=200,
        pattern=r"^(https?://[A-Za-z0-9.:\[\]/_-]+)?$",
        description="Address of the web pages (https://…) in the QR of marked copies; empty: it holds the code alone",
    )
    oidc_issuer: str = Field(
        default="",
        max_length=500,
        description="Address of the office's identity provider (OpenID Connect, https); empty: passwords alone",
    )
    oidc_client_id: str = Field(default="", max_length=255, description="What that provider calls this installation")
    oidc_client_secret_file: Path | None = Field(
        default=None,
        description="File with the secret that the provider has given; empty: a public client (PKCE alone)",
    )
    oidc_label: str = Field(
        default="",
        max_length=60,
        description="What people call the provider, on the sign-in page; empty: a general word",
    )
    oidc_claim: str = Field(
        default="preferred_username",
        pattern="^[A-Za-z0-9_.:/-]{1,100}$",
        description="Claim of the ID token by which a person is known at the first sign-in (e.g. `email`, `sub`)",
    )
    oidc_second_factor: str = Field(
        default="",
        description="Values of `amr` or `acr`, by comma, that stand for a second factor; empty: codes are asked here",
    )
    oidc_minutes: float = Field(
        default=0, ge=0, le=1440, description="Minutes since somebody has last signed in at the provider; 0: any"
    )
    oidc_ca_file: Path | None = Field(
        default=None, description="PEM file of the authority of the provider's TLS certificate; empty: the system's"
    )
    oidc_seconds: float = Field(
        default=10, gt=0, le=60, description="Seconds that one question to the provider may take"
    )
    second_person_kinds: str = Field(
        default="", description="Kinds of documents, by comma, that two persons have to confirm alike; `*`: every kind"
    )
    second_person_fields: str = Field(
        default="", description="Names of fields, by comma, that two persons have to confirm alike"
    )
    second_person_dispute: Literal["third", "back"] = Field(
        default="third", description="Where two do not agree: `third` decides, or `back`: the document is asked anew"
    )
    sample_percent: float = Field(
        default=2, gt=0, le=100, description="Share of a day's unquestioned documents that is drawn for a person's look"
    )
    signing_prepared_only: bool = Field(
        default=False, description="Agents get only the batches that somebody has prepared on the signing desk's page"
    )
    portal_way: Literal["", "folder", "csv", "http"] = Field(
        default="",
        description="How dossiers go back to the one-stop software: `folder`, `csv`, `http`; empty: not at all",
    )
    portal_folder: Path | None = Field(
        default=None, description="Folder that packages or batch files are put into, for `folder` and `csv`"
    )
    portal_url: str = Field(default="", description="Address that packages are posted to, for `http` (https)")
    portal_token_file: Path | None = Field(default=None, description="File with the access token of portal_url")
    portal_ca_file: Path | None = Field(
        default=None, description="PEM file of the authority of its TLS certificate; empty: the system's"
    )
    portal_seconds: float = Field(
        default=30, gt=0, le=300, description="Seconds that posting one package and its answer may take"
    )
    portal_links: str = Field(
        default="",
        description="Address at which the one-stop software reaches `hososo serve`, for links to the signed files",
    )
    portal_link_secret_file: Path | None = Field(
        default=None, description="File with a long random text that the tokens of links are made from, on all hosts"
    )
    portal_link_days: float = Field(default=90, gt=0, le=3650, description="Days that links last")
    listen: str = Field(default="127.0.0.1:8080", description="`HOST:PORT` that `hososo serve` answers on")

    spool: Path | None = Field(
        default=None, description="Folder for what stations and counters hand over; empty: in the home"
    )
    spool_quota: int = Field(
        default=4096, ge=1, description="Megabytes that one account's hand-overs may have waiting in it"
    )
    spool_days: float = Field(
        default=7, gt=0, le=90, description="Days after which a hand-over that nobody commits is abandoned"
    )
    tls_certificate: Path | None = Field(
        default=None, description="PEM file of the certificate, with its issuers, that `hososo serve` shows to browsers"
    )
    tls_key: Path | None = Field(default=None, description="PEM file of the key of `tls_certificate`")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Let the environment win over the file, whose values come in as initial ones."""
        del settings_cls, dotenv_settings, file_secret_settings
        return env_settings, init_settings

    @property
    def url(self) -> str:
        """The catalogue's database URL."""
        return self.database_url or f"sqlite:///{self.home / 'catalogue.db'}"

    @property
    def worker_count(self) -> int:
        """How many worker processes to run."""
        if sys.platform == "win32":  # where the signing agent alone runs
            return self.workers or 1
        return self.workers or len(os.sched_getaffinity(0))


def load_settings(home: Path | None) -> Settings:
    """Return the settings of a home folder.

    Raises:
        Rejected(SETTINGS_INVALID): The file cannot be read, is not TOML, or a value is not what it must
            be; the subject names it.
    """
    folder = (home or Path(os.environ.get("HOSOSO_HOME", "~/.hososo"))).expanduser().absolute()
    try:
        values = _file_values(folder / "hososo.toml")
        settings = Settings(**values)
    except (OSError, ValueError, RecursionError) as exc:  # ValidationError, TOMLDecodeError, UnicodeDecodeError
        raise Rejected(Code.SETTINGS_INVALID, _short(exc), subject=_named(exc)) from exc
    return settings.model_copy(update={"home": folder})


def _file_values(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}


def _named(exc: Exception) -> str:
    """Return the entries that are not valid, or the file they lie in."""
    if isinstance(exc, ValidationError):
        return ", ".join(".".join(str(part) for part in e["loc"]) for e in exc.errors())
    return "hososo.toml"


def _short(exc: Exception) -> str:
    if isinstance(exc, ValidationError):
        return "; ".join(f"{'.'.join(str(part) for part in e['loc'])}: {e['type']}" for e in exc.errors())
    return str(exc) if isinstance(exc, tomllib.TOMLDecodeError) else f"hososo.toml: {type(exc).__name__}"
