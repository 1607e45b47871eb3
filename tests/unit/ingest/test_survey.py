"""A survey lists what can be taken, names what cannot, and opens nothing."""

import os
import socket
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dossier.errors import Code, Rejected
from dossier.text import natural_key
from ingest.limits import Limits
from ingest.survey import find_dossier_folders, survey

CODE = "H15.50.05.13-261008-0975"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An empty dossier folder beside a file that is none of its business."""
    (tmp_path / "outside.pdf").write_bytes(b"x")
    made = tmp_path / CODE
    made.mkdir()
    return made


def add(folder: Path, name: str, data: bytes = b"x") -> Path:
    """Write a file below a folder."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def problems(folder: Path) -> dict[str, Code]:
    """Return the survey's problems by subject, with one good file beside them."""
    add(folder, "good.pdf")
    looked = survey(folder, Limits())
    assert [found.name for found in looked.files] == ["good.pdf"]
    return {problem.subject: problem.code for problem in looked.problems}


def test_files_come_in_natural_order_with_their_component(folder: Path) -> None:
    """Numbers count as numbers, folders name components, sizes are known."""
    for name in ["10.jpg", "2.jpg", "don/1.pdf", "Don/0.pdf", "cccd/mat 2.png", "cccd/mat 1.png"]:
        add(folder, name, b"abc")
    looked = survey(folder, Limits())
    assert [(found.name, found.component) for found in looked.files] == [
        ("2.jpg", ""), ("10.jpg", ""), ("cccd/mat 1.png", "cccd"), ("cccd/mat 2.png", "cccd"),
        ("Don/0.pdf", "Don"), ("don/1.pdf", "don"),
    ]  # fmt: skip
    assert {found.size for found in looked.files} == {3}
    assert looked.code.normal == CODE
    assert not looked.problems


def test_decomposed_name_is_composed_and_path_stays(folder: Path) -> None:
    """A name from a Mac is stored composed; the path is the one on disk."""
    name = unicodedata.normalize("NFD", "Đơn đề nghị.pdf")
    add(folder, name)
    (found,) = survey(folder, Limits()).files
    assert found.name == "Đơn đề nghị.pdf"
    assert found.path.name == name
    assert found.path.exists()


def test_two_spellings_of_one_name_are_not_mixed_up(folder: Path) -> None:
    """The second file of the same composed name is a problem, not an overwrite."""
    add(folder, unicodedata.normalize("NFC", "Đơn.pdf"))
    add(folder, unicodedata.normalize("NFD", "Đơn.pdf"))
    looked = survey(folder, Limits())
    assert [found.name for found in looked.files] == ["Đơn.pdf"]
    assert [problem.code for problem in looked.problems] == [Code.NAME_UNUSABLE]


@pytest.mark.parametrize(
    "name", ["đơn ; $(rm -rf) 'x' \"y\".pdf", "giấy 🖨.pdf", "con.pdf", "-rf.pdf", "a" * 240 + ".pdf"]
)
def test_odd_but_honest_names_are_fine(name: str, folder: Path) -> None:
    """Spaces, quotes, emoji, reserved names and long names are names."""
    add(folder, name)
    assert [found.name for found in survey(folder, Limits()).files] == [name]


def test_control_and_undecodable_characters_are_named(folder: Path) -> None:
    """Such files stay where they are; the subject can be printed."""
    add(folder, "a\nb.pdf")
    Path(os.fsdecode(os.fsencode(folder) + b"/latin\xe9.pdf")).write_bytes(b"x")
    assert problems(folder) == {"a\\nb.pdf": Code.NAME_UNUSABLE, "latin\\udce9.pdf": Code.NAME_UNUSABLE}


def test_links_that_leave_are_problems_and_links_inside_are_not(folder: Path) -> None:
    """A link out, a link to nowhere and a link in a circle are refused; a link inside says nothing new."""
    (folder / "out.pdf").symlink_to(folder.parent / "outside.pdf")
    (folder / "up").symlink_to(folder.parent, target_is_directory=True)
    (folder / "gone.pdf").symlink_to(folder / "nothing")
    (folder / "circle").symlink_to(folder / "circle")
    (folder / "inside.pdf").symlink_to(folder / "good.pdf")
    assert problems(folder) == dict.fromkeys(["out.pdf", "up", "gone.pdf", "circle"], Code.LINK_OUTSIDE)


