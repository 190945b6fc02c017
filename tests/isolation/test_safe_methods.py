"""Safe methods change nothing: every table is the same before and after a crawl of every address as every role."""

from __future__ import annotations

from itertools import product

import pytest
from werkzeug.routing import Rule

from console.domain.words import Role
from console.testing.people import Program, Visitor, log_in, program
from tests.isolation.conftest import Both
from tests.isolation.endpoints import ARGUMENT, FIXED, QUERIES, Endpoint, endpoints
from tests.isolation.state import state_of
from tests.isolation.stock import Tenant

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
HTML = {"Accept": "text/html"}
LOOKS = (
    ("HEAD", HTML),
    ("OPTIONS", HTML),
    ("GET", {**HTML, "HX-Request": "true", "HX-Request-Type": "partial"}),
)
"""Beside GET, which everybody does everywhere, these by turns."""


def everywhere(rule: Rule, tenant: Tenant) -> str:
    """The address of any rule, the instance's and people's too."""
    if rule.rule.startswith(("/admin/", "/vendor/", "/api/admin/", "/api/vendor/")):
        return Endpoint(rule.endpoint, rule, "GET").path(tenant)
    known = {**FIXED, **tenant.ids, "session_id": "1", "passkey_id": "1"}
    return ARGUMENT.sub(lambda found: known[found[1]], rule.rule) + QUERIES.get(rule.endpoint, "")


def test_a_crawl_of_every_address_leaves_every_table_as_it_was(both: Both) -> None:
    app, own, _other = both
    askers: list[Visitor | Program | None] = [None, *own.people.values(), *own.programs.values()]
    askers += [log_in(app, Role.INSTANCE_ADMIN), program(app)]
    before = state_of(app)
    answered, wrong = 0, []
    for turn, (rule, asker) in enumerate(product(app.url_map.iter_rules(), askers)):
        client = app.test_client() if asker is None else asker.client
        given = dict(asker.headers) if isinstance(asker, Program) else {}
        for method, headers in (("GET", HTML), LOOKS[turn // len(askers) % 3]):
            answer = client.open(everywhere(rule, own), method=method, headers={**headers, **given}, buffered=True)
            answer.get_data()
            answered += 200 <= answer.status_code < 300
            if answer.status_code >= 500 and rule.endpoint != "ops.readyz":
                wrong.append(f"{method} {rule.rule}: {answer.status_code}")
    assert wrong == []
    assert answered > len(endpoints(app))
    after = state_of(app)
    assert [name for name in before if before[name] != after[name]] == []
