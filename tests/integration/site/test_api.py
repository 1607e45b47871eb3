"""The API: every operation × every role × own and foreign papers, resumable uploads, refusals with codes."""

from __future__ import annotations

import json
from base64 import b64encode
from datetime import timedelta
from hashlib import sha256

import pytest
from jsonschema import Draft202012Validator
from starlette.applications import Starlette
from starlette.routing import Route

from catalog import access, hand_overs
from dossier.errors import Code
from dossier.people import GRANTS, Permission, Role
from pipeline import handing_over, station_tokens
from pipeline.handing_over import Wish
from tests.fakes.api_client import ApiClient
from tests.fakes.asker import Reply
from tests.fakes.office import CODE, PaperOffice, jpeg
from tests.integration.site.conftest import FOREIGN, UNIT, account, document_of, lot_of
from web.api.application import OPERATIONS, api
from web.api.call import Operation
from web.api.gate import Rates
from web.house import House
from web.rules import Subject, Who

NEW = "H99.27.14-260305-0007"
_BY_NAME = {each.name: each for each in OPERATIONS}


@pytest.fixture(scope="module")
def service(house: House) -> Starlette:
    """Return the API."""
    return api(house)


@pytest.fixture(scope="module")
def clients(service: Starlette, office: PaperOffice) -> dict[Role | None, ApiClient]:
    """Return a station for each role, with the papers of one unit; and one without a token."""
    found: dict[Role | None, ApiClient] = {None: ApiClient(service)}
    for role in Role:
        own = account(office, f"api.{role}", role, units=frozenset({UNIT}))
        until = office.services.clock() + timedelta(days=30)
        _made, token = station_tokens.issue(own, f"Trạm {role}", until, "test", office.services)
        found[role] = ApiClient(service, token)
    return found


@pytest.fixture(scope="module")
def foreign(office: PaperOffice) -> str:
    """Return the id of a hand-over for a dossier of another unit."""
    own = account(office, "api.elsewhere", Role.RECEIVER)
    return handing_over.begin(Wish("k", FOREIGN, not_secret=True), own, office.services).id


@pytest.fixture
def station(clients: dict[Role | None, ApiClient]) -> ApiClient:
    """Return the station of a counter."""
    return clients[Role.RECEIVER]


def code_of(reply: Reply) -> Code:
    """Return the code of a refusal, whose form is that of the description."""
    assert reply.headers["content-type"] == "application/problem+json"
    said = json.loads(reply.body)
    assert said["status"] == reply.status
    return Code(said["code"])


def address(operation: Operation, office: PaperOffice, code: str, hand_over: str) -> str:
    """Return the address of an operation."""
    values = {
        Subject.DOSSIER.value: code,
        Subject.CODE.value: code,
        Subject.DOCUMENT.value: document_of(office, code),
        Subject.HAND_OVER.value: hand_over,
        Subject.LOT.value: lot_of(office, code),
        "file": "0" * 24,
    }
    return operation.path.format(**values)


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda each: each.name)
@pytest.mark.parametrize("role", [None, *Role], ids=lambda role: role or "nobody")
def test_every_operation_for_every_role(
    operation: Operation,
    role: Role | None,
    clients: dict[Role | None, ApiClient],
    office: PaperOffice,
    foreign: str,
) -> None:
    """Without a token nothing opens; who lacks the permission is refused; papers of others are unknown."""
    client = clients[role]
    reply = client.ask(operation.method, address(operation, office, CODE, "0" * 24))
    if operation.rule.who is Who.ANYBODY:
        assert reply.status in (200, 204)
    elif role is None:
        assert (reply.status, code_of(reply)) == (401, Code.STATION_REFUSED)
    elif operation.rule.permission is not None and operation.rule.permission not in GRANTS[role]:
        assert (reply.status, code_of(reply)) == (403, Code.NOT_ALLOWED)
    else:
        assert reply.status in (*operation.gives, 400, 404)
        if operation.rule.subject is not None:
            reply = client.ask(operation.method, address(operation, office, FOREIGN, foreign))
            assert reply.status == 404


