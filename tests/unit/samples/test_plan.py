"""The plan of the sample dossiers against the product's own catalogues."""

import tomllib
from pathlib import Path

import pytest

from dossier.codes import parse_code
from samples import markup, register
from samples.plan import dossiers, printed_values

ROOT = Path(__file__).parents[3]
OUTSIDE_CATALOGUE = {"2.009901"}


def _components() -> dict[str, set[str]]:
    data = tomllib.loads((ROOT / "registers/data/procedures.toml").read_text(encoding="utf-8"))
    return {entry["code"]: {part["code"] for part in entry["components"]} for entry in data["procedure"]}


def _kinds() -> set[str]:
    data = tomllib.loads((ROOT / "classify/rules/kinds.toml").read_text(encoding="utf-8"))
    return set(data["kinds"])


def test_every_folder_name_is_a_dossier_code_in_one_of_the_two_forms() -> None:
    """Both printed forms of the mã hồ sơ occur, at least two of the old one."""
    codes = [plan.code for plan in dossiers(small=False)]
    assert all(parse_code(code) for code in codes)
    assert sum(code.startswith("000.") for code in codes) >= 2
    assert len(codes) == len(set(codes)) >= 12


def test_sub_folders_are_components_of_the_procedure() -> None:
    """A sub-folder that no procedure knows would make the demo show a gap that is not there."""
    known = _components()
    for plan in dossiers(small=False):
        if plan.procedure in OUTSIDE_CATALOGUE:
            continue
        named = {file.name.partition("/")[0] for file in plan.files if "/" in file.name}
        assert named <= known[plan.procedure], plan.code


@pytest.mark.parametrize("name", sorted(path.stem for path in markup.TEXTS.glob("*.txt")))
def test_every_text_has_a_kind_the_classifier_knows_and_is_used(name: str) -> None:
    """A text that is used by no dossier, or of an unknown kind, is dead weight."""
    uses = [
        (plan, paper) for plan in dossiers(small=False) for f in plan.files for paper in f.papers if paper.text == name
    ]
    assert uses
    for plan, paper in uses:
        loaded = markup.load(name, paper.values, printed_values(plan))
        assert loaded.kind in _kinds()
        assert loaded.drawing or len(loaded.blocks) > 5


def test_no_text_bears_a_secrecy_marking() -> None:
    """The default set must pass the gate that stops marked papers."""
    marked = ("MẬT", "TỐI MẬT", "TUYỆT MẬT")
    for path in markup.TEXTS.glob("*.txt"):
        lines = {line.strip("*_~# ^>") for line in path.read_text(encoding="utf-8").splitlines()}
        assert not lines & set(marked), path.name


def test_register_has_forty_dossiers_and_one_that_keeps_no_papers() -> None:
    """The register is larger than the set of papers: that is what a rate is about."""
    plans = dossiers(small=False)
    lines = register.rows(plans, 2026)
    codes = [line[1] for line in lines]
    assert len(lines) == len(set(codes)) == 40
    assert {plan.code for plan in plans} <= set(codes)
    assert sum(line[2] == "2.000815" for line in lines) == 1
    assert {"Trực tiếp", "Trực tuyến"} <= {line[9] for line in lines}


def test_another_seed_gives_another_register() -> None:
    """The seed reaches the rows that no paper belongs to."""
    plans = dossiers(small=False)
    assert register.rows(plans, 1) != register.rows(plans, 2)
    assert register.rows(plans, 1) == register.rows(plans, 1)


def test_register_falls_on_working_days() -> None:
    """Nothing is received or due on a Saturday or a Sunday."""
    for line in register.rows(dossiers(small=False), 2026):
        for moment in (line[10], line[11]):
            assert moment.isoweekday() <= 5, line[1]
