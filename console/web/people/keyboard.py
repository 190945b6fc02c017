"""What the keyboard does, on a page and in the dialog that ``?`` opens."""

from __future__ import annotations

from dataclasses import dataclass

from flask import render_template

from console.blueprint import requires_permission
from console.web import htmx
from console.web.babel import gettext as _
from console.web.people._blueprint import blueprint
from console.web.permit import LOGGED_IN


@dataclass(frozen=True, slots=True)
class Shortcut:
    """Keys that are pressed together, or one of which is pressed, and what follows."""

    keys: tuple[str, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where the shortcuts work."""

    title: str
    shortcuts: tuple[Shortcut, ...]


@blueprint.get("/keyboard")
@requires_permission(LOGGED_IN)
def keyboard() -> str:
    """Every shortcut by the place where it works."""
    template = "keyboard/_dialog.html" if htmx.is_partial() else "keyboard/page.html"
    return render_template(template, places=places())


def places() -> tuple[Place, ...]:
    """The shortcuts that ``app.js`` and the browser give."""
    everywhere = (
        Shortcut(("Ctrl", "K"), _("Search everywhere")),
        Shortcut(("?",), _("This help")),
        Shortcut(("Tab",), _("On to the next control; the first one on a page skips the menus")),
        Shortcut(("Esc",), _("Close what is open")),
    )
    lists = (Shortcut(("/",), _("Into the list’s own search; elsewhere search everywhere")),)
    search = (
        Shortcut(("↑", "↓"), _("Choose a result")),
        Shortcut(("Enter",), _("Open the chosen result")),
        Shortcut(("Esc",), _("Close, and back to where you were")),
    )
    switches = (
        Shortcut(("Space",), _("Turn the switch; a plan opens when others are affected")),
        Shortcut(("Enter",), _("Confirm the plan, once its button has the focus")),
        Shortcut(("Esc",), _("Leave the plan; nothing is changed")),
    )
    return (
        Place(_("Everywhere"), everywhere),
        Place(_("Lists"), lists),
        Place(_("In the search"), search),
        Place(_("Switches and plans"), switches),
    )
