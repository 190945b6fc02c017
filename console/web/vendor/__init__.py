"""The vendor's first page: what its platform has switched on for it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from flask import Blueprint, render_template, url_for
from werkzeug.wrappers import Response

from console.blueprint import requires_permission
from console.context import current, runtime
from console.domain.words import FrontendType
from console.web.permit import LOGGED_IN

blueprint = Blueprint("home", __name__, url_prefix="/vendor/<vendor>")


@dataclass(frozen=True, slots=True)
class Card:
    """A module that is on, with its pages."""

    code: str
    name: str
    description: str
    icon: str
    links: tuple[tuple[str, str], ...]


@blueprint.get("/")
@requires_permission(LOGGED_IN)
def index() -> str | Response:
    """A card for each module that has pages for this vendor."""
    return render_template("vendor/index.html", cards=tuple(_cards()))


def _cards() -> Iterator[Card]:
    scope = current()
    if scope.snapshot is None or scope.vendor is None or scope.grants is None:
        return
    found: dict[str, list[tuple[str, str]]] = {}
    for entry in scope.snapshot.menus.get(FrontendType.VENDOR, ()):
        allowed = entry.permission is None or scope.grants.allows(entry.permission, vendor_id=scope.vendor.id)
        if allowed and (entry.feature is None or entry.feature in scope.snapshot.features):
            found.setdefault(entry.module, []).append((str(entry.label), url_for(entry.endpoint)))
    for code, links in found.items():
        module = runtime().registry[code]
        if module.definition is not None:
            yield Card(code, module.name, module.definition.description, module.definition.icon, tuple(links))


__all__ = ["blueprint"]
