"""The danger zone of a module: what it keeps here, the export of it, and deleting it for good."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Response as StreamedResponse
from flask import flash, make_response, render_template, request, stream_with_context, url_for
from werkzeug.wrappers import Response

from console.blueprint import requires_permission, requires_proof
from console.context import current, current_platform, runtime
from console.domain.plan_types import Notice
from console.errors import RuleRefused, UsageError
from console.services import purge as service
from console.services import purge_export
from console.services.purge import PurgeView
from console.storage.uow import end_read, read_session, unit_of_work
from console.web import htmx
from console.web.admin import texts
from console.web.admin._blueprint import blueprint
from console.web.admin.module_page import module_tabs
from console.web.admin.rows import line
from console.web.admin.sources import read_sources
from console.web.babel import gettext as _

Answer = str | Response


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Why nothing may be deleted now, and the way out."""

    text: str
    hint: str = ""
    url: str | None = None
    link: str = ""


@blueprint.get("/modules/<code>/purge")
@requires_permission("modules.purge")
def module_purge(code: str) -> Answer:
    """What would be deleted: tables with their rows, and settings."""
    return _show(code)


@blueprint.post("/modules/<code>/purge")
@requires_permission("modules.purge")
@requires_proof
def module_purge_accept(code: str) -> Answer:
    """Delete what the module keeps for this platform, when its name was typed."""
    rt, typed = runtime(), request.form.get("confirm", "").strip()
    try:
        with unit_of_work() as uow:
            actor, now = current().actor, rt.clock()
            done = service.purge(uow, rt, current_platform.id, code, confirm=typed, actor=actor, now=now)
    except RuleRefused:
        return _show(code, status=409)
    except UsageError:
        return _show(code, typed=typed, error=_("This is not the name. Nothing was deleted."), status=422)
    name = texts.module_name(rt.registry, code)
    if done.is_empty:
        flash(_("There was nothing to delete"))
    else:
        flash(_("What %(module)s kept for %(platform)s is deleted", module=name, platform=current_platform.name))
    return htmx.redirect(url_for("pages.module_purge", code=code))


@blueprint.get("/modules/<code>/purge/export")
@requires_permission("modules.purge")
def module_purge_export(code: str) -> StreamedResponse:
    """What would be deleted, as a JSON file that is sent while it is read."""
    rt = runtime()
    pieces = purge_export.export(read_session(), rt, current_platform.id, code, now=rt.clock())
    name = f"{current_platform.slug}-{code}-{rt.clock():%Y%m%d}.json"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return StreamedResponse(stream_with_context(pieces), mimetype="application/json", headers=headers)


def _show(code: str, *, typed: str = "", error: str = "", status: int = 200) -> Answer:
    end_read()
    session = read_session()
    src = read_sources(session)
    view = service.look(session, runtime(), current_platform.id, code)
    codes = {block.code for block in view.blocks}
    html = render_template(
        "admin/module_purge.html",
        row=line(src, code),
        tabs=module_tabs(src, code, here="purge"),
        view=view,
        obstacles=[_obstacle(view, block) for block in view.blocks],
        readable=not codes & {"quarantined", "needs_migration"},
        typed=typed,
        error=error,
    )
    return make_response(html, status)


def _obstacle(view: PurgeView, block: Notice) -> Obstacle:
    """The block in the language of the page; what has no words of its own here is shown as the rule says it."""
    name = texts.module_name(runtime().registry, view.module)
    known = {
        "core_protected": Obstacle(
            _("%(module)s is a core module: it is never off, and what it keeps stays.", module=name)
        ),
        "not_disabled": Obstacle(
            _("%(module)s is not switched off on this platform.", module=name),
            _("Only what is off can be deleted: somebody may be working with it."),
            url_for("pages.module_disable", code=view.module),
            _("Switch it off"),
        ),
        "operation_open": Obstacle(
            _("An operation of this platform is still open."),
            _("Wait for its end, or cancel it."),
            url_for("pages.operations"),
            _("Show operations"),
        ),
        "work_open": Obstacle(
            _("%(module)s still works in the background here: a task or a delivery has not ended.", module=name),
            _("Wait for its end; a runner must be alive for that."),
        ),
        "quarantined": Obstacle(
            _("%(module)s is quarantined, so nobody knows its tables.", module=name),
            _("Mend the module and start the console again."),
        ),
        "rows_in_use": Obstacle(
            _("Rows of other modules refer to these: %(tables)s", tables=", ".join(view.used_by)),
            _("Purge those modules first."),
        ),
    }
    return known.get(block.code) or Obstacle(block.message, block.hint)
