"""Putting an earlier revision of a configuration in force again: first what it would change, then the deed."""

from __future__ import annotations

from flask import flash, request
from werkzeug.wrappers import Response

from console.blueprint import requires_permission
from console.context import current, current_platform, runtime
from console.errors import ConfigInvalid, Conflict, Unknown
from console.services import config_history
from console.storage.uow import read_session, unit_of_work
from console.web import htmx
from console.web.admin._blueprint import blueprint
from console.web.admin.config import show
from console.web.admin.config_desk import Desk, open_desk
from console.web.admin.config_page import troubles
from console.web.admin.config_words import differences
from console.web.babel import gettext as _

Answer = str | Response


@blueprint.get("/modules/<code>/config/restore")
@requires_permission("modules.configure")
def module_config_restore_review(code: str) -> Answer:
    """What bringing a revision back would change; writes nothing."""
    return _show(open_desk(code), _number(request.args.get("revision", "")))


@blueprint.post("/modules/<code>/config/restore")
@requires_permission("modules.configure")
def module_config_restore(code: str) -> Answer:
    """Bring an earlier revision back, as a new one."""
    desk, rt = open_desk(code), runtime()
    wanted = _number(request.form.get("revision", ""))
    try:
        with unit_of_work() as uow:
            revision = config_history.restore(
                uow,
                rt,
                current_platform.id,
                code,
                wanted,
                actor=current().actor,
                now=rt.clock(),
                note=request.form.get("note", ""),
                expected_revision=request.form.get("seen", type=int),
            )
    except ConfigInvalid:
        return _show(desk, wanted, status=422)
    except Conflict:
        return _show(open_desk(code), wanted, status=409)
    same = revision == desk.revision
    flash(_("Nothing was changed.") if same else _("Saved as revision %(number)s", number=revision))
    return htmx.redirect(desk.url)


def _number(text: str) -> int:
    if not text.isdecimal():
        raise Unknown("revision", text)
    return int(text)


def _show(desk: Desk, wanted: int, *, status: int = 200) -> Answer:
    """The page of a revision; one that today's schema rejects shows why and cannot be restored."""
    session, rt = read_session(), runtime()
    context: dict[str, object] = {"wanted": wanted, "rows": (), "plan": None, "troubles": ()}
    try:
        preview, plan = config_history.preview_restore(session, rt, current_platform.id, desk.code, wanted)
        context |= {"rows": differences(desk, preview), "plan": plan}
    except ConfigInvalid as error:
        context["troubles"] = tuple(troubles(desk, error.errors))
    return show(desk, "admin/_config_restore.html", status=status, overtaken=status == 409, **context)
