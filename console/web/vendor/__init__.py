"""The vendor's first page: what its platform has switched on for it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from flask import Blueprint, render_template
from werkzeug.wrappers import Response

from console.blueprint import requires_permission
from console.context import current, runtime
from console.web.nav import module_links

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
@requires_permission("vendor.view")
def index() -> str | Response:
    """A card for each module that has pages for this vendor."""
    return render_template("vendor/index.html", cards=tuple(_cards()))


def _cards() -> Iterator[Card]:
    found: dict[str, list[tuple[str, str]]] = {}
    for code, item in module_links(current()):
        found.setdefault(code, []).append((item.label, item.href))
    for code, links in found.items():
        module = runtime().registry[code]
        if module.definition is not None:
            yield Card(code, module.name, module.definition.description, module.definition.icon, tuple(links))


__all__ = ["blueprint"]
