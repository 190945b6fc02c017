"""What requires what on a platform, as a picture with a table beside it."""

from __future__ import annotations

from flask import render_template
from werkzeug.wrappers import Response

from console.blueprint import requires_permission
from console.storage.uow import read_session
from console.web.admin._blueprint import blueprint
from console.web.admin.listing import lines
from console.web.admin.sources import read_sources
from console.web.babel import gettext as _
from console.web.drawing import Standing, draw


@blueprint.get("/modules/-/graph")  # no code begins with a hyphen
@requires_permission("modules.view")
def module_graph() -> str | Response:
    """Every module with its state, and lines to what it requires."""
    src = read_sources(read_session())
    rows = {row.code: row for row in lines(src)}

    def standing_of(code: str) -> Standing:
        row = rows.get(code)
        if row is None:
            return Standing(code, "missing", _("Not installed"), None)
        sick = row.look == "on" and row.attention
        word = row.health_text if sick else row.word
        return Standing(row.name, "attention" if sick else row.family, word, row.url, core=row.kind.value == "core")

    return render_template("admin/graph.html", drawing=draw(src.registry, standing_of))
