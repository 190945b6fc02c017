"""Search from within a platform."""

from __future__ import annotations

from console.blueprint import requires_permission
from console.web.admin._blueprint import blueprint
from console.web.search import answer


@blueprint.get("/search")
@requires_permission("platform.view")
def search() -> str:
    """Modules, pages, actions, vendors and platforms; people for instance admins."""
    return answer()
