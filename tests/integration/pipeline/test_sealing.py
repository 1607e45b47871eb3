"""What a seal holds: only what changed, a time stamp over its own root, and a place in the archive store."""

import json
from hashlib import sha256

import pytest
from sqlalchemy import text

from catalog import access, events, seals
from catalog.schema import stamp
from dossier.errors import Code
from pipeline.access_log import store_access_log
from pipeline.confirmation import record
from pipeline.sealing import merkle_root, seal
from pipeline.verification import verify_seals
from tests.fakes.office import CODE, OTHER_CODE, PaperOffice


@pytest.fixture
def archived(office: PaperOffice) -> PaperOffice:
    """Return an office with two archived dossiers, not yet sealed."""
    office.page("1.jpg", 10, text="giấy khai sinh")
    office.page("1.jpg", 20, text="đơn đề nghị", code=OTHER_CODE)
    office.digitise()
    return office


def _all(office: PaperOffice) -> list[seals.Seal]:
    with office.services.catalogue.read() as tx:
        return list(seals.all_seals(tx))


def _confirm(office: PaperOffice) -> None:
    (document,) = office.documents(CODE)
    with office.services.catalogue.write() as tx:
        record(tx, document, document.kind, {}, ("can-bo",), office.services)
    office.drain()


def test_a_seal_holds_what_changed_since_the_last(archived: PaperOffice) -> None:
    """The first one all heads, the next one the confirmed dossier; both cover everything."""
    seal(archived.services)
    _confirm(archived)
    seal(archived.services)
    first, second = _all(archived)
    assert (first.form, second.form) == (seals.ALL, seals.CHANGED)
    assert set(first.heads) == {archived.dossier(CODE).id, archived.dossier(OTHER_CODE).id}
    assert set(second.heads) == {archived.dossier(CODE).id}
    assert verify_seals(archived.services).verdict == "valid"


def test_the_access_log_may_be_sealed_before_there_is_a_dossier(office: PaperOffice) -> None:
    """The first seal with dossiers holds the log's head too, though it is the same as before."""
    with office.services.catalogue.write() as tx:
        access.note(tx, office.services.clock(), "", "session.refused", "")
    store_access_log(office.services)
    seal(office.services)
    office.page("1.jpg", 10, text="giấy khai sinh")
    office.digitise()
    seal(office.services)
    assert seals.ACCESS_LOG in _all(office)[1].heads
    assert verify_seals(office.services).verdict == "valid"


def test_a_time_stamp_over_another_root_is_found(archived: PaperOffice) -> None:
    """A sound token that was taken for another seal does not pass for this one's."""
    seal(archived.services)
    _confirm(archived)
    seal(archived.services)
    with archived.services.catalogue.write() as tx:
        other = text("UPDATE seal SET token = (SELECT token FROM seal WHERE id = 1) WHERE id = 2")
        tx.execute(other)
    finding = verify_seals(archived.services)
    assert (finding.verdict, finding.code) == ("invalid", Code.SIGNATURE_INVALID)


def test_a_token_that_is_none_is_found(archived: PaperOffice) -> None:
    """Whatever bytes stand in its place."""
    seal(archived.services)
    with archived.services.catalogue.write() as tx:
        tx.execute(text("UPDATE seal SET token = :token").bindparams(token=b"\x30\x03\x02\x01\x05"))
    assert verify_seals(archived.services).code is Code.SIGNATURE_INVALID


def test_seals_of_the_program_before_are_taken_over(archived: PaperOffice) -> None:
    """They stay what they are, go into the store, and the next one is built upon them."""
    with archived.services.catalogue.write() as tx:
        heads = {head.dossier_id: head.digest for head in seals.heads(tx)}
        leaves = [_leaf(key, heads[key]) for key in sorted(heads)]
        old = seals.Seal(stamp(archived.clock()), merkle_root(leaves).hex(), heads, "", None, seals.FLAT)
        seals.add(tx, old)
    seal(archived.services)
    first, second = _all(archived)
    assert (first.form, second.form, second.previous) == (seals.FLAT, seals.ALL, seals.digest_of(first))
    finding = verify_seals(archived.services)
    assert (finding.verdict, finding.detail) == ("valid", "without_time_stamp=1")
    stored = [json.loads(data) for data in _seal_objects(archived)]
    assert {each["root"] for each in stored} == {first.root, second.root}


def _leaf(dossier_id: str, head: str) -> bytes:
    """Return the leaf of a dossier as the documentation of the archive has it."""
    return sha256(f"{dossier_id}:{head}".encode()).digest()


def _seal_objects(office: PaperOffice) -> list[bytes]:
    every = (office.services.store.read(ref.sha256) for ref in office.services.store.list())
    return [data for data in every if data.startswith(b'{"#":"hososo-seal 2",')]


def test_a_confirmation_closes_the_dossier_anew(archived: PaperOffice) -> None:
    """One manifest a dossier stays in the store, and it holds what was confirmed."""
    with archived.services.catalogue.read() as tx:
        before = events.head(tx, archived.dossier(CODE).id)
    _confirm(archived)
    with archived.services.catalogue.read() as tx:
        kinds = [event.kind for event in events.chain(tx, archived.dossier(CODE).id)]
        assert events.head(tx, archived.dossier(CODE).id) != before
    assert kinds[-3:] == ["closed", "confirmed", "closed"]
    every = (archived.services.store.read(ref.sha256) for ref in archived.services.store.list())
    manifests = [json.loads(data) for data in every if data.startswith(b'{"#":"hososo-manifest 2",')]
    assert len(manifests) == 2
    (own,) = [each for each in manifests if each["dossier"] == CODE]
    assert [each["confirmed_by"] for each in own["catalogue"]["document"]] == ["can-bo"]
    assert archived.unclaimed() == set()
