"""One office per test, on each database that the catalogue runs on."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from catalog import Catalogue
from ingest.confined import BoundedTaker
from ingest.limits import Limits
from signing.development_pki import DevelopmentPki, ensure_development_pki
from signing.verify import Verifier
from tests.fakes.office import Children, PaperOffice, paper_office


@pytest.fixture(scope="session")
def pki(tmp_path_factory: pytest.TempPathFactory) -> DevelopmentPki:
    """Return the keys."""
    return ensure_development_pki(tmp_path_factory.mktemp("keys") / "pki", algorithm="ecdsa")


@pytest.fixture(scope="session")
def children() -> Iterator[Children]:
    """Give the child processes that take pages out of files and judge signatures: they take seconds to start."""
    with BoundedTaker(Limits()) as taker, Verifier() as verifier:
        yield Children(taker, verifier)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.server)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return the address of a catalogue at this program's version."""
    if request.param == "postgresql":
        return str(request.getfixturevalue("postgres").new_database())
    address = f"sqlite:///{tmp_path / 'catalogue.db'}"
    made = Catalogue(address)
    made.upgrade()
    made.close()
    return address


@pytest.fixture
def office(url: str, tmp_path: Path, pki: DevelopmentPki, children: Children) -> Iterator[PaperOffice]:
    """Give an office; a step that fails for no known reason fails the test."""
    catalogue = Catalogue(url)
    with capture_logs() as lines, paper_office(tmp_path, catalogue, pki, children) as opened:
        yield opened
    assert not any(line["event"] == "bug" for line in lines)
    catalogue.close()
