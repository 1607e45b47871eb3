"""The catalogue under test, on every database it runs on."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from catalog import Catalogue

DATABASES = ("sqlite",)  # PostgreSQL joins here, with a server of its own


@pytest.fixture(params=DATABASES)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return the address of an empty database."""
    assert request.param == "sqlite"
    return f"sqlite:///{tmp_path / 'catalogue.db'}"


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a database file at this program's version, to be copied: migrating each time would be slow."""
    path = tmp_path_factory.mktemp("catalogue") / "template.db"
    made = Catalogue(f"sqlite:///{path}")
    made.upgrade()
    made.close()
    return path


@pytest.fixture
def catalogue(url: str, template: Path) -> Iterator[Catalogue]:
    """Give a catalogue at this program's version."""
    shutil.copy(template, url.removeprefix("sqlite:///"))
    opened = Catalogue(url)
    yield opened
    opened.close()
