"""Authenticated encryption of a stream in chunks: nothing can be cut off, swapped or changed unnoticed.

The STREAM construction (Hoang, Reyhanitabar, Rogaway, Vizár 2015), as in age and Tink: AES-256-GCM per chunk, the
nonce is the chunk's number and a mark on the last chunk, the key is derived for each file from the batch key and a
random salt, so that nonces never meet under one key.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from dossier.errors import Code, Rejected

KEY_BYTES = 32
CHUNK = 1 << 20
_MAGIC = b"hososo1\n"
_SALT_BYTES = 16
_TAG_BYTES = 16


def seal(pieces: Iterable[bytes], key: bytes, context: bytes) -> Iterator[bytes]:
    """Yield the sealed form of some bytes.

    Args:
        pieces: The plain bytes, in pieces of any size.
        key: 32 bytes.
        context: What these bytes are; the same value must be given to open them.
    """
    salt = os.urandom(_SALT_BYTES)
    cipher = _cipher(key, salt)
    yield _MAGIC + salt
    number, waiting = 0, b""
    for chunk in _rechunked(pieces):
        if waiting:
            yield cipher.encrypt(_nonce(number, last=False), waiting, context)
            number += 1
        waiting = chunk
    yield cipher.encrypt(_nonce(number, last=True), waiting, context)


def unseal(sealed: BinaryIO, key: bytes, context: bytes) -> Iterator[bytes]:
    """Yield the plain bytes chunk by chunk.

    Each chunk is authentic when it comes out, but only the end proves that nothing is missing: throw away what came
    before an error.

    Raises:
        Rejected: OBJECT_DAMAGED when anything was changed, cut off or added, or key or context are others.
    """
    head = sealed.read(len(_MAGIC) + _SALT_BYTES)
    if len(head) < len(_MAGIC) + _SALT_BYTES or not head.startswith(_MAGIC):
        raise Rejected(Code.OBJECT_DAMAGED, "no header")
    cipher = _cipher(key, head[len(_MAGIC) :])
    number, chunk = 0, sealed.read(CHUNK + _TAG_BYTES)
    while True:
        following = sealed.read(CHUNK + _TAG_BYTES)
        try:
            yield cipher.decrypt(_nonce(number, last=not following), chunk, context)
        except InvalidTag as exc:
            raise Rejected(Code.OBJECT_DAMAGED, f"chunk {number} is not what was written") from exc
        if not following:
            return
        number, chunk = number + 1, following


def _cipher(key: bytes, salt: bytes) -> AESGCM:
    return AESGCM(HKDF(hashes.SHA256(), KEY_BYTES, salt, _MAGIC).derive(key))


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(11, "big") + (b"\x01" if last else b"\x00")


def _rechunked(pieces: Iterable[bytes]) -> Iterator[bytes]:
    buffer = bytearray()
    for piece in pieces:
        buffer += piece
        while len(buffer) >= CHUNK:
            yield bytes(buffer[:CHUNK])
            del buffer[:CHUNK]
    if buffer:
        yield bytes(buffer)
