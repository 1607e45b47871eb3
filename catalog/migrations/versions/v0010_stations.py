"""Sign-in through an office's own identity server, the access log under the seal, stations and their pages."""

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Add the tables, empty."""
