"""Search for programs: what the search of a platform, a vendor or the instance finds, as JSON."""

from __future__ import annotations

from flask import Response, jsonify

from console.blueprint import requires_permission
from console.described import described
from console.web.api import overview_shapes as shapes
from console.web.api._blueprint import blueprint, instance, page_size, shop
from console.web.api.queries import SearchQuery
from console.web.search import asked


@blueprint.get("/admin/search")
@requires_permission("platform.view")
@described(shapes.SearchDocument, query=SearchQuery)
def search() -> Response:
    """Modules, pages, actions, vendors and platforms that the token or the person may open; the best first."""
    return _answer()


@shop.get("/search")
@requires_permission("vendor.view")
@described(shapes.SearchDocument, query=SearchQuery)
def shop_search() -> Response:
    """The vendor's pages, and the tenants that the token or the person may open."""
    return _answer()


@instance.get("/search")
@requires_permission("instance.manage")
@described(shapes.SearchDocument, query=SearchQuery)
def instance_search() -> Response:
    """Platforms, vendors, people, installed modules, pages and actions."""
    return _answer()


def _answer() -> Response:
    results = asked(most=page_size(default=20))
    groups = [
        {
            "name": group.name,
            "title": group.title,
            "left": group.left,
            "entries": [
                {"key": each.key, "label": each.label, "detail": each.detail, "url": each.href}
                for each in group.entries
            ],
        }
        for group in results.groups
    ]
    return jsonify({"schema": 1, "q": results.words, "groups": groups})
