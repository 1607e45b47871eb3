"""The officer who compared signs, then the agency: in this order, each once, and only the second makes a copy."""

from __future__ import annotations

from dataclasses import replace

import pytest
from cryptography.hazmat.primitives import hashes

from catalog import events, queue, renditions
from dossier.errors import Code, HososoError, Rejected, Unavailable
from dossier.states import DocumentState, SignerRole, Step
from pipeline import archive, sign, signing_desk
from pipeline.retrying import retry
from pipeline.services import DeskPolicy
from pipeline.verification import verify_dossier
from signing.agent import sign_batch
from signing.cms import signed_data
from signing.desk_client import DeskClient
from signing.development_pki import DevelopmentPki
from signing.elsewhere import AbsentKey
from signing.keys import KeySigner
from signing.verdict import Reason, Verdict
from signing.verify import Known
from tests.fakes.office import PaperOffice
from tests.fakes.stamping import CountedSigner
from tests.integration.pipeline.test_signing_agent import TOKEN, served
from tests.integration.pipeline.test_signing_resumed import cut_off, go_on_elsewhere, is_archived_once
from tests.integration.signing.test_seal import run, trusted_by_pyhanko

OFFICER, AGENCY = SignerRole.OFFICER, SignerRole.AGENCY
NAME = "Người đối chiếu thử nghiệm (DEVELOPMENT ONLY)"


@pytest.fixture
def database(request: pytest.FixtureRequest) -> str:
    """Work with one database, but where a test names the other."""
    return str(getattr(request, "param", "sqlite"))


@pytest.fixture(scope="session")
def officer(pki: DevelopmentPki) -> KeySigner:
    """Return the personal key of an officer."""
    return pki.officer


@pytest.fixture
def waiting(office: PaperOffice, officer: KeySigner) -> PaperOffice:
    """Return an office that asks the officer too, both keys at hand, with one rendered document."""
    office.services = replace(office.services, officer_first=True, officer=CountedSigner(officer))
    office.page("1.jpg", 10)
    office.deliver()
    office.drain(Step.RECEIVE, Step.READ, Step.ASSEMBLE, Step.CLASSIFY, Step.RENDER)
    assert office.states() == [DocumentState.WAITING_OFFICER]
    return office


@pytest.fixture
def desk(office: PaperOffice, officer: KeySigner, pki: DevelopmentPki) -> PaperOffice:
    """Return an office whose two keys are elsewhere, with one document on its signing list."""
    keys, officers = ({_name(key): AbsentKey(key.certificate, key.chain)} for key in (pki.signer, officer))
    policy = DeskPolicy(keys, 9, 600.0, officers)
    office.services = replace(office.services, signer=None, desk=policy, officer_first=True)
    office.page("1.jpg", 10)
    office.deliver()
    office.drain()
    return office


def _name(key: KeySigner) -> str:
    return key.certificate.fingerprint(hashes.SHA256()).hex()


def uses(office: PaperOffice) -> tuple[int, int]:
    """Return how often each key was used."""
    assert isinstance(office.services.officer, CountedSigner)
    return office.services.officer.uses, office.signer.uses


def stored(office: PaperOffice, role: str) -> renditions.Stored | None:
    """Return one form of the one document."""
    with office.services.catalogue.read() as tx:
        return renditions.find(tx, office.documents()[0].id, role)


def session_of(office: PaperOffice, key: KeySigner, role: SignerRole) -> tuple[str, list[signing_desk.Offer]]:
    """Open a session."""
    session, offers = signing_desk.begin(_name(key), 9, office.services, role)
    return session.id, offers


def bring(office: PaperOffice, key: KeySigner, session: str, offer: signing_desk.Offer) -> None:
    """Sign and bring back."""
    cms = signed_data(bytes.fromhex(offer.request.digest), offer.request.algorithm, key)
    signing_desk.collect(session, offer.request.id, cms, office.services)