def test_there_is_no_other_way_in(service: Starlette) -> None:
    """The application has the routes of the table and nothing else; what it has not is told like any refusal."""
    found = {(route.path, frozenset(route.methods or ())) for route in service.routes if isinstance(route, Route)}
    assert found == {(f"/api/v1{each.path}", frozenset({each.method})) for each in OPERATIONS}
    assert len(service.routes) == len(OPERATIONS)
    assert code_of(ApiClient(service).ask("GET", "/nothing")) is Code.PAGE_UNKNOWN


def test_answers_have_the_form_that_is_described(clients: dict[Role | None, ApiClient], office: PaperOffice) -> None:
    """What is read has the form that the description promises, and says something."""
    client, own = clients[Role.CLERK], document_of(office)
    for name, path in (
        ("me", "/me"),
        ("dossiers", "/dossiers"),
        ("dossier", f"/dossiers/{CODE}"),
        ("search", "/search?q=khai+sinh"),
        ("document", f"/documents/{own}"),
        ("text", f"/documents/{own}/text"),
        ("signature", f"/documents/{own}/signature"),
        ("figures", "/figures"),
    ):
        schema = _BY_NAME[name].gives[200]
        assert schema is not None
        Draft202012Validator(schema).validate(client.get(path))
    assert [each["code"] for each in client.get("/dossiers")["dossiers"]] == [CODE]
    assert client.get("/dossiers?limit=1")["next"] == CODE
    assert client.get(f"/dossiers?cursor={CODE}")["dossiers"] == []
    assert client.get(f"/dossiers/{CODE}")["archived"] is True
    assert "khai sinh" in client.get(f"/documents/{own}/text")["pages"][0]["text"]
    hits = client.get("/search?q=khai+sinh")
    assert [hit["document"] for hit in hits["hits"]] == [own]
    assert "099175004461" not in json.dumps(hits)


def test_signed_bytes_in_parts(clients: dict[Role | None, ApiClient], office: PaperOffice) -> None:
    """The whole has the digest that is stated; a part is a part of it."""
    client, path = clients[Role.CLERK], f"/documents/{document_of(office)}/signed.pdf"
    whole = client.ask("GET", path)
    assert client.get(f"/documents/{document_of(office)}")["signature"]["sha256"] == sha256(whole.body).hexdigest()
    part = client.ask("GET", path, range="bytes=10-19")
    assert (part.status, part.body) == (206, whole.body[10:20])
    assert client.ask("GET", path, range="bytes=999999999-").status == 416


def test_a_station_hands_over(station: ApiClient, office: PaperOffice) -> None:
    """In pieces, cut off and taken up, committed twice; told page by page, and when it may forget its own."""
    own = station.begin("k1", NEW, pages=2, leaves="từ tờ 1 đến tờ 3")
    assert own["declared_leaves"] == "1-3"
    files = {"1.jpg": jpeg(40), "2.jpg": jpeg(50)}
    for name, data in files.items():
        location = station.create(own["id"], name, data).headers["location"]
        assert station.create(own["id"], name, data).headers["location"] == location
        checksum = "sha256 " + b64encode(sha256(data[:300]).digest()).decode()
        assert station.send(location, data[:300], 0, upload_checksum=checksum).status == 204
        assert code_of(station.send(location, data, 10)) is Code.UPLOAD_OFFSET
        wrong = station.send(location, data[300:], 300, upload_checksum=checksum)
        assert (wrong.status, code_of(wrong)) == (460, Code.UPLOAD_DIGEST)
        assert station.offset(location) == 300
        assert station.send(location, data[300:], 300).headers["upload-offset"] == str(len(data))
    assert station.get(f"/hand-overs/{own['id']}")["stage"] == "open"
    assert code_of(station.commit(own["id"], {"1.jpg": jpeg(40)})) is Code.HAND_OVER_INCOMPLETE
    assert station.commit(own["id"], files).status == 202
    assert station.commit(own["id"], files).status == 202
    assert code_of(station.ask("DELETE", f"/hand-overs/{own['id']}")) is Code.HAND_OVER_CONFLICT
    assert station.get(f"/hand-overs/{own['id']}")["may_forget"] is False
    office.drain()
    told = station.get(f"/hand-overs/{own['id']}")
    schema = _BY_NAME["hand_over"].gives[200]
    assert schema is not None
    Draft202012Validator(schema).validate(told)
    assert (told["stage"], told["may_forget"], told["miscounted"], told["pages_read"]) == ("archived", True, False, 2)
    assert [page["verdict"] for file in told["files"] for page in file["pages"]] == ["good", "good"]
    assert told["leaves"] == [{"code": "LEAVES_MISSING", "subject": f"{NEW}/to-khai", "said": "2/3"}]


