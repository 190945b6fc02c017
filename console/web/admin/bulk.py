"""Switching several modules by one plan: the list's selection, and any address that names modules."""

from __future__ import annotations

from flask import flash, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from console.blueprint import requires_permission
from console.context import current_platform, runtime
from console.domain.plan_types import ChangeRequest
from console.errors import UsageError
from console.phrases import say
from console.services import plans
from console.storage.uow import read_session
from console.web import htmx
from console.web.admin._blueprint import blueprint
from console.web.admin.plan_about import about_many
from console.web.admin.plan_views import plan_answer
from console.web.admin.toggles import accept
from console.web.babel import gettext as _

Answer = str | Response


@blueprint.get("/operations/plan")
@requires_permission("modules.toggle")
def operations_plan() -> Answer:
    """One plan for all modules that ``on`` and ``off`` name, or for a selection of ``code`` with what it wants."""
    want = _wanted(request.args)
    if not want:
        return _nothing_chosen()
    rt = runtime()
    plan = plans.preview(read_session(), rt, current_platform.id, _asked(want, prune="prune" in request.args))
    return plan_answer(plan, about_many(rt.registry, want))


@blueprint.post("/operations/plan")
@requires_permission("modules.toggle")
def operations_plan_accept() -> Answer:
    """Accept the plan of the modules that the address names."""
    want = _wanted(request.args)
    if not want:
        raise UsageError(say("The address names no module."), hint=say("Choose modules in the list."))
    asked = _asked(want, prune="prune" in request.form)
    return accept(asked, about_many(runtime().registry, want), shown=request.form.get("shown", ""))


def _asked(want: dict[str, bool], *, prune: bool) -> ChangeRequest:
    return ChangeRequest(want, prune=prune)


def _wanted(given: MultiDict[str, str]) -> dict[str, bool]:
    """Code → on or off, in the order of the address.

    Raises:
        UsageError: A module is asked for both ways.
        Unknown: There is no such module.
    """
    on, off = given.getlist("on"), given.getlist("off")
    if given.get("want") == "off":
        off += given.getlist("code")
    else:
        on += given.getlist("code")
    both = sorted(set(on) & set(off))
    if both:
        text = say("%(modules)s: asked for on and off at once.", modules=", ".join(both))
        raise UsageError(text, hint=say("Ask for one of the two."))
    want = {**dict.fromkeys(on, True), **dict.fromkeys(off, False)}
    for code in want:
        runtime().registry[code]
    return want


def _nothing_chosen() -> Answer:
    text = _("Choose at least one module first.")
    if htmx.is_partial():
        return htmx.toast(text, status=422, look="info")
    flash(text, "info")
    return htmx.redirect(url_for("pages.modules"))
