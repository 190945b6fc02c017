"""What the keyboard does, on a page and in the dialog that ``?`` opens."""

from __future__ import annotations

from dataclasses import dataclass, replace

from flask import render_template

from console.blueprint import requires_permission
from console.web import htmx
from console.web.babel import gettext as _
from console.web.links import asked_from
from console.web.people._blueprint import blueprint
from console.web.permit import LOGGED_IN


@dataclass(frozen=True, slots=True)
class Shortcut:
    """Keys that are pressed together, or one of which is pressed, and what follows."""

    keys: tuple[str, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where the shortcuts work.

    Args:
        pages: The endpoints of the pages that have such a place; none for what works everywhere.
        here: Whether the page that somebody asks from is one of them.
    """

    title: str
    shortcuts: tuple[Shortcut, ...]
    pages: frozenset[str] = frozenset()
    here: bool = False


LISTS = frozenset({"pages.modules", "pages.audit", "instance.audit"})
SEARCHES = frozenset({"pages.search", "home.search", "instance.search"})
SWITCHES = frozenset({"pages.modules", "pages.module", "pages.module_enable", "pages.module_disable"})
PLANS = frozenset({"pages.operations_plan", "pages.operation_undo"})
OPERATIONS = frozenset({"pages.operation"})
SETTINGS = frozenset({"pages.module_config"})
MENUS = frozenset({"pages.menu"})


@blueprint.get("/keyboard")
@requires_permission(LOGGED_IN)
def keyboard() -> str:
    """Every shortcut by the place where it works, those of the page that somebody asks from first."""
    template = "keyboard/_dialog.html" if htmx.is_partial() else "keyboard/page.html"
    return render_template(template, places=places(asked_from()))


def places(page: str | None) -> tuple[Place, ...]:
    """The shortcuts that ``app.js`` and the browser give; first those of ``page``, an endpoint."""
    found = (
        Place(_("Everywhere"), _everywhere()),
        Place(_("Lists"), _lists(), LISTS),
        Place(_("Switches and plans"), _switches(), SWITCHES | PLANS),
        Place(_("In the search"), _search(), SEARCHES),
        Place(_("Configuration"), _settings(), SETTINGS),
        Place(_("Arranging the menu"), _menus(), MENUS),
        Place(_("Logs of an operation"), _logs(), OPERATIONS),
    )
    marked = (replace(place, here=page in place.pages) for place in found)
    return tuple(sorted(marked, key=lambda place: not place.here))


def _everywhere() -> tuple[Shortcut, ...]:
    return (
        Shortcut(("Ctrl", "K"), _("Search everywhere")),
        Shortcut(("?",), _("This help")),
        Shortcut(("Tab",), _("On to the next control; the first one on a page skips the menus")),
        Shortcut(("Esc",), _("Close what is open")),
    )


def _lists() -> tuple[Shortcut, ...]:
    return (Shortcut(("/",), _("Into the list’s own search; elsewhere search everywhere")),)


def _switches() -> tuple[Shortcut, ...]:
    return (
        Shortcut(("Space",), _("Turn the switch; a plan opens when others are affected")),
        Shortcut(("Enter",), _("Confirm the plan, once its button has the focus")),
        Shortcut(("Esc",), _("Leave the plan; nothing is changed")),
    )


def _search() -> tuple[Shortcut, ...]:
    return (
        Shortcut(("↑", "↓"), _("Choose a result")),
        Shortcut(("Enter",), _("Open the chosen result")),
        Shortcut(("Esc",), _("Close, and back to where you were")),
    )


def _settings() -> tuple[Shortcut, ...]:
    return (
        Shortcut(("Space",), _("Turn a switch of the form")),
        Shortcut(("Enter",), _("In a line of text: see what would change, before anything is saved")),
    )


def _menus() -> tuple[Shortcut, ...]:
    return (Shortcut(("Enter",), _("On an item’s buttons: move it, hide it, put it into another group")),)


def _logs() -> tuple[Shortcut, ...]:
    return (Shortcut(("↑", "↓"), _("Scroll the log, once it has the focus")),)
