"""One office per test, one development PKI for all."""

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


@pytest.fixture
def office(tmp_path: Path, catalogue: Catalogue, pki: DevelopmentPki, children: Children) -> Iterator[PaperOffice]:
    """Give an office on each database.

    A step that fails for no known reason fails the test, unless it is what the test is about.
    """
    with capture_logs() as lines, paper_office(tmp_path, catalogue, pki, children) as opened:
        yield opened
    assert any(line["event"] == "bug" for line in lines) is opened.bugs_expected


@pytest.fixture
def fresh(empty_url: str) -> Iterator[Catalogue]:
    """Give an empty catalogue on the same kind of database."""
    opened = Catalogue(empty_url)
    opened.upgrade()
    yield opened
    opened.close()
