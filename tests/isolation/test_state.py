"""What the hash of the tables is blind to, and what it is not."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from console.context import runtime
from console.storage.tables import WebSession
from console.storage.uow import read_session, unit_of_work
from tests.isolation.conftest import Both
from tests.isolation.state import state_of

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
HOUR = timedelta(hours=1)


def put_back(app: Flask) -> None:
    """As if everybody had been away for an hour."""
    with app.app_context(), unit_of_work() as uow:
        earlier = runtime().clock() - HOUR
        uow.session.execute(update(WebSession).values(last_seen_at=earlier, expires_at=earlier + 2 * HOUR))


def test_a_session_that_lives_on_is_no_change_and_one_that_ends_is(both: Both) -> None:
    app, own, _other = both
    put_back(app)
    before = state_of(app)
    client = own.people["vendor-owner"].client
    assert client.get("/account", buffered=True).status_code == 200
    with app.app_context():
        seen = read_session().scalars(select(WebSession.last_seen_at)).all()
        assert max(seen) - min(seen) >= HOUR
    assert state_of(app) == before
    with app.app_context(), unit_of_work() as uow:
        uow.session.delete(uow.session.scalars(select(WebSession).limit(1)).one())
    changed = {name for name, was in before.items() if state_of(app)[name] != was}
    assert changed == {"sessions"}
