"""One development PKI for the whole run; elliptic curve keys are quick to make."""

from __future__ import annotations

import pytest

from signing.development_pki import DevelopmentPki, ensure_development_pki


@pytest.fixture(scope="session")
def pki(tmp_path_factory: pytest.TempPathFactory) -> DevelopmentPki:
    """Return the keys."""
    return ensure_development_pki(tmp_path_factory.mktemp("keys") / "pki", algorithm="ecdsa")
