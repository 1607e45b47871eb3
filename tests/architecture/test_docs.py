"""The documentation says what is: commands, options, settings, errors, functions and links all exist."""

from __future__ import annotations

import ast
import json
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from urllib.parse import unquote

import click
import pytest
from jsonschema import Draft202012Validator
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from docs import generate
from dossier.errors import Code
from dossier.wording import advice
from hososo.console import Exit
from hososo.main import COMMANDS, program
from hososo.settings import Settings

ROOT = Path(__file__).parents[2]
PAGES = sorted([*(ROOT / "docs").rglob("*.md"), ROOT / "README.md", ROOT / "CHANGELOG.md"])
IDS = [page.relative_to(ROOT).as_posix() for page in PAGES]
_FENCE = re.compile(r"^```.*?\n(.*?)^```", re.DOTALL | re.MULTILINE)
_SPAN = re.compile(r"`([^`\n]+)`")
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
_HOSTS = {"keepachangelog.com", "semver.org"}
_EXAMPLE_PATHS = ("/dev/null", "/etc/hososo/", "/mnt/backup", "/tmp/follow", "/tmp/scans")  # noqa: S108 - named in examples, not used
_GLOBAL_WITH_VALUE = {"--home", "--lang"}


def _code(page: Path) -> Iterator[str]:
    text = page.read_text(encoding="utf-8")
    for block in _FENCE.findall(text):
        yield from block.splitlines()
    yield from _SPAN.findall(_FENCE.sub("", text))


def _calls(page: Path, program_name: str) -> Iterator[list[str]]:
    """Yield the words after the program's name of every call in code blocks and code spans."""
    for line in _code(page):
        found = re.match(rf"(?:\$ )?(?:\.venv/bin/)?{program_name} (.+)", line.strip())
        if found:
            words = re.split(r"\s{2,}|\s#", found[1])[0]  # what follows is an explanation
            yield shlex.split(words)


