"""What must be true when a campaign is over: both sides have one set, nothing twice, no refusal without a reason."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Iterator, Sequence
from random import Random

from catalog import Catalogue, documents, events, intakes, portal_packages, renditions
from dossier.digest import of_bytes
from dossier.portal import Package, PackageState
from tests.fakes.portal import Portal

_FETCHED = 12  # dossiers whose files are fetched by their links


def judge(catalogue: Catalogue, portal: Portal, codes: Sequence[str]) -> list[str]:
    """Return what is not as it must be."""
    return [*portal.findings, *_sets(catalogue, portal, codes), *_doubles(portal), *_chains(catalogue, codes)]


def judge_links(portal: Portal, codes: Sequence[str], dice: Random) -> list[str]:
    """Fetch the files of some dossiers as the portal would; return what is not as it must be."""
    found = []
    for code in dice.sample(list(codes), min(_FETCHED, len(codes))):
        _, key = portal.taken[code]
        record = portal.records[key]
        links = [paper["DuongDanTaiTepTin"] for paper in record["TaiLieuNop"]]
        links += [result["DuongDanTepTinKetQua"] for result in record["GiayToKetQua"]]
        for link in links:
            found += _fetched(link)
    return found


def _fetched(link: str) -> Iterator[str]:
    with urllib.request.urlopen(link, timeout=20) as answer:  # noqa: S310 - a link of ours
        data, tag = answer.read(), answer.headers["etag"].strip('"')
    if of_bytes(data) != tag:
        yield "a file is not that of its digest"
    try:
        with urllib.request.urlopen(f"{link[:-4]}xxxx", timeout=20):  # noqa: S310
            yield "a wrong token gives a file"
    except urllib.error.HTTPError as exc:
        if exc.code != 404:
            yield f"a wrong token is answered with {exc.code}"
        exc.close()


def _sets(catalogue: Catalogue, portal: Portal, codes: Sequence[str]) -> Iterator[str]:
    for code in codes:
        packages = _packages(catalogue, code)
        accepted = [(one.version, one.key) for one in packages if one.state is PackageState.ACCEPTED]
        if not accepted or accepted[-1] != portal.taken.get(code):
            yield f"sets differ: {code} here {accepted[-1:]}, there {portal.taken.get(code)}"
        elif packages[-1].version != accepted[-1][0]:
            yield f"not taken: {code} version {packages[-1].version} is {packages[-1].state}"
        elif {file.sha256 for file in packages[-1].files} != _present(catalogue, code):
            yield f"not the present files: {code}"
        for one in packages:
            if one.state is PackageState.REFUSED or (one.refusal and not one.reason):
                yield f"refused and left, or without a reason: {code} version {one.version}"
    if unknown := set(portal.taken) - set(codes):
        yield f"the portal has what is none of ours: {sorted(unknown)}"


def _doubles(portal: Portal) -> Iterator[str]:
    yield from (f"taken twice: {take}" for take, count in Counter(portal.takes).items() if count > 1)


def _chains(catalogue: Catalogue, codes: Sequence[str]) -> Iterator[str]:
    """Look at the event chains: whole, and each acceptance told once."""
    with catalogue.read() as tx:
        for code in codes:
            dossier = intakes.find_dossier(tx, code)
            assert dossier is not None
            events.check_chain(tx, dossier.id)
            told = Counter(json.dumps(e.payload) for e in events.chain(tx, dossier.id) if e.kind == "portal_accepted")
            yield from (f"told twice: {code} {what}" for what, count in told.items() if count > 1)


def _present(catalogue: Catalogue, code: str) -> set[str]:
    """Return the digests of the files that the archive has of a dossier now."""
    with catalogue.read() as tx:
        dossier = intakes.find_dossier(tx, code)
        assert dossier is not None
        forms = [renditions.final(tx, one.id) for one in documents.live(tx, dossier.id)]
    return {form.ref.sha256 for form in forms if form is not None}


def _packages(catalogue: Catalogue, code: str) -> list[Package]:
    with catalogue.read() as tx:
        dossier = intakes.find_dossier(tx, code)
        return portal_packages.of_dossier(tx, dossier.id) if dossier else []
