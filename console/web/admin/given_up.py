"""What gave up after its last try: deliveries, tasks and operations that rest, and what becomes of them."""

from __future__ import annotations

from dataclasses import dataclass

from flask import flash, make_response, render_template, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from console.blueprint import requires_permission
from console.context import current, current_platform, runtime
from console.domain.sentences import recall
from console.domain.words import OperationState
from console.errors import Conflict
from console.services import given_up as service
from console.services import operation_search
from console.services.given_up import Decision, GivenUp, Kind
from console.services.operation_search import OperationQuery
from console.storage.uow import read_session, unit_of_work
from console.toolbox import may
from console.web import htmx
from console.web.admin import operation_list, texts
from console.web.admin._blueprint import blueprint
from console.web.admin.operation_page import OperationPage
from console.web.babel import gettext as _
from console.web.told import told

Answer = str | Response
SHOWN = 50


@dataclass(frozen=True, slots=True)
class Line:
    """One delivery or run in words, with the addresses of both decisions."""

    view: GivenUp
    title: str
    module: str
    error: str
    again_url: str
    let_go_url: str


@blueprint.get("/operations/given-up")
@requires_permission("operations.view")
def given_up() -> Answer:
    """Deliveries and tasks that gave up, the newest first, and the operations that rest as failed."""
    return _show()


@blueprint.post("/operations/given-up/<key>/<any('again', 'let-go'):decision>")
@requires_permission("operations.manage")
def given_up_decide(key: str, decision: str) -> Answer:
    """Have one tried again, or let it go."""
    rt = runtime()
    chosen = Decision(decision)
    try:
        with unit_of_work() as uow:
            done = service.decide(
                uow, rt, current_platform.id, key, decision=chosen, actor=current().actor, now=rt.clock()
            )
    except Conflict as error:
        return _show(status=409, refusal=told(error.sentence))
    message = _message(done, chosen)
    if htmx.is_partial():
        return _show(message=message)
    flash(message)
    return htmx.redirect(url_for("pages.given_up"))


def _message(done: GivenUp, decision: Decision) -> str:
    if decision is Decision.LET_GO:
        return _("It rests no longer; nothing more is tried")
    if done.kind is Kind.DELIVERY:
        return _("The event is delivered again")
    return _("The task is run again")


def _show(*, status: int = 200, message: str = "", refusal: str = "") -> Answer:
    session = read_session()
    shown = {kind: _lines(session, kind) for kind in Kind}
    html = render_template(
        "admin/_given_up_changed.html" if htmx.is_partial() else "admin/given_up.html",
        tabs=operation_list.tabs(session, current_platform.id),
        deliveries=shown[Kind.DELIVERY],
        tasks=shown[Kind.TASK],
        operations=_operations(session),
        more=any(len(lines) == SHOWN for lines in shown.values()),
        may_manage=may("operations.manage"),
        message=message,
        refusal=refusal,
    )
    return make_response(html, status)


def _lines(session: Session, kind: Kind) -> list[Line]:
    return [_line(view) for view in service.listing(session, current_platform.id, kind, limit=SHOWN)]


def _line(view: GivenUp) -> Line:
    module = "" if view.module is None else texts.module_name(runtime().registry, view.module)
    short = view.name.rpartition(".")[2]
    title = short if view.event is None else _("%(event)s of %(module)s", event=view.event.name, module=module)
    again, let_go = (
        url_for("pages.given_up_decide", key=view.key, decision=each.value)
        for each in (Decision.AGAIN, Decision.LET_GO)
    )
    return Line(view, title, module, told(recall(view.error)), again, let_go)


def _operations(session: Session) -> tuple[OperationPage, ...]:
    failed = OperationQuery(states=(OperationState.FAILED,))
    return operation_list.rows(operation_search.find(session, current_platform.id, failed, size=SHOWN).rows)
