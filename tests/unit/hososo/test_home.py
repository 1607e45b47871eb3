"""The home is nobody else's to read and never taken for papers."""

import resource
import stat
from pathlib import Path

import pytest

from dossier.errors import Code, Rejected
from hososo.home import Home, without_core_dumps


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """Return a home that was made in a folder open to others."""
    root = tmp_path / "home"
    root.mkdir(mode=0o755)
    made = Home(root)
    made.make()
    return made


def test_folders_with_papers_are_closed_to_others(home: Home) -> None:
    """Archive, working files and log admit their owner only, whatever the home itself admits."""
    assert {stat.S_IMODE(place.stat().st_mode) for place in (home.archive, home.scratch, home.log.parent)} == {0o700}


@pytest.mark.parametrize("inner", ["archive/objects", "."])
def test_a_folder_in_the_home_is_refused(home: Home, inner: str) -> None:
    """The archive does not digitise itself."""
    with pytest.raises(Rejected) as caught, home.one_run_over(home.root / inner):
        pass
    assert caught.value.code is Code.SETTINGS_INVALID


@pytest.mark.parametrize("delivered", [".", "H99.27.14-260211-0008"])
def test_a_home_in_a_dossier_folder_is_refused(tmp_path: Path, delivered: str) -> None:
    """Its objects would be read as papers, and a stop would destroy among them."""
    home = Home(tmp_path / "H99.27.14-260211-0008" / "x" / "home")
    home.root.parent.mkdir(parents=True)
    home.make()
    with pytest.raises(Rejected) as caught, home.one_run_over(tmp_path / delivered):
        pass
    assert caught.value.code is Code.SETTINGS_INVALID


def test_a_home_beside_the_dossier_folders_is_fine(home: Home) -> None:
    """A delivery may hold the home as one folder among others: its name is no dossier code."""
    with home.one_run_over(home.root.parent):
        assert (home.root / "locks").is_dir()


def test_memory_is_never_dumped() -> None:
    """A crash leaves no core file with pages in clear."""
    without_core_dumps()
    assert resource.getrlimit(resource.RLIMIT_CORE) == (0, 0)