@pytest.mark.parametrize("database", ["sqlite", pytest.param("postgresql", marks=pytest.mark.server)], indirect=True)
def test_both_sign_and_every_judge_sees_both(waiting: PaperOffice, pki: DevelopmentPki) -> None:
    """Two valid signatures at the level of the policy, in their roles; nothing of the step between is left."""
    waiting.drain()
    assert (waiting.states(), uses(waiting)) == ([DocumentState.ARCHIVED], (1, 1))
    final = stored(waiting, renditions.SIGNED)
    assert final is not None
    assert final.facts is not None
    assert (final.facts.officer, final.facts.signatures, final.facts.level) == (NAME, 2, "B-LTA")
    assert stored(waiting, renditions.COMPARED) is stored(waiting, renditions.UNSIGNED) is None
    with waiting.services.local_copy(final.ref) as path:
        found = waiting.services.verifier.verify(path, waiting.services.trust)
        said = run("pdfsig", "-nocert", path).stdout
        alone = trusted_by_pyhanko(path, pki)
    assert found.verdict is Verdict.VALID
    assert [(one.role, one.verdict, one.level) for one in found.signatures] == [
        (role, Verdict.VALID, "B-LTA") for role in (OFFICER, AGENCY)
    ]
    assert said.count("Signature is Valid.") >= 2
    assert NAME in said
    assert [summary.startswith("INTACT:TRUSTED") for summary in alone] == [True, True]
    with waiting.services.catalogue.read() as tx:
        told = [event.kind for event in events.chain(tx, waiting.dossier().id)]
    assert told.index("compared") < told.index("signed")
    assert is_archived_once(waiting)


def test_the_officers_signature_alone_is_no_copy(waiting: PaperOffice) -> None:
    """Without the agency's key the document waits for it, unsigned, however often it is looked at."""
    waiting.services = replace(waiting.services, signer=None)
    for _ in range(2):
        waiting.drain()
        waiting.clock.later(4000)
    assert waiting.states() == [DocumentState.WAITING_SIGNATURE]
    assert uses(waiting)[0] == 1
    assert stored(waiting, renditions.SIGNED) is None
    compared = stored(waiting, renditions.COMPARED)
    assert compared is not None
    assert compared.facts is not None
    assert (compared.facts.level, compared.facts.signatures) == ("B-T", 1)
    with waiting.services.catalogue.read() as tx:
        assert renditions.final(tx, waiting.documents()[0].id) is None


@pytest.mark.parametrize(
    ("owner", "point", "again"),
    [
        pytest.param(sign, "_remember", 1, marks=pytest.mark.long),  # the window that stays, as with one signature
        pytest.param(sign, "keep", 0, marks=pytest.mark.long),
        (renditions, "put", 0),
        pytest.param(sign, "_forget", 0, marks=pytest.mark.long),
        (sign, "_seal", 0),  # between the two signatures
    ],
)
def test_a_worker_killed_at_the_officers_signature_is_succeeded(
    waiting: PaperOffice, monkeypatch: pytest.MonkeyPatch, owner: object, point: str, again: int
) -> None:
    """Another host goes on; neither key is asked for what it has signed."""
    assert cut_off(waiting, monkeypatch, owner, point) == 0
    assert uses(waiting) == (1, 0)
    go_on_elsewhere(waiting)
    assert uses(waiting) == (1 + again, 1)
    assert is_archived_once(waiting)


def test_the_list_says_whose_signature_is_waited_for(
    desk: PaperOffice, officer: KeySigner, pki: DevelopmentPki
) -> None:
    """In the state and by the cause; the agency is given nothing before its turn."""
    causes = []
    for key, role in ((officer, OFFICER), (pki.signer, AGENCY)):
        with desk.services.catalogue.read() as tx:
            causes += [(state, item.error) for state, item in zip(desk.states(), queue.waiting(tx), strict=True)]
        if role is OFFICER:
            assert session_of(desk, pki.signer, AGENCY)[1] == []
            session, (offer,) = session_of(desk, key, role)
            bring(desk, key, session, offer)
            desk.drain()
    assert causes == [
        (DocumentState.WAITING_OFFICER, Code.OFFICER_WAITING),
        (DocumentState.WAITING_SIGNATURE, Code.SIGNING_WAITING),
    ]


def test_each_role_has_its_list_over_http(desk: PaperOffice, officer: KeySigner, pki: DevelopmentPki) -> None:
    """The agent of each asks for its own role; a role that there is not, or another's key, is refused."""
    with served(desk) as url:
        agents = {role: DeskClient(url, TOKEN, role=role) for role in SignerRole}
        for role, key in ((OFFICER, officer), (AGENCY, pki.signer)):
            assert {each: agent.waiting() for each, agent in agents.items()} == {each: each is role for each in agents}
            with pytest.raises(Rejected) as caught:
                agents[role].begin(_name(pki.signer if key is officer else officer), 9)
            assert caught.value.code is Code.CERTIFICATE_NOT_ALLOWED
            assert sign_batch(agents[role], key, 9, lambda _: True).signed == 1
            desk.drain()
        with pytest.raises(Rejected) as caught:
            DeskClient(url, TOKEN, role="clerk").waiting()  # type: ignore[arg-type] # what no agent of ours asks
    assert caught.value.code is Code.SIGNING_DESK_REFUSED
    assert desk.states() == [DocumentState.ARCHIVED]


