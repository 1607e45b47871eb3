"""What would lose its proof is found in time, validated, and given another time stamp; nothing is done twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from catalog import events, renditions, renewals
from dossier.errors import Code, Unavailable
from pipeline import renewing
from pipeline.manifest import manifest_of
from pipeline.renewing import Renewed, due, renew_due
from pipeline.sweeping import sweep
from pipeline.verification import verify_dossier
from signing.renewal import RenewalPolicy, policy_in_force
from signing.verdict import TrustPolicy
from tests.fakes.office import PaperOffice

YEARS = timedelta(days=365)


@pytest.fixture
def old(office: PaperOffice) -> PaperOffice:
    """Return an office whose one document an earlier release archived, without a document time stamp."""
    office.page("1.jpg", 10)
    office.services = replace(office.services, signing_level="B-T")
    office.digitise()
    office.services = replace(office.services, signing_level="B-LTA")
    return office


def policy(office: PaperOffice) -> RenewalPolicy:
    """Return the policy of today."""
    return policy_in_force(office.clock())


def run(office: PaperOffice, *, again: bool = False, years: float = 0) -> Renewed:
    """Renew what is due in so many years, and work."""
    before = office.clock() + years * YEARS
    done = renew_due(office.services, policy(office), before, refused_too=again)
    office.drain()
    return done


def roles(office: PaperOffice) -> list[str]:
    """Return the roles of what is stored of the one document."""
    with office.services.catalogue.read() as tx:
        return [
            stored.role for stored in renditions.of_document(tx, office.documents()[0].id) if stored.role != "report"
        ]


def sound(office: PaperOffice) -> bool:
    """Return whether every byte, signature and chain is, and nothing is stored that nobody needs."""
    sweep(office.services)
    valid = all(finding.verdict == "valid" for finding in verify_dossier(office.dossier(), office.services))
    return valid and office.unclaimed() == set() == office.missing()


def test_what_is_due_is_renewed_once(old: PaperOffice) -> None:
    """The earlier file stays, the manifest names both, the chain tells; then nothing is due for years."""
    assert [each.form.level for each in due(old.services, policy(old), old.clock())] == ["B-T"]
    assert (run(old), run(old)) == (Renewed(renewed=1), Renewed())
    assert roles(old) == ["signed", "signed-1"]
    assert sound(old)
    with old.services.catalogue.read() as tx:
        kinds = [event.kind for event in events.chain(tx, old.dossier().id)]
        (document,) = manifest_of(tx, old.dossier())["documents"]
        stored = renditions.final(tx, old.documents()[0].id)
    assert kinds[-2:] == ["renewed", "closed"]
    assert [one["role"] for one in document["renditions"]] == ["report", "signed", "signed-1"]
    assert stored is not None
    assert stored.facts is not None
    assert (stored.facts.level, stored.facts.stamp_digest) == ("B-LTA", "sha256")


def test_a_time_stamp_is_due_a_year_before_its_certificate_ends(old: PaperOffice) -> None:
    """The development authority's holds for ten years; another generation of the file follows."""
    run(old)
    assert [each.at is not None for each in due(old.services, policy(old), old.clock() + 8.9 * YEARS)] == []
    assert [each.at is not None for each in due(old.services, policy(old), old.clock() + 9.1 * YEARS)] == [True]
    with old.services.catalogue.read() as tx:
        assert [renewals.ending(tx, old.clock() + years * YEARS) for years in (9.9, 10.1)] == [0, 1]
    assert run(old, years=9.1) == Renewed(renewed=1)
    assert roles(old) == ["signed", "signed-1", "signed-2"]
    assert sound(old)


def test_a_weak_algorithm_makes_everything_due(old: PaperOffice) -> None:
    """Whatever the certificates say, and the new time stamp is over the stronger digest."""
    run(old)
    end = old.clock() + YEARS / 2
    stricter = replace(policy(old), digest="sha512", ends=(("sha256", end),))
    assert renew_due(old.services, stricter, old.clock()) == Renewed(renewed=1)
    assert renew_due(old.services, stricter, old.clock()) == Renewed()
    assert sound(old)


def test_nothing_is_renewed_over_a_failed_verdict(old: PaperOffice) -> None:
    """It is told, tried again only when a person says so, and then the matter is settled."""
    trusted = old.services.trust
    old.services = replace(old.services, trust=TrustPolicy(()))
    assert (run(old), run(old)) == (Renewed(refused=1), Renewed())
    assert roles(old) == ["signed"]
    assert [(problem.subject, problem.code) for problem in old.problems()] == [("1.jpg#1", Code.RENEWAL_REFUSED)]
    old.services = replace(old.services, trust=trusted)
    assert run(old, again=True) == Renewed(renewed=1)
    assert old.problems() == []
    assert sound(old)


@pytest.mark.parametrize("point", [pytest.param("extend_pdf", marks=pytest.mark.long), "keep", "_record"])
def test_a_run_that_ends_in_the_middle_leaves_the_old_file_or_the_new(
    old: PaperOffice, monkeypatch: pytest.MonkeyPatch, point: str
) -> None:
    """Killed before, between or after storing: the next run does it all, and the leavings are swept."""

    def cut(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(renewing, point, cut)
        with pytest.raises(KeyboardInterrupt):
            run(old)
    assert roles(old) == ["signed"]
    old.clock.later(2 * 86_400)  # what was announced by hand may be swept a day later
    assert sound(old)
    assert run(old) == Renewed(renewed=1)
    assert sound(old)


def test_of_two_runs_one_counts(old: PaperOffice) -> None:
    """Both renew the same file at the same time: one result is recorded, the other's bytes are swept."""
    (first,) = list(due(old.services, policy(old), old.clock()))
    run(old)
    assert renewing.renew(first.form, old.services, policy(old))
    assert roles(old) == ["signed", "signed-1"]


def test_a_silent_authority_loses_nothing(old: PaperOffice) -> None:
    """The run ends with its cause; the next one goes on."""
    old.tsa.silent = True
    with pytest.raises(Unavailable) as caught:
        run(old)
    assert caught.value.code is Code.TSA_UNAVAILABLE
    old.tsa.silent = False
    assert run(old) == Renewed(renewed=1)


def test_an_office_that_signs_lower_on_purpose_is_left_alone(old: PaperOffice) -> None:
    """What has no document time stamp is then no omission."""
    old.services = replace(old.services, signing_level="B-T")
    assert run(old) == Renewed()