def _anchors(page: Path) -> set[str]:
    titles = re.findall(r"^#+ (.+)$", _FENCE.sub("", page.read_text(encoding="utf-8")), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def _command(words: list[str]) -> tuple[click.Command | None, str]:
    """Return the command that a call names, None where it is a placeholder."""
    rest = list(words)
    while rest and rest[0].startswith("-"):
        del rest[: 2 if rest[0] in _GLOBAL_WITH_VALUE else 1]
    if not rest or not rest[0].islower():
        return None, " ".join(words)
    assert rest[0] in COMMANDS, words
    command: click.Command = import_module(f"hososo.commands.{rest[0].replace('-', '_')}").command
    for word in rest[1:]:
        if not isinstance(command, click.Group):
            break
        assert word in command.commands, words
        command = command.commands[word]
    return command, " ".join(words)


@pytest.mark.parametrize("page", PAGES, ids=IDS)
def test_links_resolve(page: Path) -> None:
    """Every link inside the repository leads to a file, and its anchor to a heading there."""
    for link in _LINK.findall(_FENCE.sub("", page.read_text(encoding="utf-8"))):
        if link.startswith("https://"):
            continue
        name, _, anchor = unquote(link).partition("#")
        target = (page.parent / name).resolve() if name else page
        assert target.exists(), link
        if anchor:
            assert anchor in _anchors(target), link


@pytest.mark.parametrize("page", PAGES, ids=IDS)
def test_commands_and_options_exist(page: Path) -> None:
    """Every `hososo` call that a page shows names a command, and options that the command has."""
    options_of_all = {option for parameter in program.params for option in parameter.opts}
    for words in _calls(page, "hososo"):
        command, call = _command(words)
        parameters = command.params if command else []
        known = options_of_all | {o for each in parameters for o in (*each.opts, *each.secondary_opts)}
        used = {word.partition("=")[0] for word in words if word.startswith("--")} - {"--help"}
        assert used <= known, call


@pytest.mark.parametrize("page", PAGES, ids=IDS)
def test_make_targets_exist(page: Path) -> None:
    """Every `make` call that a page shows has its target."""
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert {words[0] for words in _calls(page, "make")} <= targets


@pytest.mark.parametrize("page", PAGES, ids=IDS)
def test_nothing_of_the_workplace(page: Path) -> None:
    """Pages name only hosts and absolute paths that are meant: none of the place they were written at."""
    text = page.read_text(encoding="utf-8")
    hosts = {host for host in re.findall(r"https?://([\w.-]+)", text) if "." in host}
    assert hosts <= _HOSTS
    paths = set(re.findall(r"(?<![\w.>*…)/])/[a-z][\w.-]+/[\w./-]*", text))
    assert {path for path in paths if not path.startswith(_EXAMPLE_PATHS)} == set()


def test_readme_begins_with_the_two_commands() -> None:
    """The first screen of the README has one sentence, `make demo`, `make test`, a picture and three links."""
    screen = (ROOT / "README.md").read_text(encoding="utf-8").partition("\n## ")[0]
    assert re.search(r"^\$ make demo$", screen, re.MULTILINE)
    assert re.search(r"^\$ make test$", screen, re.MULTILINE)
    assert len(re.findall(r"!\[", screen)) == 1
    assert len(re.findall(r"(?<!!)\[[^\]]+\]\(", screen)) == 3


def test_readme_lists_every_command() -> None:
    """The README's table has every command of the program."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert all(f"| `hososo {name}" in text for name in COMMANDS)


def test_readme_names_every_system_package() -> None:
    """What `install/system.sh` asks apt for is named for people on other systems."""
    script = (ROOT / "install" / "system.sh").read_text(encoding="utf-8")
    packages = {
        name for names in re.findall(r"_packages=\(([^)]*)\)", script) for name in names.split() if name[0].isalpha()
    }
    packages |= set(re.findall(r"servers=\(([^)]*)\)", script)[0].split())
    assert packages
    assert all(f"`{name}`" in (ROOT / "README.md").read_text(encoding="utf-8") for name in packages)


@pytest.mark.parametrize("name", sorted(generate.pages()))
def test_generated_pages_are_up_to_date(name: str) -> None:
    """Running `python -m docs.generate` would change nothing."""
    assert (ROOT / "docs" / name).read_text(encoding="utf-8") == generate.pages()[name]


def test_every_error_has_its_section() -> None:
    """docs/errors.md has one section a code, with the very sentences of the catalogue in both languages."""
    text = (ROOT / "docs" / "errors.md").read_text(encoding="utf-8")
    sections = dict(re.findall(r"^## ([A-Z_]+)$(.*?)(?=^## |\Z)", text, re.DOTALL | re.MULTILINE))
    assert set(sections) == {code.value for code in Code}
    for code in Code:
        for language in ("vi", "en"):
            told = advice(code, language)
            assert told.cause in sections[code]
            assert told.cure in sections[code]


def test_families_are_those_of_the_code() -> None:
    """Wherever an error is raised by name, its family in docs/errors.md is the class that is raised."""
    raised = set(_raised())
    assert len(raised) > 40
    for family, code in raised:
        assert family in generate.family(Code(code)) or code == Code.BUG, code


def _raised() -> Iterator[tuple[str, str]]:
    for package in {path.parent for path in ROOT.glob("*/__init__.py")} - {ROOT / n for n in ("tests", "docs")}:
        for path in package.rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("Rejected", "Unavailable"):
                    yield from ((node.func.id, code) for code in _codes(node.args[0]))  # type: ignore[attr-defined]


def _codes(argument: ast.expr) -> list[str]:
    nodes = (node for node in ast.walk(argument) if isinstance(node, ast.Attribute))
    return [node.attr for node in nodes if isinstance(node.value, ast.Name) and node.value.id == "Code"]


def test_reserved_codes_are_raised_nowhere() -> None:
    """What docs/errors.md calls reserved is not used, and everything else is."""
    sources = "".join(
        path.read_text(encoding="utf-8")
        for path in ROOT.glob("*/**/*.py")
        if path.relative_to(ROOT).parts[0] not in (".venv", "tests", "docs", "demo", "build")
    )
    unused = {code for code in Code if f"Code.{code}" not in sources}
    assert unused == generate.RESERVED


def test_exit_codes_are_listed() -> None:
    """The table of exit codes has every code of the program and no other."""
    text = (ROOT / "docs" / "errors.md").read_text(encoding="utf-8")
    listed = {int(number) for number in re.findall(r"^\| (\d+) \|", text, re.MULTILINE)}
    assert listed == {value for name, value in vars(Exit).items() if name.isupper()}


def test_settings_are_listed() -> None:
    """docs/settings.md has a row for each setting, with its environment variable and its meaning."""
    text = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    for name, field in Settings.model_fields.items():
        assert f"| `{name}` | `HOSOSO_{name.upper()}` |" in text
        assert field.description
        assert field.description in text


def test_follow_a_scan_leads_through_real_functions() -> None:
    """Each station of docs/follow-a-scan.md is a function or a class of the file it names."""
    text = (ROOT / "docs" / "follow-a-scan.md").read_text(encoding="utf-8")
    stations = re.findall(r"^\|[^|]*\| `([\w/]+\.py)` \| `(\w+)` \|", text, re.MULTILINE)
    assert len(stations) > 15
    for path, name in stations:
        module = import_module(path.removesuffix(".py").replace("/", "."))
        assert hasattr(module, name), f"{path} {name}"


def test_the_clerks_guide_names_real_errors() -> None:
    """Every error that the guide explains, or sends to another one, is one of ours."""
    text = (ROOT / "docs" / "huong-dan" / "khi-co-loi.md").read_text(encoding="utf-8")
    assert set(re.findall(r"\b[A-Z]{2,}(?:_[A-Z]+)+\b", text)) <= {code.value for code in Code}


def test_every_command_has_a_schema() -> None:
    """Each command has a valid JSON Schema of what `--json` prints, and the list of schemas names it."""
    folder = ROOT / "docs" / "schemas"
    listed = (folder / "README.md").read_text(encoding="utf-8")
    names = {call for name in COMMANDS for call in _named(name)} | {"error"}
    assert {path.stem for path in folder.glob("*.json")} == names | {"confirmation-file", "signature-report"}
    for name in names:
        Draft202012Validator.check_schema(json.loads((folder / f"{name}.json").read_text(encoding="utf-8")))
        assert f"({name}.json)" in listed


def _named(name: str) -> list[str]:
    """Return a command, or those of a group, as their schemas are named."""
    return _below(name, import_module(f"hososo.commands.{name.replace('-', '_')}").command)


def _below(name: str, command: click.Command) -> list[str]:
    if not isinstance(command, click.Group):
        return [name]
    return [call for below, each in command.commands.items() for call in _below(f"{name}-{below}", each)]


def test_no_dependency_is_agpl_or_without_licence() -> None:
    """Everything that runs names a licence; none is AGPL; GPL is what is never loaded, or one of a choice."""
    licences = {name: generate.licence(each) for name, each in generate.runtime_distributions().items()}
    assert len(licences) > 40
    assert not [name for name, licence in licences.items() if licence.lower() in ("", "unknown")]
    assert not [name for name, licence in licences.items() if "AGPL" in licence or "Affero" in licence]
    chosen = {
        name: [each for each in licence.split(" OR ") if not re.search(r"(?<![LA])GPL", each)]
        for name, licence in licences.items()
    }
    assert [name for name, left in chosen.items() if not left] == ["pykcs11"]


def test_the_licences_are_those_of_everything_that_is_installed_to_run() -> None:
    """The table follows extras too: what the installer's list has for this machine is in it, and nothing else."""
    lines = (ROOT / "requirements/runtime.txt").read_text(encoding="utf-8").splitlines()
    pinned = [Requirement(line.removesuffix("\\")) for line in lines if re.match(r"[a-z].*==", line)]
    here = {canonicalize_name(each.name) for each in pinned if each.marker is None or each.marker.evaluate()}
    assert here == set(generate.runtime_distributions())


def test_copyleft_parts_of_endesive_are_not_loaded() -> None:
    """All of our packages together load neither PyKCS11 nor paramiko."""
    code = (
        "import pkgutil, sys, importlib\n"
        "for name in ('signing', 'pipeline', 'hososo'):\n"
        "    package = importlib.import_module(name)\n"
        "    for part in pkgutil.walk_packages(package.__path__, name + '.'):\n"
        "        importlib.import_module(part.name)\n"
        "assert 'endesive' in sys.modules\n"
        "print(sorted({'PyKCS11', 'paramiko'} & set(sys.modules)))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
