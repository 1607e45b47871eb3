"""The compose files and the image keep what docs/operations.md promises: little reach, few rights, known limits."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import Any

import pytest

from hososo.main import COMMANDS
from hososo.settings import Settings
from tests.architecture.deployment import FILES, OFFICE, composed, filled, services
from tests.architecture.sources import PACKAGES, ROOT, SHIPPED

_SERVICES = services()
_WHOLE = {
    key: body
    for key, body in _SERVICES.items()
    if key[0] not in ("deploy/hosts.compose.yaml", "deploy/signing.compose.yaml")
}
_ONCE = {"init", "store-setup"}
_PROGRAM = re.compile(r"^hososo:\d+\.\d+\.\d+$")
_EXACT = re.compile(r"^[\w./-]+:[\w.-]*\d+\.\d+[\w.-]*$|^debian:bookworm-\d{8}-slim$")
_every = pytest.mark.parametrize("body", _WHOLE.values(), ids=["/".join(key) for key in _WHOLE])


def _program() -> dict[str, dict[str, Any]]:
    return {"/".join(key): body for key, body in _WHOLE.items() if _PROGRAM.match(body["image"])}


@_every
def test_nobody_is_root_and_nobody_can_become_it(body: dict[str, Any]) -> None:
    """A numeric account other than root, no capability, no way to gain rights, a root file system to read only."""
    account = body["user"].split(":")
    assert all(part.isdecimal() and int(part) > 0 for part in account)
    assert body["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in body["security_opt"]
    assert body["read_only"] is True
    assert not {"privileged", "cap_add", "pid", "ipc", "devices", "userns_mode"} & body.keys()


@_every
def test_everything_has_limits(body: dict[str, Any]) -> None:
    """Processor, memory and processes are bounded, and so is the log."""
    assert body["deploy"]["resources"]["limits"].keys() == {"cpus", "memory", "pids"}
    assert body["logging"]["options"].keys() == {"max-size", "max-file"}
    assert all("size=" in each for each in body["tmpfs"])


@pytest.mark.parametrize(("key", "body"), _WHOLE.items(), ids=["/".join(key) for key in _WHOLE])
def test_what_runs_on_is_watched_and_comes_back(key: tuple[str, str], body: dict[str, Any]) -> None:
    """Servers and workers have a health check, start again by themselves and have time to stop; one-shots run once."""
    if key[1] in _ONCE:
        assert body["restart"] == "no"
        return
    assert body["restart"] == "unless-stopped"
    assert {"test", "interval", "timeout", "retries", "start_period"} <= body["healthcheck"].keys()
    assert body["healthcheck"]["test"][0] == "CMD"
    assert re.fullmatch(r"\d+s", body["stop_grace_period"])


@_every
def test_images_have_exact_tags(body: dict[str, Any]) -> None:
    """The same file starts the same programs next year."""
    assert _EXACT.match(body["image"]), body["image"]


def test_the_images_that_are_built_start_from_exact_tags() -> None:
    """Every stage of a Dockerfile comes from an exact tag or from a stage before; it ends without rights."""
    for name in ("Dockerfile", "deploy/store/Dockerfile"):
        text = (ROOT / name).read_text(encoding="utf-8")
        stages = re.findall(r"^FROM (\S+)(?: AS (\S+))?$", text, re.MULTILINE)
        named = {stage for _, stage in stages}
        assert stages
        assert all(origin in named or _EXACT.match(origin) for origin, _ in stages)
        assert re.findall(r"^USER (\d+):(\d+)$", text, re.MULTILINE)[-1][0] != "0"


def test_the_image_runs_as_the_account_that_the_script_makes() -> None:
    """Uid and home are the same in deploy/install.sh, the Dockerfile, the compose files and deploy/secrets.sh."""
    script = (ROOT / "deploy" / "install.sh").read_text(encoding="utf-8")
    uid, home = (
        re.findall(r"^uid=(\d+)$", script, re.MULTILINE)[0],
        re.findall(r"^home=(\S+)$", script, re.MULTILINE)[0],
    )
    dockerfile = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    assert f"USER {uid}:{uid}" in dockerfile
    assert f"HOSOSO_HOME={home}" in dockerfile
    assert f"program={uid} " in (ROOT / "deploy" / "secrets.sh").read_text(encoding="utf-8")
    for body in _program().values():
        assert body["user"] == f"{uid}:{uid}"
        assert body["environment"]["HOSOSO_HOME"] == home
        assert f"home:{home}" in body["volumes"]


def test_the_version_of_the_image_is_the_programs() -> None:
    """An upgrade that forgot the compose files would start the old image."""
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    version = re.findall(r'^version = "(.+)"$', project, re.MULTILINE)[0]
    assert {body["image"] for body in _program().values()} == {f"hososo:{version}"}


def test_commands_are_ours() -> None:
    """What is started, and what looks after its health, is a command of the program."""
    for body in _program().values():
        assert body["command"][0] in COMMANDS
        if "healthcheck" in body:
            assert body["healthcheck"]["test"][1] == "hososo"
            assert body["healthcheck"]["test"][2] in COMMANDS


def test_every_variable_is_a_setting() -> None:
    """The program would not notice one that it does not know."""
    known = {f"HOSOSO_{name.upper()}" for name in Settings.model_fields}
    for body in _SERVICES.values():
        assert {name for name in body.get("environment", {}) if name.startswith("HOSOSO_")} <= known


def test_the_workers_have_time_to_stop() -> None:
    """The engine kills only after the workers' own grace is over, with room for what follows it."""
    for name, body in _program().items():
        if body["command"] == ["worker"]:
            assert int(body["stop_grace_period"].rstrip("s")) >= float(body["environment"]["HOSOSO_GRACE"]) + 15, name


