"""Search over the whole instance."""

from __future__ import annotations

from console.blueprint import requires_permission
from console.web.instance._blueprint import blueprint
from console.web.search import answer


@blueprint.get("/search")
@requires_permission("instance.manage")
def search() -> str:
    """Platforms, vendors, people, installed modules, pages and actions."""
    return answer()
