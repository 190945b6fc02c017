"""The whole toggle, from the POST to the answer with every changed row, against reading the row again."""

from __future__ import annotations

from itertools import cycle

from sqlalchemy import select

from benchmarks.runner import Case
from benchmarks.stage import MODULE, Stage, caller
from console.context import runtime
from console.domain.plan_types import ChangeRequest
from console.services import plans
from console.storage.tables import WebSession
from console.storage.uow import read_session
from console.testing.journeys import switch


def cases(stage: Stage) -> list[Case]:
    """G8 of the goals; a call is one toggle, so off and on take turns."""
    app, platform = stage.app, stage.platform
    with app.app_context():
        csrf = read_session().scalars(select(WebSession.csrf_token)).one()
    headers = {"Cookie": stage.cookie, "HX-Request": "true", "Origin": "http://localhost", "X-CSRF-Token": csrf}
    base = f"/admin/{platform.slug}/modules/{MODULE}"
    turns = []
    for on in (False, True):
        with app.app_context():
            digest = plans.preview(read_session(), runtime(), platform.id, ChangeRequest({MODULE: on})).digest
        form = {"want": "on" if on else "off", "plan": digest}
        address = f"{base}/{'enable' if on else 'disable'}"
        turns.append(caller(app, address, status=200, method="POST", headers=headers, data=form))
        switch(app, platform.id, MODULE, on=on)
    turn = cycle(turns)

    def toggle() -> bytes:
        return next(turn)()

    return [
        Case("GET of the row", caller(app, f"{base}/row", status=200, headers=headers), loops=4),
        Case("POST of the toggle", toggle, loops=4, limit="GET of the row", goal=2.0),
    ]
