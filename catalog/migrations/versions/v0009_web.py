"""What people do in the browser and stations through the API."""

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Add the tables, empty."""
