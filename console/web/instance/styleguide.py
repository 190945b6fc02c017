"""The style guide: every component of the console in every state, in both themes. It exists in development only."""

from __future__ import annotations

import re

from flask import Blueprint, render_template, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response

from console.blueprint import requires_permission
from console.context import runtime
from console.web import htmx
from console.web.instance.specimens import Specimens

blueprint = Blueprint("styleguide", __name__, url_prefix="/instance/styleguide")

FAMILIES = (
    "text",
    "actions",
    "labels",
    "rows",
    "plan",
    "steps",
    "forms",
    "feedback",
    "data",
    "drawings",
    "editing",
    "moving",
    "people",
)
ENDPOINT = "styleguide.styleguide"
THEMES = ("light", "dark")
_NAMES = re.compile(
    r'(?<=\s)(id|for|aria-labelledby|aria-describedby|aria-controls|form|list|marker-end|marker-start)="([^"]+)"'
)


@blueprint.get("")
@requires_permission("instance.manage")
def styleguide() -> str:
    """Every family of components, light and dark beside each other; htmx gets the plan's dialog."""
    shown = Specimens(ENDPOINT, url_for(ENDPOINT), runtime().clock())
    if htmx.is_partial():
        return render_template("admin/_plan_dialog.html", plan=shown.plan)
    panes = {family: [(theme, pane(family, theme, shown)) for theme in THEMES] for family in FAMILIES}
    return render_template("instance/styleguide.html", panes=panes)


@blueprint.post("")
@requires_permission("instance.manage")
def styleguide_posted() -> Response:
    """Forms of specimens lead here and do nothing."""
    return htmx.redirect(url_for(ENDPOINT))


def pane(family: str, theme: str, shown: Specimens) -> Markup:
    """A family in one theme; its ids carry the theme, so that the page has each of them once."""
    text = render_template(f"instance/styleguide/_{family}.html", shown=shown)

    def renamed(match: re.Match[str]) -> str:
        return f'{match[1]}="{" ".join(f"{name}-{theme}" for name in match[2].split())}"'.replace(
            f")-{theme}", f"-{theme})"
        )

    return Markup(_NAMES.sub(renamed, text))  # noqa: S704  # a template's own output, with other ids
