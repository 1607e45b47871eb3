"""The way over a folder: each package a folder of its own with its message, the signed files and their digests."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Sequence
from pathlib import Path

from dossier.errors import Code, HososoError, Rejected
from dossier.portal import Answer, Outcome
from registers.portal.message import FILES_FOLDER
from registers.portal.port import Attachment, Parcel, Reply
from registers.portal.whole import check_folder, write_folder, write_into

_CHUNK = 1 << 20
MESSAGE_NAME, SUMS_NAME = "goi.json", "SHA256SUMS"


class FolderWay:
    """Puts packages into a folder that the other side empties.

    Args:
        folder: It; has to be there, so that a network drive that is away is not taken for an empty one.
    """

    name = "folder"
    asks = False
    carries_files = True

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def send(self, parcels: Sequence[Parcel]) -> list[Reply]:
        """Write packages; each is handed over by itself."""
        self.check()
        return [self._sent(parcel) for parcel in parcels]

    def check(self) -> None:
        """Raise Unavailable(PORTAL_UNAVAILABLE) unless the folder is there and can be written."""
        check_folder(self._folder)

    def _sent(self, parcel: Parcel) -> Reply:
        target = self._folder / f"{parcel.code}-v{parcel.version}-{parcel.key[:12]}"
        try:
            write_folder(target, lambda part: _fill(part, parcel))
        except HososoError as exc:
            return exc
        return Answer(Outcome.RECEIVED)


def _fill(part: Path, parcel: Parcel) -> None:
    data = json.dumps(parcel.message, ensure_ascii=False, indent=1).encode() + b"\n"
    write_into(part / MESSAGE_NAME, data)
    sums = [f"{hashlib.sha256(data).hexdigest()}  {MESSAGE_NAME}\n"]
    for attachment in parcel.attachments:
        _copy(attachment, part / FILES_FOLDER)
        sums.append(f"{attachment.sha256}  {FILES_FOLDER}/{attachment.name}\n")
    write_into(part / SUMS_NAME, "".join(sums).encode())


def _copy(attachment: Attachment, folder: Path) -> None:
    """Copy a file and compare its digest on the way: nothing damaged is passed off."""
    folder.mkdir(exist_ok=True)
    digest = hashlib.sha256()
    with attachment.open() as source, (folder / attachment.name).open("wb") as sink:
        while piece := source.read(_CHUNK):
            digest.update(piece)
            sink.write(piece)
        sink.flush()
        os.fsync(sink.fileno())
    if digest.hexdigest() != attachment.sha256:
        raise Rejected(Code.OBJECT_DAMAGED, "the digest differs", subject=attachment.sha256)
