"""What stands between a request and its view: the gate alone, the whole way in, the page of a module that is off."""

from __future__ import annotations

from flask import Flask

from benchmarks.runner import Case
from benchmarks.stage import MODULE, Stage, caller
from console.context import runtime
from console.services import snapshots
from console.storage.uow import read_session
from console.testing.journeys import switch


def cases(stage: Stage) -> list[Case]:
    """G1, G3 and G7 of the goals."""
    app, platform = stage.app, stage.platform
    with app.app_context():
        snapshot = snapshots.current(read_session(), runtime(), platform.id)
    plain = {platform.id: snapshot.open}
    login = {"Cookie": stage.cookie}
    bare = _bare()
    switch(app, platform.id, "analytics", on=False)
    return [
        Case("module in snapshot[platform]", lambda: MODULE in plain[platform.id], loops=20_000),
        Case(
            "snapshot.is_open(module)",
            lambda: snapshot.is_open(MODULE),
            loops=20_000,
            limit="module in snapshot[platform]",
            goal=2.0,
        ),
        Case("bare Flask hello", caller(bare, "/hello", status=200), loops=40),
        Case(
            "session, login, gate, CSRF, then hello",
            caller(app, f"/admin/{platform.slug}/{MODULE}/", status=200, headers=login),
            loops=20,
            limit="bare Flask hello",
            goal=1.7,
        ),
        Case("bare Flask 404", caller(bare, "/nothing", status=404), loops=40),
        Case(
            "page of a module that is off",
            caller(app, f"/admin/{platform.slug}/analytics/", status=404, headers=login),
            loops=20,
            limit="bare Flask 404",
            goal=1.5,
        ),
    ]


def _bare() -> Flask:
    app = Flask("bare")
    app.add_url_rule("/hello", view_func=lambda: "hello", endpoint="hello")
    return app
