"""What vendors ask for: each request is granted by switching its module on, or declined with a reason."""

from __future__ import annotations

from dataclasses import dataclass

from flask import flash, make_response, render_template, request, url_for
from werkzeug.wrappers import Response

from console.blueprint import requires_permission
from console.context import current, current_platform, runtime
from console.domain.snapshot import Snapshot
from console.errors import Conflict, ConsoleError, UsageError
from console.services import requests as service
from console.services import snapshots
from console.services.requests import RequestView
from console.storage.uow import read_session, unit_of_work
from console.toolbox import may
from console.web import htmx
from console.web.admin import texts
from console.web.admin._blueprint import blueprint
from console.web.babel import gettext as _

Answer = str | Response
PAGE_SIZE = 30


@dataclass(frozen=True, slots=True)
class Wish:
    """A module that vendors ask for.

    Args:
        wanted: Whether it is on its way already.
        grant_url: The plan of switching it on; None for whoever may not.
    """

    code: str
    name: str
    description: str
    icon: str
    wanted: bool
    grant_url: str | None
    requests: tuple[RequestView, ...]


@dataclass(frozen=True, slots=True)
class Answered:
    """A request with its answer."""

    module: str
    view: RequestView


@blueprint.get("/requests")
@requires_permission("requests.view")
def requests() -> Answer:
    """The open requests by module, and those that were answered."""
    return _show()


@blueprint.post("/requests/<int:request_id>/decline")
@requires_permission("requests.answer")
def request_decline(request_id: int) -> Answer:
    """Answer one request with no, and why."""
    rt = runtime()
    note = request.form.get("note", "")
    try:
        with unit_of_work() as uow:
            service.decline(uow, rt, current_platform.id, request_id, note=note, actor=current().actor, now=rt.clock())
    except UsageError as error:
        return _show(status=422, refused=request_id, error=error, typed=note)
    except Conflict as error:
        return _show(status=409, error=error)
    message = _("The request is declined")
    if htmx.is_partial():
        return _show(message=message)
    flash(message)
    return htmx.redirect(url_for("pages.requests"))


def _show(
    *, status: int = 200, refused: int = 0, error: ConsoleError | None = None, typed: str = "", message: str = ""
) -> Answer:
    session, rt = read_session(), runtime()
    waiting = service.open_of(session, current_platform.id)
    current().open_requests = len(waiting)
    found = service.answered(
        session, current_platform.id, limit=PAGE_SIZE + 1, before=request.args.get("before", type=int)
    )
    older = url_for("pages.requests", before=found[PAGE_SIZE - 1].id) if len(found) > PAGE_SIZE else None
    snapshot = snapshots.current(session, rt, current_platform.id)
    html = render_template(
        "admin/_requests_changed.html" if htmx.is_partial() else "admin/requests.html",
        wishes=_wishes(snapshot, waiting),
        answered=[Answered(texts.module_name(rt.registry, each.module), each) for each in found[:PAGE_SIZE]],
        older_url=older,
        may_answer=may("requests.answer"),
        refused=refused,
        error=error,
        typed=typed,
        message=message,
    )
    return make_response(html, status)


def _wishes(snapshot: Snapshot, waiting: list[RequestView]) -> list[Wish]:
    """The modules that are asked for, those that most vendors want first."""
    by_module: dict[str, list[RequestView]] = {}
    for each in waiting:
        by_module.setdefault(each.module, []).append(each)
    wishes = [_wish(snapshot, code, tuple(views)) for code, views in by_module.items()]
    return sorted(wishes, key=lambda wish: (-len(wish.requests), wish.name.lower()))


def _wish(snapshot: Snapshot, code: str, views: tuple[RequestView, ...]) -> Wish:
    registry = runtime().registry
    definition = registry[code].definition if code in registry else None
    row = snapshot.rows.get(code)
    can = definition is not None and registry[code].live and may("modules.toggle")
    return Wish(
        code=code,
        name=texts.module_name(registry, code),
        description=definition.description if definition is not None else "",
        icon=definition.icon if definition is not None else "package",
        wanted=row is not None and row.wanted,
        grant_url=url_for("pages.module_enable", code=code) if can else None,
        requests=views,
    )
