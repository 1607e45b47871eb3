"""The holding area: where bytes wait, encrypted, until the first look has cleared them (architecture 5.2).

One key per batch. A stop destroys the key before anything else, so that what was held cannot be read again even where
the data blocks survive. What destroying means on a disk and on an S3 server, and where a holding area belongs
therefore: docs/decisions/0005-holding-area.md and docs/operations.md.
"""

from __future__ import annotations

import hashlib
import hmac
import io
import re
import secrets
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO

from dossier.errors import Code, Rejected, Unavailable
from ingest.copying import HashedFile, Sink
from ingest.places import Place
from ingest.sealing import CHUNK, KEY_BYTES, seal, unseal

_BATCH = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,99}")
_KEY = "key"


class Holding:
    """Encrypted bytes by batch and name. Names may be any text: in the place they are keyed digests.

    Args:
        place: Where the sealed bytes lie: a folder of this machine, or a bucket that several hosts share.
        secret: Seals the batch keys themselves, so that whoever has the place alone reads nothing, neither in use
            nor among blocks that were given free; the same on all hosts. Empty: keys lie in the place as they are.

    All methods raise Unavailable(DISK_FULL) when the place is full and Unavailable(STORE_UNAVAILABLE) when it
    fails otherwise; a batch or name that is not there is Rejected(OBJECT_MISSING). Any number of processes may
    work on one area.
    """

    def __init__(self, place: Place, secret: bytes = b"") -> None:
        self._place = place
        self._secret = secret

    def open_batch(self, batch_id: str) -> None:
        """Make the batch and its key; nothing happens when it is there. Remains of a destruction are removed.

        Two workers may do this at the same time, one of them a zombie: one key wins, and only what was there before
        any key was is removed, never what the other has begun to put.
        """
        batch = _checked(batch_id)
        if self._place.exists(batch, _KEY):
            return
        remains = self._place.names(batch)
        if self._place.put_new(batch, _KEY, self._sealed_key(batch, secrets.token_bytes(KEY_BYTES))):
            for name in remains:
                if name != _KEY:
                    self._place.delete(batch, name)

    def has_key(self, batch_id: str) -> bool:
        """Return whether the batch is open; remains of a destruction, or of a put that came late, have no key."""
        return self._place.exists(_checked(batch_id), _KEY)

    def put(self, batch_id: str, name: str, data: bytes | BinaryIO) -> None:
        """Hold bytes, or all that a stream gives, under a name. The same name again replaces them as a whole.

        Raises:
            Rejected: OBJECT_MISSING; the batch was destroyed meanwhile, nothing of these bytes can be read.
        """
        self._put(batch_id, name, [data] if isinstance(data, bytes) else iter(lambda: data.read(CHUNK), b""))

    def put_file(self, batch_id: str, name: str, path: Path) -> tuple[str, int]:
        """Hold a delivered file and return its lower-case hex SHA-256 and size, from one reading.

        Raises:
            Rejected: As `put` and `ingest.copying.copy_hashed`; nothing is held then.
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
        with self._place.open(batch_id, _stored_name(name, key)) as sealed:
            for chunk in unseal(sealed, key, _context(name)):
                target.write(chunk)
                size += len(chunk)
        return size

    def has(self, batch_id: str, name: str) -> bool:
        """Return whether something is held under the name (False too when the batch is not there)."""
        try:
            return self._place.exists(batch_id, _stored_name(name, self._key(batch_id)))
        except Rejected:
            return False

    def forget(self, batch_id: str, name: str) -> None:
        """Remove what is held under a name; nothing happens when it is not there, or its batch is not."""
        try:
            self._place.delete(batch_id, _stored_name(name, self._key(batch_id)))
        except Rejected:
            return

    def destroy(self, batch_id: str) -> None:
        """Make the batch unreadable for ever, then remove it. Safe to repeat after a crash in between."""
        self._place.shred(_checked(batch_id), _KEY)
        self.purge(batch_id)

    def purge(self, batch_id: str) -> None:
        """Remove the batch after its content was promoted. Nothing happens when it is not there."""
        self._place.delete(_checked(batch_id), _KEY)
        self._place.remove(batch_id)

    def batches(self) -> list[str]:
        """Return the batches that are held, those with an unfinished destruction among them."""
        return sorted(batch for batch in self._place.batches() if _BATCH.fullmatch(batch))

    def _put(self, batch_id: str, name: str, pieces: Iterable[bytes]) -> None:
        key = self._key(batch_id)
        stored = _stored_name(name, key)
        self._place.put(batch_id, stored, seal(pieces, key, _context(name)))
        try:
            same = hmac.compare_digest(self._key(batch_id), key)
        except Rejected:
            same = False
        if not same:  # the batch was destroyed while we wrote: these bytes came too late to be removed with it
            self._place.delete(batch_id, stored)
            raise Rejected(Code.OBJECT_MISSING, "the batch is gone", subject=batch_id)

    def _key(self, batch_id: str) -> bytes:
        with self._place.open(_checked(batch_id), _KEY) as stream:
            key = self._opened_key(batch_id, stream) if self._secret else stream.read()
        if len(key) != KEY_BYTES:
            raise Rejected(Code.OBJECT_DAMAGED, "batch key has a wrong size", subject=batch_id)
        return key

    def _sealed_key(self, batch: str, key: bytes) -> bytes:
        return b"".join(seal([key], self._secret, _context(batch))) if self._secret else key

    def _opened_key(self, batch: str, stream: BinaryIO) -> bytes:
        try:
            return b"".join(unseal(stream, self._secret, _context(batch)))
        except Rejected as exc:
            if exc.code is not Code.OBJECT_DAMAGED:
                raise
            # A host with another secret must wait: that pages cannot be opened there says nothing about the pages.
            raise Unavailable(Code.STORE_UNAVAILABLE, "the secret does not open the batch key", subject=batch) from exc


def _checked(batch_id: str) -> str:
    if not _BATCH.fullmatch(batch_id):
        raise ValueError("a batch id is letters, digits, - and _")
    return batch_id


def _stored_name(name: str, key: bytes) -> str:
    # A plain digest of a file name could be guessed from a list of names; a keyed one dies with its key.
    return "data/" + hmac.new(key, b"name\0" + _context(name), hashlib.sha256).hexdigest()


def _context(name: str) -> bytes:
    return name.encode("utf-8", "surrogatepass")
