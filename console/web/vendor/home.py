"""The vendor's first page: what its platform has switched on for it, what is new, and what became of its requests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import render_template
from werkzeug.wrappers import Response

from console.blueprint import requires_permission
from console.context import current, current_platform, current_vendor, runtime
from console.services import newly, requests
from console.services.requests import RequestView
from console.storage.uow import read_session
from console.web.nav import NavItem, module_links
from console.web.vendor._blueprint import blueprint
from console.web.vendor.catalog import Entry, entries

NEW_DAYS = 14


@dataclass(frozen=True, slots=True)
class Card:
    """A module that is on, with its pages.

    Args:
        since: When it came on, when that is news for this vendor.
    """

    code: str
    name: str
    description: str
    icon: str
    links: tuple[NavItem, ...]
    since: datetime | None


@dataclass(frozen=True, slots=True)
class Told:
    """A request of the vendor with the name of its module."""

    name: str
    view: RequestView


@dataclass(frozen=True, slots=True)
class Home:
    """What a vendor has, what became of its requests, and what else there is."""

    cards: list[Card]
    told: list[Told]
    off: list[Entry]


@blueprint.get("/")
@requires_permission("vendor.view")
def index() -> str | Response:
    """A card for each module that has pages for this vendor, the newest first."""
    found = read_home()
    return render_template(
        "vendor/index.html",
        cards=found.cards,
        fresh=[card for card in found.cards if card.since is not None],
        told=found.told,
        off=found.off,
        days=NEW_DAYS,
    )


def read_home() -> Home:
    """The vendor's first page, for people and for programs."""
    session, now = read_session(), runtime().clock()
    asked = requests.of_vendor(session, current_vendor.id)
    lately = now - timedelta(days=NEW_DAYS)
    cards = _cards(_news(newly.newly_on(session, current_platform.id, lately)))
    return Home(cards, _told(asked, lately), [each for each in entries(asked) if not each.on])


def _news(came_on: Mapping[str, datetime]) -> dict[str, datetime]:
    """What is new to this vendor: optional modules that came on when it was there already."""
    registry, since = runtime().registry, current_vendor.created_at
    return {
        code: at
        for code, at in came_on.items()
        if code in registry and not registry[code].is_core and (since is None or at > since)
    }


def _cards(news: Mapping[str, datetime]) -> list[Card]:
    found: dict[str, list[NavItem]] = {}
    for code, item in module_links(current()):
        found.setdefault(code, []).append(item)
    cards = []
    for code, links in found.items():
        module = runtime().registry[code]
        if module.definition is not None:
            description, icon = module.description, module.definition.icon
            cards.append(Card(code, module.name, description, icon, tuple(links), news.get(code)))
    return sorted(cards, key=lambda card: card.since is None)


def _told(asked: Mapping[str, RequestView], lately: datetime) -> list[Told]:
    """What waits for an answer, and what was answered lately; the newest first."""
    registry = runtime().registry
    views = [
        view
        for code, view in asked.items()
        if code in registry and view.answer != "withdrawn" and (view.answered_at is None or view.answered_at >= lately)
    ]
    views.sort(key=lambda view: view.answered_at or view.created_at, reverse=True)
    return [Told(registry[view.module].name, view) for view in views]
