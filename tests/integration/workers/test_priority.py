"""Who waits at a counter goes before the backlog, with workers that poll and with each broker."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.e2e.hosts import running
from tests.e2e.program import wait_until
from tests.integration.workers.conftest import BROKERS, Site, further, opened_site

_BACKLOG_DOSSIERS, _BACKLOG_PAGES = 40, 5
_SHARE_BEFORE = 0.25
"""Share of the backlog's pages that may be read before the counter's dossier is archived, where workers are woken.

Polling, only the item in hand when the dossier is delivered goes before it. A woken process does the most urgent item
of the step that it is woken for; until the relay has sent the wake-up for the dossier's next step, it goes on with
those of the backlog that it has been woken for.
"""


@pytest.fixture(params=[further(BROKERS[0]), BROKERS[1], further(BROKERS[2])])
def brokered(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Give an installation whose workers poll, and one for each broker that wakes them."""
    with opened_site(tmp_path_factory.mktemp("site"), request.param, request) as made:
        yield made


def test_a_counter_overtakes_the_backlog(brokered: Site) -> None:
    """A dossier delivered at the counter is archived while nearly all of a backlog of 200 pages still waits."""
    look = brokered.look
    brokered.deliver(_BACKLOG_DOSSIERS, _BACKLOG_PAGES, "--backlog")
    host = brokered.host()
    with running(host):
        wait_until(lambda: _done(brokered, "priority > 0 and step = 'read'") > 0)
        brokered.deliver(1, 2)
        delivered = look.value("select max(created_at) from intake where priority = 0")
        wait_until(lambda: _done(brokered, "priority = 0 and step = 'close'") == 1)
        closed = look.value("select max(changed_at) from work_item where priority = 0")
    between = "priority > 0 and changed_at > :delivered and changed_at < :closed"
    overtaken_by = _done(brokered, between, delivered=delivered, closed=closed)
    pages = _BACKLOG_DOSSIERS * _BACKLOG_PAGES
    limit = 1 if "broker_url" not in brokered.program.settings else _SHARE_BEFORE * pages
    assert overtaken_by <= limit
    assert _done(brokered, "priority > 0 and step = 'close'") < _BACKLOG_DOSSIERS // 4


def _done(site: Site, condition: str, **values: object) -> int:
    query = "select count(*) from work_item where state = 'done' and "
    return int(site.look.value(query + condition, **values))