@pytest.mark.timeout(20)
def test_pipes_and_sockets_are_never_opened(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A FIFO without a writer would hang whoever opens it."""
    os.mkfifo(folder / "pipe.pdf")
    monkeypatch.chdir(folder)
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("socket.pdf")
        assert problems(folder) == dict.fromkeys(["pipe.pdf", "socket.pdf"], Code.FILE_UNREADABLE)


def test_unfinished_and_oversized_files_are_told(folder: Path) -> None:
    """What is still being written is left for later, and is not silently forgotten."""
    for name in ["a.pdf.part", "b.TMP", "~$c.docx", ".a.pdf.Xy1"]:
        add(folder, name)
    assert set(problems(folder).values()) == {Code.FILE_CHANGED_WHILE_READ}
    add(folder, "huge.pdf", b"12345")
    strict = survey(folder, Limits(max_file_bytes=4)).problems
    assert {problem.subject: problem.code for problem in strict}["huge.pdf"] is Code.FILE_TOO_LARGE


def test_litter_of_operating_systems_is_ignored(folder: Path) -> None:
    """Thumbnails and desktop settings are nobody's papers."""
    for name in ["Thumbs.db", ".DS_Store", "desktop.ini", "._a.pdf", "__MACOSX/a.pdf", "@eaDir/b.jpg", ".git/x"]:
        add(folder, name)
    assert problems(folder) == {}


def test_folder_without_a_usable_file_is_refused(folder: Path) -> None:
    """Empty, or only with files that cannot be taken."""
    with pytest.raises(Rejected) as empty:
        survey(folder, Limits())
    assert (empty.value.code, empty.value.subject) == (Code.FOLDER_NO_PAGES, CODE)
    add(folder, "a.part")
    with pytest.raises(Rejected, match="FILE_CHANGED_WHILE_READ"):
        survey(folder, Limits())


def test_too_many_and_too_deep_are_bounded(folder: Path) -> None:
    """A folder of a million entries ends at the limit; folders in folders end at theirs."""
    for number in range(12):
        add(folder, f"{number}.pdf")
    with pytest.raises(Rejected) as caught:
        survey(folder, Limits(max_files_per_dossier=10))
    assert caught.value.code is Code.TOO_MANY_PAGES
    add(folder, "a/b/c/d.pdf")
    looked = survey(folder, Limits(max_folder_depth=2))
    assert [problem.subject for problem in looked.problems] == ["a/b/c"]


def test_dossier_folders_are_found_and_others_are_named(tmp_path: Path) -> None:
    """Both code forms are dossiers, litter is skipped, the rest is reported."""
    for name in [CODE, "000.00.15.H40-180601-0001", "H15.50.05.13-261008-0002", "not a code", ".hidden", "__MACOSX"]:
        (tmp_path / name).mkdir()
    (tmp_path / "loose.pdf").write_bytes(b"x")
    found = find_dossier_folders(tmp_path)
    assert [folder.name for folder in found.folders] == [
        "000.00.15.H40-180601-0001",
        "H15.50.05.13-261008-0002",
        CODE,
    ]
    assert [(problem.subject, problem.code) for problem in found.problems] == [("not a code", Code.FOLDER_CODE_UNKNOWN)]
    assert find_dossier_folders(tmp_path / CODE).folders == [tmp_path / CODE]


def test_missing_and_misnamed_folders_are_refused(tmp_path: Path) -> None:
    """No such folder, and a folder that is no dossier."""
    for call in (lambda: find_dossier_folders(tmp_path / "no"), lambda: survey(tmp_path / "no", Limits())):
        with pytest.raises(Rejected) as caught:
            call()
        assert caught.value.code is Code.FOLDER_NOT_FOUND
    with pytest.raises(Rejected) as caught:
        survey(tmp_path, Limits())
    assert caught.value.code is Code.FOLDER_CODE_UNKNOWN


@given(st.lists(st.text(st.sampled_from("a1B20/ đ٣"), max_size=12), max_size=8))
def test_natural_order_is_an_order(names: list[str]) -> None:
    """Any names can be sorted, and sorting twice changes nothing."""
    once = sorted(names, key=natural_key)
    assert sorted(once, key=natural_key) == once