def test_an_agency_that_signed_first_is_refused(desk: PaperOffice, officer: KeySigner, pki: DevelopmentPki) -> None:
    """It took the list before the office asked for the officer: late, or brought back already, it does not count."""
    services = desk.services
    desk.services = replace(services, officer_first=False)
    session, (offer,) = session_of(desk, pki.signer, AGENCY)
    desk.services = services
    with pytest.raises(HososoError) as caught:
        bring(desk, pki.signer, session, offer)
    assert caught.value.code is Code.SIGNING_INPUT_CHANGED
    desk.services = replace(services, officer_first=False)
    session, (offer,) = session_of(desk, pki.signer, AGENCY)
    bring(desk, pki.signer, session, offer)
    desk.services = services
    desk.clock.later(4000)
    desk.drain()
    assert desk.states() == [DocumentState.WAITING_OFFICER]
    session, (offer,) = session_of(desk, officer, OFFICER)
    bring(desk, officer, session, offer)
    desk.drain()
    assert desk.states() == [DocumentState.WAITING_SIGNATURE]


def test_what_the_officer_did_not_see_is_not_sealed(waiting: PaperOffice) -> None:
    """Another file is recorded as the rendered one by now: the agency's key is not used."""
    agency, waiting.services = waiting.services, replace(waiting.services, signer=None)
    waiting.drain()
    waiting.services = agency
    with agency.catalogue.write() as tx:
        compared = renditions.find(tx, waiting.documents()[0].id, renditions.COMPARED)
        assert compared is not None
        other = renditions.find(tx, waiting.documents()[0].id, renditions.UNSIGNED)
        assert other is not None
        renditions.put(tx, waiting.documents()[0].id, renditions.UNSIGNED, compared.ref.sha256, agency.clock())
        renditions.put(
            tx, waiting.documents()[0].id, renditions.COMPARED, other.ref.sha256, agency.clock(), compared.facts
        )
    waiting.clock.later(4000)
    waiting.drain()
    assert waiting.states() == [DocumentState.QUARANTINED]
    assert [item.error for item in waiting.quarantined()] == [Code.SIGNING_INPUT_CHANGED]
    assert uses(waiting) == (1, 0)
    assert retry(waiting.services) == 1
    assert waiting.states() == [DocumentState.WAITING_OFFICER]


def test_other_roles_than_recorded_are_not_valid(waiting: PaperOffice) -> None:
    """Order and roles are held against what is kept outside the file."""
    waiting.drain()
    final, services = stored(waiting, renditions.SIGNED), waiting.services
    assert final is not None
    assert final.facts is not None
    with services.local_copy(final.ref) as path:
        found = services.verifier.verify(path, services.trust, Known(roles=(AGENCY, OFFICER)))
    assert (found.verdict, found.reasons) == (Verdict.INVALID, (Reason.SIGNER_ROLES,))
    with services.catalogue.write() as tx:
        alone = replace(final.facts, officer="")
        renditions.put(tx, waiting.documents()[0].id, renditions.SIGNED, final.ref.sha256, services.clock(), alone)
    assert [each.detail for each in verify_dossier(waiting.dossier(), services) if each.kind == "signature"] == [
        "SIGNER_ROLES"
    ]


def test_an_officer_whose_certificate_is_revoked_signs_again(
    waiting: PaperOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Learnt before the agency's key is used: the officer's signature is let go, and the agency's token not wasted."""
    agency, waiting.services = waiting.services, replace(waiting.services, signer=None)
    waiting.drain()
    waiting.services = agency

    def revoked(*_: object) -> None:
        raise Unavailable(Code.CERTIFICATE_REVOKED)

    waiting.clock.later(4000)
    with monkeypatch.context() as patch:
        patch.setattr(sign, "check_signers", revoked)
        waiting.drain()
    assert (waiting.states(), uses(waiting)) == ([DocumentState.WAITING_OFFICER], (1, 0))
    waiting.clock.later(4000)
    waiting.drain()
    assert uses(waiting) == (2, 1)
    assert is_archived_once(waiting)


def test_a_signature_that_does_not_validate_is_made_again_by_both(
    waiting: PaperOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody knows which of the two it was."""

    def bad(*_: object) -> None:
        raise Rejected(Code.SIGNATURE_INVALID, "invalid")

    with monkeypatch.context() as patch:
        patch.setattr(archive, "judge", bad)
        waiting.drain()
    assert waiting.states() == [DocumentState.QUARANTINED]
    assert retry(waiting.services) == 1
    assert waiting.states() == [DocumentState.WAITING_OFFICER]
    waiting.drain()
    assert uses(waiting) == (2, 2)
    assert is_archived_once(waiting)
