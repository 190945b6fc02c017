"""A module's configuration: shown, judged while somebody writes, reviewed, saved, compared when two people save."""

from __future__ import annotations

from flask import flash, make_response, render_template
from werkzeug.wrappers import Response

from console.blueprint import requires_permission
from console.context import current, current_platform, runtime
from console.domain.reasons import Fault, Reason
from console.errors import ConfigInvalid, Conflict, RuleRefused
from console.services import configs
from console.services.configs import Preview
from console.storage.uow import read_session, unit_of_work
from console.toolbox import may
from console.web import htmx
from console.web.admin._blueprint import blueprint
from console.web.admin.config_conflict import conflict_lines, is_overtaken, parted, settled
from console.web.admin.config_desk import Desk, carried, open_desk, typed_form
from console.web.admin.config_hints import View
from console.web.admin.config_lines import is_set_here, line_named
from console.web.admin.config_page import Attempt, config_page
from console.web.admin.config_words import differences
from console.web.admin.module_page import module_tabs
from console.web.admin.rows import line
from console.web.admin.sources import read_sources
from console.web.babel import gettext as _
from console.web.forms import Changes, Posted, config_form, read_changes

Answer = str | Response
LOCKED = Reason(Fault("it is set outside the console and cannot be changed here"))


@blueprint.get("/modules/<code>/config")
@requires_permission("modules.view")
def module_config(code: str) -> Answer:
    """The configuration form."""
    return _show_form(open_desk(code))


@blueprint.post("/modules/<code>/config")
@requires_permission("modules.configure")
def module_config_save(code: str) -> Answer:
    """Store what was changed, after a look at it when the form asks for one (``review``).

    Nothing is stored when the schema rejects it, when somebody else saved first, or when the form only asks: for its
    review, for the judgement of one input (``check``), or to come back (``edit``).
    """
    desk = open_desk(code)
    typed = typed_form(desk)
    if "check" in typed and htmx.is_partial():
        return _judged(desk, typed)
    if "reset_all" in typed:
        typed.setlist("unset", _resettable(desk))
    seen, began = typed.get("revision", type=int), typed.get("began", type=int)
    if began is not None or seen not in (None, desk.revision):
        found = parted(desk, typed, began if began is not None else seen or 0)
        made, missing = settled(found, typed)
        if missing or (is_overtaken(found) and seen != desk.revision):
            return _show_conflict(desk, typed, began=began if began is not None else seen or 0)
        typed = made
    if "edit" in typed:
        return _show_form(desk, attempt=Attempt(typed))
    return _go_on(desk, typed)


def _go_on(desk: Desk, typed: Posted) -> Answer:
    """Review or save what was typed against what is in force now."""
    try:
        changes = read_changes(desk.sheet, typed)
        if not changes and not desk.damaged:
            flash(_("Nothing was changed."))
            return htmx.redirect(desk.url)
        if "review" in typed:
            return _show_review(desk, typed, _preview(desk, changes))
        revision = _save(desk, typed, changes)
    except ConfigInvalid as error:
        return _show_form(desk, attempt=Attempt(typed, error.errors), status=422)
    except RuleRefused as error:
        if error.code != "config_locked":
            raise
        return _show_form(desk, attempt=Attempt(typed, {str(error.details["key"]): LOCKED}), status=409)
    except Conflict:
        return _show_conflict(open_desk(desk.code), typed, began=desk.revision)
    flash(_("Saved as revision %(number)s", number=revision))
    return htmx.redirect(desk.url)


def _preview(desk: Desk, changes: Changes) -> Preview:
    return configs.preview(
        read_session(), runtime(), current_platform.id, desk.code, changes.values, unset=changes.unset
    )


def _save(desk: Desk, typed: Posted, changes: Changes) -> int:
    rt = runtime()
    with unit_of_work() as uow:
        return configs.save(
            uow,
            rt,
            current_platform.id,
            desk.code,
            changes.values,
            unset=changes.unset,
            expected_revision=desk.revision if "revision" in typed else None,
            actor=current().actor,
            now=rt.clock(),
            note=typed.get("note", ""),
        )


def _resettable(desk: Desk) -> list[str]:
    keys = [each.key for each in desk.inputs]
    return [key for key in keys if is_set_here(desk, key) and not desk.effective.is_locked(key)]


def _judged(desk: Desk, typed: Posted) -> Answer:
    """One input with what the schema says of it; the rest of the form only lends its values."""
    errors: dict[str, str] = {}
    try:
        _preview(desk, read_changes(desk.sheet, typed))
    except ConfigInvalid as error:
        errors = error.errors
    found = line_named(View(desk, errors, typed, may_save=True), typed.get("check", ""))
    if found is None:
        return htmx.partial("admin/_config_field.html", line=None, status=404)
    return htmx.partial("admin/_config_field.html", line=found, form=config_form(desk.sheet, typed))


# --- pages ------------------------------------------------------------------------------------------------------------


def show(desk: Desk, part: str, *, status: int = 200, **context: object) -> Answer:
    """A page of the configuration with ``part`` in it, or the part alone for htmx."""
    if htmx.is_partial():
        return make_response(render_template("admin/_config.html", part=part, desk=desk, **context), status)
    src = read_sources(read_session())
    row, tabs = line(src, desk.code), module_tabs(src, desk.code, here="config")
    html = render_template("admin/module_config.html", row=row, tabs=tabs, part=part, desk=desk, **context)
    return make_response(html, status)


def _show_form(desk: Desk, *, attempt: Attempt | None = None, status: int = 200) -> Answer:
    page = config_page(desk, may_save=may("modules.configure"), attempt=attempt)
    return show(desk, "admin/_config_form.html", status=status, page=page)


def _show_review(desk: Desk, typed: Posted, preview: Preview) -> Answer:
    rows, hidden = differences(desk, preview), carried(desk, typed)
    return show(desk, "admin/_config_review.html", rows=rows, hidden=hidden, note=typed.get("note", ""))


def _show_conflict(desk: Desk, typed: Posted, *, began: int) -> Answer:
    lines = conflict_lines(parted(desk, typed, began), typed, asked="began" in typed)
    hidden, note = carried(desk, typed), typed.get("note", "")
    return show(desk, "admin/_config_conflict.html", status=409, lines=lines, hidden=hidden, note=note, began=began)
