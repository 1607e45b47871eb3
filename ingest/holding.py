"""The holding area: where bytes wait, encrypted, until the first look has cleared them (architecture 5.2).

One folder per batch with one key file. A stop destroys the key before anything else, so that what was held cannot be
read again even where the data blocks survive. Overwriting a key does not reach copies that a flash disk or a
copy-on-write file system keeps: docs/operations say to put the holding area on an encrypted volume, outside backups.
"""

from __future__ import annotations

import errno
import hashlib
import hmac
import io
import os
import re
import secrets
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from dossier.errors import Code, Rejected, Unavailable
from ingest.copying import HashedFile, Sink
from ingest.sealing import CHUNK, KEY_BYTES, seal, unseal

_BATCH = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,99}")
_KEY, _DATA = "key", "data"


class Holding:
    """Encrypted bytes by batch and name. Names may be any text: on disk they are keyed digests.

    Args:
        root: Folder of the holding area; made with mode 0700 when it is missing.

    All methods raise Unavailable(DISK_FULL) when the volume is full and Unavailable(STORE_UNAVAILABLE) when it
    fails otherwise; a batch or name that is not there is Rejected(OBJECT_MISSING). Any number of processes may
    work on one area.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        with _world():
            root.mkdir(mode=0o700, parents=True, exist_ok=True)

    def open_batch(self, batch_id: str) -> None:
        """Make the batch and its key; nothing happens when it is there. Remains of a destruction are removed first."""
        folder = self._folder(batch_id)
        with _world():
            if folder.exists() and not (folder / _KEY).exists():
                shutil.rmtree(folder, ignore_errors=True)
            (folder / _DATA).mkdir(mode=0o700, parents=True, exist_ok=True)
            folder.chmod(0o700)
            _make_key(folder)
            _sync_folder(self._root)

    def put(self, batch_id: str, name: str, data: bytes | BinaryIO) -> None:
        """Hold bytes, or all that a stream gives, under a name. The same name again replaces them as a whole."""
        self._put(batch_id, name, [data] if isinstance(data, bytes) else iter(lambda: data.read(CHUNK), b""))

    def put_file(self, batch_id: str, name: str, path: Path) -> tuple[str, int]:
        """Hold a delivered file and return its lower-case hex SHA-256 and size, from one reading.

        Raises:
            Rejected: As `ingest.copying.copy_hashed`; nothing is held then.
        """
        source = HashedFile(path)
        self._put(batch_id, name, source.chunks())
        return source.sha256, source.size

    def get(self, batch_id: str, name: str) -> bytes:
        """Return the held bytes.

        Raises:
            Rejected: OBJECT_MISSING; OBJECT_DAMAGED when they are not what was put.
        """
        buffer = io.BytesIO()
        self.stream_to(batch_id, name, buffer)
        return buffer.getvalue()

    def stream_to(self, batch_id: str, name: str, target: Sink) -> int:
        """Write the held bytes to a target in chunks of one MiB and return their number.

        Raises:
            Rejected: OBJECT_MISSING; OBJECT_DAMAGED, then the target has got a part that must be thrown away.
        """
        key = self._key(batch_id)
        size = 0
        with _held(self._place(batch_id, name, key)) as sealed:
            for chunk in unseal(sealed, key, _context(name)):
                target.write(chunk)
                size += len(chunk)
        return size

    def has(self, batch_id: str, name: str) -> bool:
        """Return whether something is held under the name (False too when the batch is not there)."""
        try:
            return self._place(batch_id, name, self._key(batch_id)).exists()
        except Rejected:
            return False

    def destroy(self, batch_id: str) -> None:
        """Make the batch unreadable for ever, then remove it. Safe to repeat after a crash in between."""
        key_file = self._folder(batch_id) / _KEY
        with _world(), suppress(FileNotFoundError):
            _overwrite(key_file)
            key_file.unlink()
            _sync_folder(key_file.parent)
        self.purge(batch_id)

    def purge(self, batch_id: str) -> None:
        """Remove the batch after its content was promoted. Nothing happens when it is not there."""
        folder = self._folder(batch_id)
        with _world():
            with suppress(FileNotFoundError):
                (folder / _KEY).unlink()
            with suppress(FileNotFoundError):
                shutil.rmtree(folder)
            _sync_folder(self._root)

    def batches(self) -> list[str]:
        """Return the batches that are held, those with an unfinished destruction among them."""
        with _world():
            return sorted(entry.name for entry in self._root.iterdir() if _BATCH.fullmatch(entry.name))

    def _put(self, batch_id: str, name: str, pieces: Iterable[bytes]) -> None:
        key = self._key(batch_id)
        target = self._place(batch_id, name, key)
        with _world():
            _write_whole(target, seal(pieces, key, _context(name)))

    def _folder(self, batch_id: str) -> Path:
        if not _BATCH.fullmatch(batch_id):
            raise ValueError("a batch id is letters, digits, - and _")
        return self._root / batch_id

    def _key(self, batch_id: str) -> bytes:
        with _held(self._folder(batch_id) / _KEY) as stream:
            key = stream.read()
        if len(key) != KEY_BYTES:
            raise Rejected(Code.OBJECT_DAMAGED, "batch key has a wrong size", subject=batch_id)
        return key

    def _place(self, batch_id: str, name: str, key: bytes) -> Path:
        # A plain digest of a file name could be guessed from a list of names; a keyed one dies with its key.
        digest = hmac.new(key, b"name\0" + _context(name), hashlib.sha256).hexdigest()
        return self._folder(batch_id) / _DATA / digest


def _context(name: str) -> bytes:
    return name.encode("utf-8", "surrogatepass")


def _make_key(folder: Path) -> None:
    """Write a new key whole, and never over one that another process has just made."""
    if (folder / _KEY).exists():
        return
    draft = folder / f"key.{secrets.token_hex(8)}"
    try:
        _write_new(draft, [secrets.token_bytes(KEY_BYTES)])
        with suppress(FileExistsError):
            os.link(draft, folder / _KEY)
    finally:
        draft.unlink(missing_ok=True)
    _sync_folder(folder)


def _write_whole(target: Path, pieces: Iterable[bytes]) -> None:
    draft = target.with_name(f"{target.name}.{secrets.token_hex(8)}")
    try:
        _write_new(draft, pieces)
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)
    _sync_folder(target.parent)


def _write_new(path: Path, pieces: Iterable[bytes]) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:
        for piece in pieces:
            stream.write(piece)
        stream.flush()
        os.fsync(stream.fileno())


def _overwrite(path: Path) -> None:
    with path.open("r+b") as stream:
        stream.write(secrets.token_bytes(KEY_BYTES))
        stream.flush()
        os.fsync(stream.fileno())


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _held(path: Path) -> Iterator[BinaryIO]:
    with _world():
        try:
            stream = path.open("rb")
        except FileNotFoundError as exc:
            raise Rejected(Code.OBJECT_MISSING, "not in the holding area") from exc
    with stream:
        yield stream


@contextmanager
def _world() -> Iterator[None]:
    try:
        yield
    except OSError as exc:
        full = exc.errno in {errno.ENOSPC, errno.EDQUOT}
        code = Code.DISK_FULL if full else Code.STORE_UNAVAILABLE
        raise Unavailable(code, f"holding area: {exc.strerror}") from exc