def test_a_page_just_scanned_is_looked_at(station: ApiClient, office: PaperOffice) -> None:
    """Verdict and reasons at once, the same sheet again by the name it was given; nothing is kept, nothing begun."""
    bytes_of = {"content_type": "application/octet-stream", "look_group": "g1"}
    first = station.ask("POST", "/looks", jpeg(90), look_name="a", **bytes_of)
    (said,) = json.loads(first.body)["pages"]
    assert (first.status, said["number"]) == (200, 1)
    assert "low_resolution" in said["reasons"]
    schema = _BY_NAME["look"].gives[200]
    assert schema is not None
    Draft202012Validator(schema).validate(json.loads(first.body))
    assert station.ask("POST", "/looks", b"no picture", look_name="b", **bytes_of).status == 415
    assert code_of(station.ask("POST", "/looks", b"", look_name="b", **bytes_of)) is Code.FILE_EMPTY
    assert code_of(station.ask("POST", "/looks", jpeg(90), look_name="../b", **bytes_of)) is Code.REQUEST_INVALID
    assert code_of(station.ask("POST", "/looks", {"a": 1})) is Code.REQUEST_INVALID
    assert list(office.services.scratch.iterdir()) == []


def test_a_lot_goes_its_way(clients: dict[Role | None, ApiClient], office: PaperOffice) -> None:
    """Opened, counted with its sample drawn, judged by who did not scan it, decided; the same rules as on the pages."""
    code, one = "H99.27.14-260305-0031", "/lots/LO-API-1"
    office.page("to-khai/1.jpg", 71, code=code)
    office.page("to-khai/2.jpg", 72, code=code)
    office.digitise()
    archivist, checker, leader = (clients[role] for role in (Role.ARCHIVIST, Role.CHECKER, Role.LEADER))
    wish = {"lot": "LO-API-1", "wave": "Đợt 1", "codes": [code]}
    opened = archivist.ask("POST", "/lots", wish)
    assert (opened.status, opened.headers["location"]) == (201, f"/api/v1{one}")
    assert code_of(archivist.ask("POST", "/lots", wish)) is Code.LOT_TAKEN
    assert code_of(archivist.ask("POST", f"{one}/count", {"scanned_by": []})) is Code.LOT_INVALID
    counted = json.loads(archivist.ask("POST", f"{one}/count", {"scanned_by": ["api.receiver"]}).body)
    sample = counted["counting"]["sample"]
    assert code_of(archivist.ask("POST", f"{one}/looks", {"position": 1, "fault": None})) is Code.LOT_OWN
    assert code_of(leader.ask("POST", f"{one}/decision", {"accepted": True})) is Code.LOT_UNJUDGED
    for each in sample:
        said = checker.ask("POST", f"{one}/looks", {"position": each["position"], "fault": None})
        assert said.status == 200, said.body
    assert [each["fault"] for each in checker.get(one)["counting"]["sample"]] == ["" for _ in sample]
    decided = json.loads(leader.ask("POST", f"{one}/decision", {"accepted": True, "reason": "đã xem"}).body)
    assert (decided["state"], decided["decision"]["accepted"]) == ("accepted", True)
    for name, told in (("lot", decided), ("lots", leader.get("/lots"))):
        schema = _BY_NAME[name].gives[200]
        assert schema is not None
        Draft202012Validator(schema).validate(told)
    assert leader.ask("GET", f"{one}/minutes.pdf").body.startswith(b"%PDF")
    assert leader.ask("GET", f"{one}/manifest").body.startswith(b"# hososo-lot-manifest 1")


