"""The first schema.

A later migration must never import `catalog.schema`: it describes its own tables. This one may, because the first
schema is frozen by the test that compares it with `tests/integration/catalog/schema_0001.sql`.
"""

from alembic import op

from catalog.schema import metadata

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create all tables."""
    metadata.create_all(op.get_bind())
