"""The migrations make the schema that the program describes, and making it twice changes nothing."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine, create_engine, inspect, text

from catalog import Catalogue
from catalog.schema import metadata
from dossier.errors import Code, Rejected


@pytest.fixture
def described(empty_url: str) -> Iterator[Engine]:
    """Give a database made straight from the description."""
    engine = create_engine(empty_url)
    metadata.create_all(engine)
    yield engine
    engine.dispose()


def test_the_migrated_schema_is_the_described_one(catalogue: Catalogue) -> None:
    """Tables, columns, types, indexes and constraints do not differ."""
    with catalogue.read() as tx:
        context = MigrationContext.configure(tx, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []


def test_the_migrated_defaults_are_the_described_ones(catalogue: Catalogue, described: Engine) -> None:
    """Column defaults, which Alembic does not compare well, are the same too."""
    with catalogue.read() as migrated, described.connect() as fresh:
        for table in metadata.tables:
            columns = [
                {column["name"]: column["default"] for column in inspect(connection).get_columns(table)}
                for connection in (migrated, fresh)
            ]
            assert columns[0] == columns[1], table


def test_a_second_upgrade_changes_nothing(catalogue: Catalogue) -> None:
    """The schema version is recorded once, and what is stored stays."""
    with catalogue.write() as tx:
        tx.execute(text("INSERT INTO seal (at, root, heads, previous) VALUES ('t', 'r', '{}', '')"))
    catalogue.upgrade()
    catalogue.check_version()
    with catalogue.read() as tx:
        assert tx.execute(text("SELECT count(*) FROM seal")).scalar() == 1
        assert tx.execute(text("SELECT count(*) FROM alembic_version")).scalar() == 1


def test_a_schema_of_another_program_is_refused(catalogue: Catalogue) -> None:
    """A version that this program does not know is not worked on."""
    with catalogue.write() as tx:
        tx.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(Rejected) as caught:
        catalogue.check_version()
    assert caught.value.code is Code.CATALOGUE_VERSION


def test_a_failed_write_leaves_nothing_behind(catalogue: Catalogue) -> None:
    """A transaction that raises is rolled back as a whole."""
    with pytest.raises(KeyError):
        _write_and_fail(catalogue)
    with catalogue.read() as tx:
        assert tx.execute(text("SELECT count(*) FROM seal")).scalar() == 0


def _write_and_fail(catalogue: Catalogue) -> None:
    with catalogue.write() as tx:
        tx.execute(text("INSERT INTO seal (at, root, heads, previous) VALUES ('t', 'r', '{}', '')"))
        raise KeyError


def test_two_upgrades_at_once_make_one_catalogue(empty_url: str) -> None:
    """Whoever comes second waits for the first and finds nothing to do."""
    start = threading.Barrier(4)

    def upgrade() -> None:
        own = Catalogue(empty_url)
        start.wait()
        own.upgrade()
        own.check_version()
        own.close()

    with ThreadPoolExecutor(4) as pool:
        for done in [pool.submit(upgrade) for _ in range(4)]:
            done.result(60)