def test_wrong_bytes_are_refused(station: ApiClient, office: PaperOffice) -> None:
    """With the codes of the command line; nothing of them stays, and the file can be sent again."""
    own = station.begin("k2", NEW)
    location = station.create(own["id"], "1.jpg", b"x" * 50).headers["location"]
    assert code_of(station.send(location, b"x" * 50, 0)) is Code.TYPE_UNKNOWN
    location = station.create(own["id"], "2.jpg", jpeg(60), "0" * 64).headers["location"]
    assert code_of(station.send(location, jpeg(60), 0)) is Code.UPLOAD_DIGEST
    assert station.offset(location) == 0
    assert code_of(station.send(location, jpeg(60) + b"more", 0)) is Code.FILE_TOO_LARGE
    assert code_of(station.create(own["id"], "../../x.part", jpeg(60))) is Code.NAME_UNUSABLE
    assert station.ask("DELETE", f"/hand-overs/{own['id']}").status == 204
    with office.services.catalogue.read() as tx:
        found = hand_overs.files(tx, own["id"])
    assert not any(office.services.spool.part(file.id).exists() for file in found)


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/hand-overs", {"key": "k"}),
        ("POST", "/hand-overs", [1]),
        ("POST", "/hand-overs", b"{"),
        ("POST", "/hand-overs", b"[" * 100_000),
        ("POST", "/hand-overs", {"key": "k", "code": "x\0", "not_secret": True}),
        ("POST", "/hand-overs", {"key": "k", "code": NEW, "not_secret": True, "pages": 0}),
        ("GET", "/dossiers?limit=x", None),
        ("GET", "/dossiers?limit=1&limit=2", None),
        ("GET", "/dossiers?unheard=of", None),
        ("GET", "/search?q=" + "x" * 3000, None),
    ],
)
def test_what_has_not_the_form_agreed_is_refused(station: ApiClient, method: str, path: str, body: object) -> None:
    """No JSON, too deep, unknown or doubled parameters, addresses without end."""
    reply = station.ask(method, path, body)
    assert (reply.status, code_of(reply)) == (400, Code.REQUEST_INVALID)


def test_a_token_opens_as_long_as_it_should(service: Starlette, office: PaperOffice) -> None:
    """Not once it is revoked, over, or its account shut; of one that is made, used, revoked, each is a line."""
    own = account(office, "api.ends", Role.RECEIVER)
    now = office.services.clock()
    made, token = station_tokens.issue(own, "Trạm", now + timedelta(days=1), "test", office.services)
    client = ApiClient(service, token)
    assert client.get("/me")["account"] == own.id
    station_tokens.revoke(made.id, "test", office.services)
    assert code_of(client.ask("GET", "/me")) is Code.STATION_REFUSED
    _made, short = station_tokens.issue(
        own, "Trạm", office.services.clock() + timedelta(seconds=1), "t", office.services
    )
    office.clock.later(2)
    assert code_of(ApiClient(service, short).ask("GET", "/me")) is Code.STATION_REFUSED
    with office.services.catalogue.read() as tx:
        said = [line.action for line in access.lines(tx) if line.subject == made.id]
    assert said == ["token.add", "token.revoke"]
    assert token not in str(office.services.catalogue)


def test_a_station_that_asks_too_often_waits(house: House, clients: dict[Role | None, ApiClient]) -> None:
    """Told when to come again; others are not kept."""
    narrow = api(house, Rates(most=2))
    hasty, other = ApiClient(narrow, clients[Role.RECEIVER].token), ApiClient(narrow, clients[Role.CLERK].token)
    replies = [hasty.ask("GET", "/me") for _ in range(3)]
    assert [reply.status for reply in replies] == [200, 200, 429]
    assert replies[2].headers["retry-after"] == "30"
    assert other.get("/me")


def test_every_operation_says_who_may(service: Starlette) -> None:
    """The description has every operation with its permission, and a summary in Vietnamese."""
    said = ApiClient(service).get("/openapi.json")
    for each in OPERATIONS:
        told = said["paths"][f"/api/v1{each.path}"][each.method.lower()]
        assert told["summary"]
        assert told.get("x-permission") == (Permission(each.rule.permission) if each.rule.permission else None)
