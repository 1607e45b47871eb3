"""Segments of the access log as bytes: what is none is refused, whatever lies in a store."""

from __future__ import annotations

import hashlib

import pytest

from dossier.errors import Code, Rejected
from pipeline.access_log import from_object
from pipeline.sealing import merkle_root, path_of_last


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff",
        b"[]\n",
        b'{"#":"hososo-access-log 1"}\n',
        b'{"#":"hososo-access-log 1","number":1,"first":1,"last":9,"lines":1,"previous":"","head":"","closed_at":""}\n',
        b"[" * 100_000,
    ],
)
def test_bytes_that_are_no_segment_are_refused(data: bytes) -> None:
    """Whatever lies in a store."""
    with pytest.raises(Rejected) as caught:
        from_object(data)
    assert caught.value.code is Code.OBJECT_DAMAGED


def test_the_path_of_the_last_leaf_leads_to_the_root() -> None:
    """For any number of leaves."""
    for count in range(1, 40):
        leaves = [hashlib.sha256(bytes([each])).digest() for each in range(count)]
        node = leaves[-1]
        for left in path_of_last(leaves):
            node = hashlib.sha256(b"\x01" + left + node).digest()
        assert node == merkle_root(leaves)
