"""Alembic runs inside the catalogue's own write transaction, so that an upgrade is all or nothing."""

from alembic import context

from catalog.schema import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata, render_as_batch=True)
context.run_migrations()
