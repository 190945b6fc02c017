"""A module's configuration: shown, saved, refused beside the field, compared when two people save, restored."""

from __future__ import annotations

from flask import make_response, render_template, request, url_for
from pydantic import BaseModel
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from console.blueprint import requires_permission
from console.context import current, current_platform, runtime
from console.errors import ConfigInvalid, Conflict, Unknown
from console.services import configs
from console.storage.uow import read_session, unit_of_work
from console.web import htmx
from console.web.admin._blueprint import blueprint
from console.web.admin.config_page import Attempt, config_page
from console.web.admin.module_page import module_tabs
from console.web.admin.rows import line
from console.web.admin.sources import read_sources
from console.web.babel import gettext as _
from console.web.forms import model_of, read_changes

Answer = str | Response


@blueprint.get("/modules/<code>/config")
@requires_permission("modules.view")
def module_config(code: str) -> Answer:
    """The configuration form."""
    saved = request.args.get("saved", type=int)
    return _show(code, toast=_("Saved as revision %(number)s", number=saved) if saved else "")


@blueprint.post("/modules/<code>/config")
@requires_permission("modules.configure")
def module_config_save(code: str) -> Answer:
    """Store what was changed; nothing when the schema rejects it or somebody else saved first."""
    rt = runtime()
    typed = request.form
    schema = _schema(code)
    before = configs.read(read_session(), rt, current_platform.id, code)
    try:
        changes = read_changes(schema, typed, before.values)
        if not changes:
            return htmx.redirect(url_for("pages.module_config", code=code))
        with unit_of_work() as uow:
            revision = configs.save(
                uow,
                rt,
                current_platform.id,
                code,
                changes.values,
                unset=changes.unset,
                expected_revision=typed.get("revision", type=int),
                actor=current().actor,
                now=rt.clock(),
                note=typed.get("note", ""),
            )
    except ConfigInvalid as error:
        return _show(code, attempt=Attempt(typed, error.errors), status=422)
    except Conflict:
        return _show(code, attempt=_overtaken(code, typed), status=409)
    return htmx.redirect(url_for("pages.module_config", code=code, saved=revision))


@blueprint.post("/modules/<code>/config/restore")
@requires_permission("modules.configure")
def module_config_restore(code: str) -> Answer:
    """Bring an earlier revision back, as a new one."""
    rt = runtime()
    wanted = request.form.get("revision", type=int)
    if wanted is None:
        raise Unknown("revision", request.form.get("revision", ""))
    try:
        with unit_of_work() as uow:
            actor, now = current().actor, rt.clock()
            revision = configs.restore(uow, rt, current_platform.id, code, wanted, actor=actor, now=now)
    except ConfigInvalid as error:
        return _show(code, attempt=Attempt(None, error.errors), status=422)
    return htmx.redirect(url_for("pages.module_config", code=code, saved=revision))


def _schema(code: str) -> type[BaseModel]:
    definition = runtime().registry[code].definition
    schema = None if definition is None else model_of(definition)
    if schema is None:
        raise Unknown("configuration", code)
    return schema


def _overtaken(code: str, typed: MultiDict[str, str]) -> Attempt:
    theirs = configs.read(read_session(), runtime(), current_platform.id, code)
    return Attempt(typed, {}, theirs=theirs.values)


def _show(code: str, *, attempt: Attempt | None = None, status: int = 200, toast: str = "") -> Answer:
    session = read_session()
    src = read_sources(session)
    page = config_page(
        _schema(code),
        configs.read(session, runtime(), current_platform.id, code),
        revision=configs.revision_of(session, current_platform.id, code),
        may_save=src.may_configure,
        url=url_for("pages.module_config", code=code),
        attempt=attempt,
    )
    tabs = module_tabs(src, code, here="config")
    html = render_template("admin/module_config.html", row=line(src, code), page=page, tabs=tabs, toast_text=toast)
    return make_response(html, status)
