"""What the program prints as JSON is what docs/schemas/ promises."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator, ValidationError

from tests.integration.docs.conftest import ROOT, Archive, block

pytestmark = pytest.mark.timeout(900)  # the archive is made by whichever test asks for it first

SCHEMAS = ROOT / "docs" / "schemas"
OF_FILES = {"confirmation-file", "signature-report"}
COMMANDS = sorted({path.stem for path in SCHEMAS.glob("*.json")} - OF_FILES)


def _validator(name: str) -> Draft202012Validator:
    return Draft202012Validator(json.loads((SCHEMAS / f"{name}.json").read_text(encoding="utf-8")))


@pytest.mark.parametrize("name", COMMANDS)
def test_real_output_is_valid(archive: Archive, name: str) -> None:
    """Real output of every command, and of an error, passes its schema."""
    _validator(name).validate(archive.printed[name])


@pytest.mark.parametrize("name", COMMANDS)
def test_a_field_more_or_less_is_not_valid(archive: Archive, name: str) -> None:
    """The schemas are strict: a field that is missing, or that they do not know, does not pass."""
    validator, printed = _validator(name), archive.printed[name]
    for changed in ({**printed, "unheard_of": 1}, dict(list(printed.items())[:-1])):
        with pytest.raises(ValidationError):
            validator.validate(changed)


def test_the_output_says_something(archive: Archive) -> None:
    """The lists that the schemas describe are not empty in what was validated."""
    printed = archive.printed
    assert printed["search"]["hits"]
    assert printed["show"]["documents"][0]["fields"]
    assert printed["verify"]["findings"]
    assert printed["report"]["causes"]
    assert printed["backup"]["objects"] == printed["restore"]["objects"] > 0
    assert printed["rebuild"]["comparison"]["differences"] == 0


def test_judged_files_are_valid_output(archive: Archive, tmp_path: Path) -> None:
    """`verify FILE` over a signed PDF and over a file without signature passes the schema."""
    signed = next((archive.export / "ban-ky").glob("*.pdf"))
    plain = tmp_path / "plain.pdf"
    plain.write_bytes(signed.read_bytes().replace(b"/ByteRange", b"/Bytesrange"))
    done = archive.call("--json", "verify", str(signed), str(plain))
    printed = json.loads(done.stdout)
    _validator("verify").validate(printed)
    for judged in printed["files"]:
        _validator("signature-report").validate({key: value for key, value in judged.items() if key != "file"})
    sound, broken = (each["verdict"] for each in printed["files"])
    assert sound == "valid"
    assert broken != "valid"


def test_the_archive_keeps_what_was_said_of_its_signatures(archive: Archive) -> None:
    """Beside each document lies a report that passes its schema and is about the document's bytes."""
    for document in archive.printed["show"]["documents"]:
        by_role = {each["role"]: each for each in document["renditions"]}
        kept = json.loads((archive.home / "archive" / by_role.pop("report")["key"]).read_bytes())
        _validator("signature-report").validate(kept)
        by_role.pop("evidence", None)
        assert [kept["sha256"]] == [each["sha256"] for each in by_role.values()]
        assert kept["verdict"] == "valid"


def test_a_set_aside_file_is_valid_output(archive: Archive, tmp_path: Path) -> None:
    """`digitise` and `status` pass their schemas with a problem in them, and end with 3."""
    home, scans = tmp_path / "home", tmp_path / "scans" / "H99.27.14-260211-0008"
    scans.mkdir(parents=True)
    (scans / "trang.pdf").write_bytes(b"")
    outside = Archive(home, archive.samples, tmp_path, {})
    outside.call("init")
    for command in (("digitise", str(scans.parent)), ("status",)):
        done = outside.call("--json", *command)
        printed = json.loads(done.stdout)
        _validator(command[0]).validate(printed)
        assert done.returncode == 3
        problems = printed.get("status", printed)["problems"]
        assert "FILE_EMPTY" in {problem["code"] for problem in problems}


def test_the_confirmation_file_is_as_described(archive: Archive, tmp_path: Path) -> None:
    """The example of docs/confirmation-file.md passes the schema and is accepted; so does the samples' file."""
    text = block("confirmation-file.md", "confirmation")
    validator = _validator("confirmation-file")
    validator.validate(json.loads(text))
    validator.validate(json.loads(archive.samples.confirmations.read_text(encoding="utf-8")))
    path = tmp_path / "xac-nhan.json"
    path.write_text(text, encoding="utf-8")
    assert archive.call("confirm", str(path), "--by", "can-bo").returncode == 0
