"""A confirmation file is written by anybody's program: whatever it holds, it is read or refused with one code."""

import json
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dossier.errors import Code, Rejected
from pipeline.confirmation import read_confirmations

GOOD = {"dossier": "H99.27.14-260211-0008", "file": "a.jpg", "page": 1, "kind": "BIEN_BAN", "fields": {"so": ["1", 2]}}


def refused(path: Path, data: bytes) -> Code:
    """Return the code that a file is refused with."""
    path.write_bytes(data)
    with pytest.raises(Rejected) as caught:
        read_confirmations(path)
    assert "\x1b" not in caught.value.detail
    return caught.value.code


def test_a_good_entry_is_read(tmp_path: Path) -> None:
    """Numbers become text; a list is several values."""
    (path := tmp_path / "c.json").write_text(json.dumps({"documents": [GOOD]}), encoding="utf-8")
    (read,) = read_confirmations(path)
    assert read.fields == {"so": ("1", "2")}


@pytest.mark.parametrize(
    "hurt",
    [
        {"page": float("inf")},
        {"page": float("nan")},
        {"page": None},
        {"page": "1" * 5000},
        {"dossier": 5},
        {"dossier": "\x1b[2J"},
        {"file": None},
        {"fields": []},
        {"fields": {"so": None}},
        {"fields": {"so": {"a": 1}}},
        {"fields": {"so": [["1"]]}},
        {"fields": {"so": "\ud800"}},
        {"fields": {"so": "1\0"}},
    ],
)
def test_wrong_types_and_numbers_are_refused(tmp_path: Path, hurt: dict[str, object]) -> None:
    """No value of an entry ends in anything but the code."""
    data = json.dumps({"documents": [GOOD | hurt]}).encode()
    assert refused(tmp_path / "c.json", data) is Code.CONFIRMATION_INVALID


@pytest.mark.parametrize(
    "data",
    [b"", b"\xff\xfe", b"[" * 300_000, b'{"documents":' + b"[" * 300_000, b'{"documents": 1}', b"null", b"9" * 5000],
    ids=["empty", "bytes", "deep", "deep inside", "number", "null", "long number"],
)
def test_what_is_no_confirmation_file_is_refused(tmp_path: Path, data: bytes) -> None:
    """Depth and length end in the same code as a missing brace."""
    assert refused(tmp_path / "c.json", data) is Code.CONFIRMATION_INVALID


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(sorted(GOOD)), inner, max_size=5),
        max_leaves=20,
    )
)
def test_any_json_is_read_or_refused(tmp_path: Path, value: object) -> None:
    """Nothing that JSON can say is a bug."""
    path = tmp_path / "c.json"
    path.write_text(json.dumps({"documents": [value]}), encoding="utf-8")
    with suppress(Rejected):
        assert all(item.code for item in read_confirmations(path))
