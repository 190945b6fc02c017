"""What a warm request costs before its view: one statement, no row loaded; and that one cannot be left out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest
from flask import Flask
from flask.typing import ResponseReturnValue
from sqlalchemy import event
from sqlalchemy.orm import Session

from console.domain.words import Role
from console.services import access
from console.services.access import RequestFacts
from console.services.snapshots import SnapshotCache
from console.storage.base import db
from console.testing.journeys import is_on, switch
from tests.support.shop import Shop, build_shop


@dataclass
class Cost:
    """What happened between the start of a request and its view."""

    statements: list[str] = field(default_factory=list)
    loads: list[object] = field(default_factory=list)
    at_view: list[tuple[int, int]] = field(default_factory=list)


@pytest.fixture
def shop(make_app: Callable[..., Flask]) -> Shop:
    made = build_shop(make_app())
    switch(made.app, made.acme.id, "orders", on=True)
    return made


@contextmanager
def counted(app: Flask, endpoint: str) -> Iterator[Cost]:
    """Statements and loaded rows, with where both stood when the view of ``endpoint`` began."""
    cost = Cost()
    view = app.view_functions[endpoint]

    def begin(*args: object, **values: object) -> ResponseReturnValue:
        cost.at_view.append((len(cost.statements), len(cost.loads)))
        return app.ensure_sync(view)(*args, **values)  # type: ignore[no-any-return]  # whatever the view gives

    def statement(_connection: object, _cursor: object, text: str, *_rest: object) -> None:
        cost.statements.append(text)

    def loaded(_session: Session, row: object) -> None:
        cost.loads.append(row)

    begin.__dict__.update(view.__dict__)
    app.view_functions[endpoint] = begin
    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", statement)
    event.listen(Session, "loaded_as_persistent", loaded)
    try:
        yield cost
    finally:
        event.remove(engine, "before_cursor_execute", statement)
        event.remove(Session, "loaded_as_persistent", loaded)
        app.view_functions[endpoint] = view


CASES = (
    ("pages.audit", "/admin/acme/audit", Role.PLATFORM_ADMIN),
    ("admin.orders.orders", "/admin/acme/orders/", Role.PLATFORM_ADMIN),
    ("vendor.orders.orders", "/vendor/blue/orders/", Role.VENDOR_OWNER),
    ("instance.settings", "/instance/settings", Role.INSTANCE_ADMIN),
)


def ask_twice(shop: Shop, endpoint: str, path: str, role: Role) -> Cost:
    """The cost of the second request for the same page."""
    person = shop.person(role)
    assert person.get(path).status_code == 200
    with counted(shop.app, endpoint) as cost:
        assert person.get(path).status_code == 200
    return cost


@pytest.mark.parametrize(("endpoint", "path", "role"), CASES)
def test_a_warm_request_needs_one_statement_before_its_view(shop: Shop, endpoint: str, path: str, role: Role) -> None:
    assert ask_twice(shop, endpoint, path, role).at_view == [(1, 0)]


def test_a_warm_api_request_needs_one_statement_before_its_view(shop: Shop) -> None:
    token = shop.token(shop.acme)
    assert token.send("GET", "/api/admin/orders/orders").status_code == 200
    with counted(shop.app, "api_admin.orders.list_all_orders") as cost:
        assert token.send("GET", "/api/admin/orders/orders").status_code == 200
    assert cost.at_view == [(1, 0)]


def test_a_visitor_costs_no_statement(shop: Shop) -> None:
    with counted(shop.app, "people.start") as cost:
        assert shop.app.test_client().get("/").status_code == 303
        assert shop.app.test_client().get("/admin/acme/orders/").status_code == 303
    assert (cost.at_view, cost.statements) == ([(0, 0)], [])


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
def test_the_one_statement_asks_for_session_account_and_revision(shop: Shop) -> None:
    statement = ask_twice(shop, *CASES[1]).statements[0]
    for part in ("sessions.token_hash = ?", "users.generation", "platforms.revision", "platforms.slug = ?"):
        assert part in statement


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
def test_without_the_revision_check_the_count_and_the_gate_are_both_wrong(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control: facts that are kept without asking make the count fail, and the gate stale."""
    ask = access.request_facts
    known: dict[object, RequestFacts] = {}

    def kept(session: Session, **asked: object) -> RequestFacts:
        key = tuple(asked.items())
        if key not in known:
            known[key] = ask(session, **asked)  # type: ignore[arg-type]  # handed through
        return known[key]

    monkeypatch.setattr(access, "request_facts", kept)
    assert ask_twice(shop, *CASES[1]).at_view == [(0, 0)]
    before = shop.app.extensions["console"].snapshots
    shop.app.extensions["console"].snapshots = SnapshotCache()
    switch(shop.app, shop.acme.id, "orders", on=False)
    assert not is_on(shop.app, shop.acme.id, "orders")
    shop.app.extensions["console"].snapshots = before
    assert shop.person(Role.PLATFORM_ADMIN).get("/admin/acme/orders/").status_code == 200
