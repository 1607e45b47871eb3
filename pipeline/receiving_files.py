"""Receiving the bytes of one file of a hand-over, piece by piece, over as many connections as it takes."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from catalog import hand_overs
from dossier.digest import of_file
from dossier.errors import Code, HososoError, Rejected
from dossier.handing_over import HandOver, HandOverState, ReceivedFile
from ingest.sniff import sniff
from pipeline.services import Services

_DIGESTS = {"sha256": hashlib.sha256, "sha1": hashlib.sha1}
CHECKSUMS = tuple(_DIGESTS)
"""Ways to check one piece; SHA-1 is what every client of the protocol knows, and guards against accidents only."""


@dataclass(slots=True)
class Piece:
    """One piece that is being received; pass its bytes to `write`, then `close` it."""

    own: HandOver
    file: ReceivedFile
    services: Services
    stream: BinaryIO
    checksum: tuple[str, bytes] | None
    at: int
    _digest: Any = field(default=None)

    def write(self, data: bytes) -> None:
        """Take some bytes.

        Raises:
            Rejected(FILE_TOO_LARGE): There are more than the file was said to have.
        """
        if self.at + len(data) > self.file.size:
            raise Rejected(Code.FILE_TOO_LARGE, "more than was said", subject=self.file.name)
        self.stream.write(data)
        self.at += len(data)
        if self.checksum is not None:
            self._digest = self._digest or _DIGESTS[self.checksum[0]]()
            self._digest.update(data)

    def close(self) -> ReceivedFile:
        """Make durable what came; return the file with it.

        Raises:
            Rejected: UPLOAD_DIGEST, the piece has not the checksum that was stated, or the whole file not its digest:
                what is wrong is thrown away. TYPE_UNKNOWN and the like: it is no file that can be digitised.
        """
        if self.checksum is not None and (self._digest is None or self._digest.digest() != self.checksum[1]):
            raise Rejected(Code.UPLOAD_DIGEST, "the piece", subject=self.file.name)
        self.stream.flush()
        os.fsync(self.stream.fileno())
        is_whole = self.at == self.file.size
        if is_whole:
            self._check_whole()
        with self.services.catalogue.write() as tx:
            hand_overs.set_received(tx, self.file.id, self.at, is_whole=is_whole)
            found = hand_overs.file(tx, self.file.hand_over_id, self.file.id)
        if found is None:  # taken back meanwhile
            raise Rejected(Code.PAGE_UNKNOWN)
        if is_whole and self.services.first_looks is not None:
            self.services.first_looks.want(self.own, found)
        return found

    def _check_whole(self) -> None:
        try:
            _check_whole(self.services.spool.part(self.file.id), self.file)
        except Rejected:
            self.stream.truncate(0)
            with self.services.catalogue.write() as tx:
                hand_overs.set_received(tx, self.file.id, 0, is_whole=False)
            raise


def _check_whole(path: Path, file: ReceivedFile) -> None:
    if of_file(path)[0] != file.sha256:
        raise Rejected(Code.UPLOAD_DIGEST, "the file", subject=file.name)
    sniff(path, file.name)


@contextmanager
def receiving(
    own: HandOver, file: ReceivedFile, offset: int, checksum: tuple[str, bytes] | None, services: Services
) -> Iterator[Piece]:
    """Give a piece of a file from an offset on. Whatever is not closed is thrown away.

    Raises:
        Rejected: HAND_OVER_CONFLICT, the hand-over is not open; UPLOAD_OFFSET, the file goes on elsewhere.
        Unavailable: UPLOAD_BUSY; SPOOL_FULL.
    """
    with services.spool.receiving(file.id) as stream:
        with services.catalogue.read() as tx:  # again: whoever had the file before may have added to it
            present, now = hand_overs.find(tx, own.id), hand_overs.file(tx, own.id, file.id)
        if present is None or present.state is not HandOverState.OPEN or now is None:
            raise Rejected(Code.HAND_OVER_CONFLICT, "not open", subject=own.id)
        if offset != min(now.received, stream.seek(0, os.SEEK_END)):
            raise Rejected(Code.UPLOAD_OFFSET, f"{offset}", subject=file.name)
        stream.truncate(offset)
        stream.seek(offset)
        yield Piece(own, now, services, stream, checksum, offset)


def received_whole(own: HandOver, file: ReceivedFile, data: Iterator[bytes], services: Services) -> ReceivedFile:
    """Receive a file at once, from the beginning; as `receiving` and `Piece` otherwise.

    Raises:
        HososoError: As they do; the file is taken back then.
    """
    if file.is_whole:
        return file
    try:
        with receiving(own, file, 0, None, services) as piece:
            for chunk in data:
                piece.write(chunk)
            return piece.close()
    except HososoError:
        with services.catalogue.write() as tx:
            hand_overs.remove_file(tx, file.id)
        services.spool.drop(file.id)
        raise
