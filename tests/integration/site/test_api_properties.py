"""Whatever the description of the API allows or forbids: it is answered as described, and never with a bug."""

from __future__ import annotations

import os
from datetime import timedelta

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import Case
from schemathesis.generation import GenerationMode

from dossier.people import Role
from pipeline import station_tokens
from tests.fakes.api_client import ApiClient
from tests.fakes.office import CODE, PaperOffice
from tests.integration.site.conftest import UNIT, account, document_of
from web.api.application import OPERATIONS, api
from web.api.call import Operation
from web.api.description import description
from web.api.gate import Rates
from web.house import House

_MODES = {"as it is described": GenerationMode.POSITIVE, "otherwise": GenerationMode.NEGATIVE}
_CAN_BE_WRONG = [each for each in OPERATIONS if "{" in each.path or each.query or each.takes or each.headers]
_DRAWN = [(each, mode) for mode in _MODES for each in (OPERATIONS if mode == "as it is described" else _CAN_BE_WRONG)]
_FEW = int(os.environ.get("HOSOSO_EXAMPLES", "6"))


@schemathesis.serializer("application/offset+octet-stream")
def as_bytes(_context: object, value: object) -> bytes:
    """Return a piece of a file as it is sent."""
    return bytes(value) if isinstance(value, (bytes, bytearray)) else str(value).encode()


@pytest.fixture(scope="module")
def client(house: House, office: PaperOffice) -> ApiClient:
    """Return a program that may do what a counter and an archivist may, with a dossier that is there."""
    own = account(office, "api.random", Role.RECEIVER, Role.ARCHIVIST, units=frozenset({UNIT}))
    until = office.services.clock() + timedelta(days=30)
    _made, token = station_tokens.issue(own, "Trạm", until, "test", office.services)
    return ApiClient(api(house, Rates(most=10**9)), token)


@pytest.fixture(scope="module")
def known(client: ApiClient, office: PaperOffice) -> dict[str, str]:
    """Return what addresses can name that is really there."""
    own = client.begin("random", CODE)["id"]
    file = client.create(own, "1.jpg", b"x" * 100).headers["location"].rpartition("/")[2]
    return {"dossier": CODE, "code": CODE, "document": document_of(office), "hand_over": own, "file": file}


def _asked(case: Case, known: dict[str, str], client: ApiClient, *, real: bool) -> tuple[int, str]:
    """Ask what was drawn; return the status and the kind of the answer."""
    parts = dict(case.path_parameters or {})
    prepared = case.as_transport_kwargs(base_url="http://127.0.0.1")
    if real:
        case.path_parameters = {name: known.get(name, value) for name, value in parts.items()}
        prepared = case.as_transport_kwargs(base_url="http://127.0.0.1")
    path = prepared["url"].removeprefix("http://127.0.0.1/api/v1")
    headers = {
        name.lower().replace("-", "_"): str(value)
        for name, value in (prepared.get("headers") or {}).items()
        if name.lower() not in ("authorization", "host")
    }
    query = "&".join(f"{name}={value}" for name, value in (prepared.get("params") or {}).items())
    body = prepared.get("json", prepared.get("data"))
    data = body.encode() if isinstance(body, str) else body
    target = f"{path}?{query}" if query else path
    reply = client.ask(case.method, target, data, **headers)
    return reply.status, reply.headers.get("content-type", "")


def check(operation: Operation, mode: GenerationMode, known: dict[str, str], client: ApiClient, examples: int) -> None:
    """Ask some things and look at the statuses."""
    schema = schemathesis.openapi.from_dict(description(OPERATIONS, "en"))
    own = schema[f"/api/v1{operation.path}"][operation.method]
    allowed = {int(status) for status in own.definition.raw["responses"]}

    @given(case=own.as_strategy(generation_mode=mode), real=st.booleans())
    @settings(
        max_examples=examples,
        derandomize=True,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def asked(case: Case, real: bool) -> None:  # noqa: FBT001 - hypothesis draws it
        status, kind = _asked(case, known, client, real=real)
        assert status != 500
        assert status in allowed | {404}
        if status >= 400 and status != 416:
            assert kind == "application/problem+json"

    asked()


@pytest.mark.parametrize(("operation", "mode"), _DRAWN, ids=lambda each: getattr(each, "name", each))
def test_no_bug(operation: Operation, mode: str, known: dict[str, str], client: ApiClient) -> None:
    """A few things for each operation, always the same ones."""
    check(operation, _MODES[mode], known, client, _FEW)


@pytest.mark.long
@pytest.mark.parametrize(("operation", "mode"), _DRAWN, ids=lambda each: getattr(each, "name", each))
def test_no_bug_at_length(operation: Operation, mode: str, known: dict[str, str], client: ApiClient) -> None:
    """Many more of them."""
    check(operation, _MODES[mode], known, client, 200)
