"""deploy/secrets.sh: random, private, complete, and never twice."""

from __future__ import annotations

import json
import subprocess
import tomllib
from pathlib import Path

from tests.architecture.sources import ROOT

_SCRIPT = ROOT / "deploy" / "secrets.sh"


def _make(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([_SCRIPT, *options, folder], capture_output=True, text=True, check=False)


def test_secrets_are_private_and_new_each_time(tmp_path: Path) -> None:
    """Every file 0600 in a folder 0700; two offices share none; nothing of it is printed."""
    first, second = tmp_path / "a", tmp_path / "b"
    told = [_make(folder, "--own") for folder in (first, second)]
    assert [done.returncode for done in told] == [0, 0]
    assert first.stat().st_mode & 0o777 == 0o700
    for path in first.iterdir():
        assert path.stat().st_mode & 0o777 == 0o600
        text = path.read_text(encoding="utf-8")
        assert len(text) >= 20
        assert text != (second / path.name).read_text(encoding="utf-8")
        assert text not in told[0].stdout + told[0].stderr


def test_whoever_speaks_to_a_server_has_its_password(tmp_path: Path) -> None:
    """Both sides of each connection are given the same; the store has a signing key for each of its ports."""
    folder = tmp_path / "secrets"
    assert _make(folder, "--own").returncode == 0

    def text(name: str) -> str:
        return (folder / name).read_text(encoding="utf-8")

    assert text("database_password") == text("postgres_hososo_password") != text("postgres_admin_password")
    assert text("rabbitmq_account.conf").splitlines() == [
        "default_user = hososo",
        f"default_pass = {text('broker_password')}",
    ]
    (account,) = json.loads(text("store_identities.json"))["identities"]
    assert account["credentials"] == [{"accessKey": text("s3_access_key"), "secretKey": text("s3_secret_key")}]
    assert all(action.endswith((":hososo-archive", ":hososo-holding")) for action in account["actions"])
    keys = tomllib.loads(text("store_security.toml"))["jwt"]
    each = {keys["signing"]["key"], keys["signing"]["read"]["key"]}
    each |= {keys["filer_signing"]["key"], keys["filer_signing"]["read"]["key"]}
    assert len(each) == 4


def test_secrets_that_are_there_are_not_touched(tmp_path: Path) -> None:
    """New ones would lock the servers out of their own data: it refuses and changes nothing."""
    folder = tmp_path / "secrets"
    assert _make(folder, "--own").returncode == 0
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    again = _make(folder, "--own")
    assert again.returncode == 1
    assert "nothing changed" in again.stderr
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    assert [path.name for path in tmp_path.iterdir()] == ["secrets"]


def test_a_run_that_fails_leaves_nothing_half_done(tmp_path: Path) -> None:
    """Without a folder to write into there is an error, and no secret anywhere."""
    done = _make(tmp_path / "no" / "where", "--own")
    assert done.returncode != 0
    assert list(tmp_path.iterdir()) == []
