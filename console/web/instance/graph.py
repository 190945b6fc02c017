"""What requires what among the installed modules, whatever is on where."""

from __future__ import annotations

from flask import render_template, url_for
from werkzeug.wrappers import Response

from console.blueprint import requires_permission
from console.context import runtime
from console.web.babel import gettext as _
from console.web.drawing import Standing, draw
from console.web.instance._blueprint import blueprint


@blueprint.get("/graph")
@requires_permission("instance.manage")
def graph() -> str | Response:
    """Every installed module, and lines to what it requires."""
    rt = runtime()

    def standing_of(code: str) -> Standing:
        if code not in rt.registry:
            return Standing(code, "missing", _("Not installed"), None)
        module = rt.registry[code]
        look, word = "on", _("Loaded")
        if module.quarantine is not None:
            look, word = "failed", _("Quarantined")
        elif code in rt.unavailable:
            look, word = "waiting", _("Needs migration")
        elif code in rt.startup_failures:
            look, word = "attention", _("Start-up failed")
        href = url_for("instance.modules", _anchor=f"registry-{code}")
        return Standing(module.name, look, word, href, core=module.is_core)

    return render_template("instance/graph.html", drawing=draw(rt.registry, standing_of))
