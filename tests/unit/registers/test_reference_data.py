"""Procedures and units: the packaged lists are sound, an office's own list replaces them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from dossier.errors import Code, Rejected
from dossier.register import RESULT_COMPONENT
from registers.procedures import by_name, load_procedures
from registers.settings import key, limits, names
from registers.units import load_units, unit_of


def test_packaged_procedures_are_sound() -> None:
    """Codes have the national form, components are usable as folder names, each with a result has one listed."""
    procedures = load_procedures()
    assert len(procedures) >= 8
    for code, procedure in procedures.items():
        assert re.fullmatch(r"\d\.\d{6}", code)
        slugs = [part.code for part in procedure.components]
        assert len(slugs) == len(set(slugs))
        assert all(re.fullmatch(r"[a-z0-9-]+", slug) for slug in slugs)
        assert procedure.has_result == (RESULT_COMPONENT in slugs)
        assert procedure.basis
        if procedure.keeps_papers:
            assert any(part.required and part.code != RESULT_COMPONENT for part in procedure.components)


def test_certified_copies_keep_no_papers() -> None:
    """Chứng thực bản sao is a flag in the list, not a hidden exclusion."""
    assert [p.name for p in load_procedures().values() if not p.keeps_papers] == ["Chứng thực bản sao từ bản chính"]


def test_names_find_procedures_without_tones() -> None:
    """A register that prints names only still finds the procedure."""
    assert by_name(load_procedures().values())[key("DANG KY KHAI SINH")] == "1.001193"


@pytest.mark.parametrize("text", ["not toml =", 'valid_from = 2026-01-01\nbasis = ""\n[[procedure]]\nname = "x"'])
def test_bad_lists_are_refused(tmp_path: Path, text: str) -> None:
    """A list that cannot be read is a setting to correct."""
    path = tmp_path / "x.toml"
    path.write_text(text, encoding="utf-8")
    for load in (load_procedures, load_units):
        with pytest.raises(Rejected) as caught:
            load(path)
        assert caught.value.code is Code.SETTINGS_INVALID


def test_units_by_agency_code() -> None:
    """A known code has its name, an unknown one its nearest unit above, a strange one none."""
    units = load_units()
    assert units["H99.27.14"].name == "UBND xã Đông Liễu"
    found = unit_of("H99.27.99", units)
    assert found is not None
    assert found.code == "H99"
    assert unit_of("H01.2", units) is None


def test_no_header_name_has_two_roles() -> None:
    """Each printed header means one thing, and what is ignored means nothing."""
    assert not set(names().roles) & names().ignored
    assert limits().rows > limits().columns
