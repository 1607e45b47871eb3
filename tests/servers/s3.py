"""What the S3 servers of the tests have in common: an administrator and buckets."""

from __future__ import annotations

import io
import secrets
import uuid

from minio import Minio
from minio.error import MinioException
from urllib3 import PoolManager, Retry
from urllib3.exceptions import HTTPError

from storage.s3_connection import S3Settings
from tests.servers.process import Server, free_port

REGION = "us-east-1"


class S3Server(Server):
    """An S3 server on loopback with one account that may do everything."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.port = free_port()
        self.access_key, self.secret_key = "tester", secrets.token_hex(16)

    @property
    def endpoint(self) -> str:
        """Address of the S3 gateway."""
        return f"http://127.0.0.1:{self.port}"

    def serves(self) -> bool:
        """Return whether an object can be written and read: the gateway answers before the volumes are there."""
        sdk = self.sdk(quick=True)
        try:
            if not sdk.bucket_exists("ready"):
                sdk.make_bucket("ready")
            sdk.put_object("ready", "probe", io.BytesIO(b"x"), 1)
            return bool(sdk.get_object("ready", "probe").data == b"x")
        except (MinioException, HTTPError):
            return False

    def sdk(self, *, quick: bool = False) -> Minio:
        """Return the bare SDK as the administrator; quick: without second tries."""
        retries = Retry(0) if quick else Retry(3, backoff_factor=0.2, status_forcelist=[500, 503])
        http = PoolManager(timeout=5, maxsize=16, retries=retries)
        return Minio(
            endpoint=f"127.0.0.1:{self.port}",
            access_key=self.access_key,
            secret_key=self.secret_key,
            secure=False,
            region=REGION,
            http_client=http,
        )

    def make_bucket(self, name: str = "", *, locked: bool) -> S3Settings:
        """Make a bucket, with versioning and object lock where `locked`; return what a client needs to use it."""
        name = name or f"bucket-{uuid.uuid4().hex}"
        self.sdk().make_bucket(name, object_lock=locked)
        return self.settings(name)

    def settings(self, bucket: str, port: int = 0) -> S3Settings:
        """Return what a client needs to use a bucket, through another port where given (a proxy)."""
        endpoint = f"http://127.0.0.1:{port or self.port}"
        return S3Settings(endpoint, bucket, REGION, self.access_key, self.secret_key)
