"""Servers: the catalogue, store, holding area and broker that the settings name; folders where they name none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from catalog import Catalogue
from dossier.errors import Code, Rejected
from hososo.home import Home
from hososo.secrets import read_password, read_secret
from hososo.settings import Settings
from ingest.holding import Holding
from ingest.places import FolderPlace
from storage.local import LocalObjectStore
from storage.port import ObjectStore

if TYPE_CHECKING:
    from dramatiq import Broker

    from storage.s3_connection import S3Settings


def catalogue_of(settings: Settings) -> Catalogue:
    """Return the catalogue that the settings name; nothing is asked of it yet."""
    return Catalogue(
        settings.url, read_password(settings.database_password_file, "database_password_file", settings.profile)
    )


def object_store(settings: Settings) -> ObjectStore:
    """Return the archive store that the settings name."""
    home = Home(settings.home)
    if not settings.s3_endpoint:
        return LocalObjectStore(home.archive)
    from storage.s3 import S3ObjectStore  # noqa: PLC0415 - an archive in a folder needs no S3 client

    return S3ObjectStore(_bucket(settings, settings.s3_bucket), home.scratch)


def prove_store(settings: Settings) -> None:
    """Prove that the buckets are what they must be, before anything is trusted to them; a folder promises nothing.

    Raises:
        Rejected(STORE_UNTRUSTED): A locked object could be deleted, shortened or replaced, or the holding bucket would
            keep what is destroyed in it.
        Unavailable: A bucket cannot be asked.
    """
    if not settings.s3_endpoint:
        return
    from storage.conformance import prove_holding, prove_locks  # noqa: PLC0415 - a folder needs no S3 client
    from storage.s3 import S3ObjectStore  # noqa: PLC0415
    from storage.s3_client import S3Client  # noqa: PLC0415

    prove_locks(S3ObjectStore(_bucket(settings, settings.s3_bucket), Home(settings.home).scratch))
    if settings.s3_holding_bucket:
        prove_holding(S3Client(_bucket(settings, settings.s3_holding_bucket)))


def holding_area(settings: Settings) -> Holding:
    """Return the holding area that the settings name.

    Raises:
        Rejected(SETTINGS_INVALID): It is the bucket of the archive, which forgets nothing.
    """
    home = Home(settings.home)
    if not settings.s3_holding_bucket:
        return Holding(FolderPlace(home.holding))
    if settings.s3_holding_bucket == settings.s3_bucket or not settings.s3_endpoint:
        raise Rejected(
            Code.SETTINGS_INVALID, "a bucket of its own on the S3 server of the archive", subject="s3_holding_bucket"
        )
    from storage.bucket_place import BucketPlace  # noqa: PLC0415
    from storage.s3_client import S3Client  # noqa: PLC0415

    place = BucketPlace(S3Client(_bucket(settings, settings.s3_holding_bucket)), home.scratch)
    return Holding(place, read_secret(settings.s3_holding_secret_file, "s3_holding_secret_file", settings.profile))


def broker_of(settings: Settings) -> Broker | None:
    """Return the broker that the settings name, or None: workers then poll the catalogue."""
    if not settings.broker_url:
        return None
    from workers.brokers import open_broker  # noqa: PLC0415 - polling workers need no broker's client

    password = read_password(settings.broker_password_file, "broker_password_file", settings.profile)
    return open_broker(settings.broker_url, password)


def _bucket(settings: Settings, name: str) -> S3Settings:
    from storage.s3_connection import S3Settings  # noqa: PLC0415

    return S3Settings(
        endpoint=settings.s3_endpoint,
        bucket=name,
        region=settings.s3_region,
        access_key=read_password(settings.s3_access_key_file, "s3_access_key_file", settings.profile),
        secret_key=read_password(settings.s3_secret_key_file, "s3_secret_key_file", settings.profile),
        ca_file=settings.s3_ca_file,
    )
