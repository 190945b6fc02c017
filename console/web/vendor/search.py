"""Search from within a vendor's pages."""

from __future__ import annotations

from console.blueprint import requires_permission
from console.web.search import answer
from console.web.vendor._blueprint import blueprint


@blueprint.get("/search")
@requires_permission("vendor.view")
def search() -> str:
    """The vendor's pages and the other tenants that the person may open."""
    return answer()
