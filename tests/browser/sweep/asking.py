"""The elements for which htmx asks the server, found on the pages and in their dialogs, one for each address."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from playwright.sync_api import Page
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map

from tests.browser.sweep.people import ROOT
from tests.browser.sweep.places import Place
from tests.browser.sweep.stock import Stock
from tests.browser.tabs import Tab

# Elements with htmx's attributes, and the controls of a long list, for which the page script asks.
ASKS = "[hx-get],[hx-post],[data-parts] :is(.dots,button[formaction])"
ASKING = """(asks) => [...document.querySelectorAll(asks)].map((each, at) => {
    const url = ["hx-get", "hx-post", "formaction", "href"].map(name => each.getAttribute(name)).find(Boolean);
    const posts = each.hasAttribute("hx-post") || each.form?.method === "post" && each.matches("button");
    const polls = (each.getAttribute("hx-trigger") || "").includes("every");
    const replaces = (each.getAttribute("hx-sync") || "").includes("replace");
    return {at, url: new URL(url, location.href).href, method: posts ? "POST" : "GET", polls, drops: posts && !replaces,
        field: each.matches("input,select,textarea"), shown: polls || each.checkVisibility()};
})"""
# Dialogs that ask more: where they open, and what opens them.
DIALOGS = (
    Place("", "/admin/acme/modules/payments", ROOT),
    Place("", "/admin/acme/modules", ROOT),
    Place("", "/instance/", ROOT),
)
OPENERS = ("#switch-payments", "#more-payments", "#search-open")


@dataclass(frozen=True, slots=True)
class Asking:
    """An element that asks the server by itself or when it is used.

    Args:
        opener: What is clicked first, where the element stands in a dialog.
        at: Its place among those of its page.
        url: Address and query of what it asks for.
        drops: Whether it changes something, so that asking again while it waits is not meant.
    """

    place: Place
    opener: str
    endpoint: str
    method: str
    url: str
    at: int
    polls: bool
    drops: bool
    field: bool

    def __str__(self) -> str:
        inside = f" in the dialog of {self.opener}" * bool(self.opener)
        return f"{self.method} {self.endpoint}{' by itself' * self.polls} on {self.place.path}{inside}"

    @property
    def path(self) -> str:
        """The address without its query."""
        return urlsplit(self.url).path

    def show(self, tab: Tab) -> None:
        """Go where the element is."""
        tab.page.goto(tab.url + self.place.path, wait_until="domcontentloaded")
        open_dialog(tab.page, self.opener)


def open_dialog(page: Page, opener: str) -> None:
    """Click what opens a dialog, if anything does."""
    if opener:
        page.locator(opener).click()
        page.locator("dialog[open]").wait_for()


def asking(people: Mapping[str, Tab], stock: Stock, every_page: list[Place]) -> list[Asking]:
    """One element for each view that is asked for a part, in each manner in which it is asked."""
    known: dict[tuple[object, ...], Asking] = {}
    places = [(place, "") for place in every_page if place.person in people and place.status == 200]
    for place, opener in (*places, *zip(DIALOGS, OPENERS, strict=True)):
        tab = people[place.person]
        tab.page.goto(tab.url + place.path, wait_until="domcontentloaded")
        open_dialog(tab.page, opener)
        for each in found(tab.page, stock.served.app.url_map, place, opener):
            known.setdefault((each.endpoint, each.method, each.polls, each.field, bool(opener)), each)
    return list(known.values())


def found(page: Page, urls: Map, place: Place, opener: str) -> Iterator[Asking]:
    """The elements of the page that is shown; of a page with a dialog only those in it."""
    inside = page.evaluate("asks => [...document.querySelectorAll(asks)].map(each => !!each.closest('dialog'))", ASKS)
    for each in page.evaluate(ASKING, ASKS):
        if each["shown"] and inside[each["at"]] == bool(opener):
            parts = urlsplit(str(each["url"]))
            url = parts.path + (f"?{parts.query}" if parts.query else "")
            endpoint = _endpoint(urls, parts.path, str(each["method"]))
            options = {"at": each["at"], "polls": each["polls"], "drops": each["drops"], "field": each["field"]}
            yield Asking(place, opener, endpoint, str(each["method"]), url, **options)


def _endpoint(urls: Map, path: str, method: str) -> str:
    try:
        endpoint, _ = urls.bind("localhost").match(path, method=method)
    except HTTPException:
        return path
    return str(endpoint)