def test_secrets_come_by_file() -> None:
    """No password, key or token stands in a file of ours, in an environment or in a command; the files are named."""
    for name in FILES:
        file = composed(name)
        declared = file.get("secrets", {})
        assert all(set(each) == {"file"} for each in declared.values())
        used = {_source(each) for body in file["services"].values() for each in body.get("secrets", [])}
        assert used == set(declared), name
    for (file, service), body in _SERVICES.items():
        for variable, value in body.get("environment", {}).items():
            if re.search(r"PASS|SECRET|TOKEN|ACCESS_KEY|KEY_FILE", variable):
                assert variable.endswith("_FILE"), f"{file} {service} {variable}"
                assert str(value).startswith("/run/secrets/")
            assert not re.search(r"://[^/@\s]*:[^/@\s]+@", str(value)), f"{file} {service} {variable} has a password"


def _source(secret: str | dict[str, str]) -> str:
    return secret if isinstance(secret, str) else secret["source"]


def test_secrets_are_made_by_the_script() -> None:
    """Every file that compose.yaml names is one that deploy/secrets.sh writes, and the other way round."""
    script = (ROOT / "deploy" / "secrets.sh").read_text(encoding="utf-8")
    made = set(re.findall(r'\| put "\$\w+" (\S+)', script))
    named = {PurePosixPath(each["file"]).name for each in composed(OFFICE)["secrets"].values()}
    assert made == named


def test_only_web_is_published() -> None:
    """From outside, nothing else can be reached; web itself only from this machine unless the office says more."""
    published = {key: body["ports"] for key, body in _WHOLE.items() if "ports" in body}
    assert published == {(OFFICE, "web"): ["${HOSOSO_WEB_ADDRESS:-127.0.0.1}:8080:8080"]}
    assert not any("network_mode" in body and body["network_mode"] == "host" for body in _SERVICES.values())


def test_servers_stand_in_networks_without_a_way_out() -> None:
    """Catalogue, broker and store are reached over internal networks of their own, and reach nothing else."""
    file = composed(OFFICE)
    inner = {name for name, network in file["networks"].items() if network.get("internal")}
    assert inner == {"catalogue", "broker", "store"}
    for service, network in (("postgres", "catalogue"), ("rabbitmq", "broker"), ("store", "store")):
        assert file["services"][service]["networks"] == [network]


def test_further_machines_are_let_in_at_an_address_that_must_be_named() -> None:
    """Nobody opens the catalogue to every network by leaving something out."""
    for service, body in composed("deploy/hosts.compose.yaml")["services"].items():
        assert service in composed(OFFICE)["services"]
        for port in body["ports"]:
            assert port.startswith("${HOSOSO_HOSTS_ADDRESS:?")


def test_the_store_keeps_its_administrative_ports_to_itself() -> None:
    """Everything but S3 on the loopback of its container, the filer's HTTP shut, signing keys given, nothing told."""
    command = composed(OFFICE)["services"]["store"]["command"]
    wanted = {
        "-ip.bind=127.0.0.1",
        "-s3.ip.bind=0.0.0.0",
        "-filer.disableHttp=true",
        "-master.telemetry=false",
        "-s3.iam=false",
    }
    assert wanted <= set(command)
    for service in ("store-setup", "store-vacuum"):
        assert composed(OFFICE)["services"][service]["network_mode"] == "service:store"
    script = (ROOT / "deploy" / "secrets.sh").read_text(encoding="utf-8")
    assert "jwt.signing jwt.signing.read jwt.filer_signing jwt.filer_signing.read" in script
    assert "BypassGovernanceRetention" not in script


def test_what_must_be_kept_is_in_named_volumes() -> None:
    """No folder of somebody's machine is named: data is in volumes, deliveries where the office says."""
    for name in FILES:
        file = composed(name)
        for body in file["services"].values():
            for volume in body.get("volumes", []):
                source = filled(volume).split(":")[0]
                assert source in file["volumes"], f"{name}: {volume}"
        for kind in ("secrets", "configs"):
            for each in file.get(kind, {}).values():
                assert not each["file"].startswith(("/", "~", "..")), f"{name}: {each}"


def test_the_sample_of_settings_names_every_variable() -> None:
    """deploy/office.env has each variable of compose.yaml that an office sets, and no other."""
    asked = set(re.findall(r"\$\{(HOSOSO_\w+)", (ROOT / OFFICE).read_text(encoding="utf-8")))
    asked |= set(re.findall(r"\$\{(HOSOSO_\w+)", (ROOT / "deploy" / "hosts.compose.yaml").read_text(encoding="utf-8")))
    sample = (ROOT / "deploy" / "office.env").read_text(encoding="utf-8")
    assert set(re.findall(r"^#?(HOSOSO_\w+)=", sample, re.MULTILINE)) == asked


def test_the_image_is_made_of_what_is_shipped() -> None:
    """.dockerignore lets in every package of the program, and neither history, tests nor secrets."""
    lines = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    assert lines[1] == "*"
    let_in = {line.removeprefix("!") for line in lines if line.startswith("!")}
    assert set(PACKAGES) <= let_in
    assert set(SHIPPED) <= let_in
    assert not [name for name in let_in if name.startswith(("tests", ".git", "deploy/secrets", "docs"))]
