"""Every control of a page, read from the page itself: whatever has a test id and can be used, and buttons of forms."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from playwright.sync_api import Locator, Page
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map

from tests.browser.sweep.testids import pattern_of

# Numbers the controls below a root, so that each can be found again, and says what each is.
FOUND = """(root) => {
    const acting = "a[href][data-testid],a[href][hx-get],button,input,select,textarea,summary[data-testid]";
    const kinds = {"a[download]": "download", a: "link", summary: "disclosure", button: "script", "*": "field"};
    const whole = (url) => new URL(url ?? "", location.href).href;
    for (const each of document.querySelectorAll("details:not([data-popover])")) each.open = true;
    const usable = (each) => each.checkVisibility() && !each.disabled && !each.readOnly && each.type !== "hidden"
        && each.tabIndex >= 0 && !each.closest("[inert],.toast");
    window.sweep = [...document.querySelectorAll(root + " :is(" + acting + ")")].filter(usable);
    return window.sweep.map(each => {
        const form = each.matches("button") && each.type === "submit" ? each.form : null;
        const kind = Object.keys(kinds).find(one => each.matches(one));
        const asks = each.matches("[hx-get],[hx-post]");
        const url = form ? each.getAttribute("formaction") ?? form.getAttribute("action")
            : each.getAttribute("href") ?? each.getAttribute("hx-get") ?? each.getAttribute("hx-post");
        const closes = each.hasAttribute("data-dialog-close") && each.closest("dialog");
        return {
            kind: closes ? "close" : form ? "submit" : kinds[kind],
            testid: each.dataset.testid || form?.dataset.testid || "",
            id: each.id,
            name: each.name || "",
            url: form || asks || each.matches("[href]") ? whole(url) : "",
            method: form ? form.method.toUpperCase() : each.matches("[hx-post]") ? "POST" : "GET",
        };
    });
}"""


@dataclass(frozen=True, slots=True)
class Control:
    """One control as it stands on a page.

    Args:
        pattern: The test id as the templates write it; the id where there is none.
        endpoint: The view that it leads to; empty when it leads to none of ours.
        arguments: The things in its address.
        at: Its place among the controls of the page.
        inside: Whether it stands in a dialog.
    """

    kind: str
    pattern: str
    endpoint: str
    arguments: Mapping[str, str]
    method: str
    path: str
    at: int
    inside: bool

    @property
    def key(self) -> str:
        """What the same control is called wherever it stands; what changes something is told apart by its view."""
        does = self.endpoint if self.method == "POST" or not self.pattern else ""
        return " ".join(filter(None, ("dialog" * self.inside, self.kind, self.pattern, does)))


def controls(page: Page, urls: Map, known: Collection[str], *, root: str = "body") -> Iterator[Control]:
    """The controls below ``root`` that can be used now, but those that nobody can tell apart."""
    for at, each in enumerate(page.evaluate(FOUND, root)):
        kind, method, path = str(each["kind"]), str(each["method"]), urlsplit(str(each["url"])).path
        endpoint, arguments = _match(urls, path, method) if each["url"] else ("", {})
        pattern = pattern_of(str(each["testid"]), known) if each["testid"] else ""
        if kind in ("field", "script") and not pattern:
            pattern = f"#{each['id']}" if each["id"] and (kind == "script" or each["url"]) else ""
            if not pattern:
                continue
        inside = root == "dialog"
        yield Control(kind, pattern, endpoint, arguments, method=method, path=path, at=at, inside=inside)


def element(page: Page, control: Control) -> Locator:
    """The control, as the last look at its page numbered it."""
    page.evaluate(
        """at => {
            document.querySelector("[data-swept]")?.removeAttribute("data-swept");
            window.sweep[at].setAttribute("data-swept", "");
        }""",
        control.at,
    )
    return page.locator("[data-swept]")


def _match(urls: Map, path: str, method: str) -> tuple[str, Mapping[str, str]]:
    try:
        endpoint, arguments = urls.bind("localhost").match(path, method=method)
    except HTTPException:
        return "", {}
    return str(endpoint), {name: str(value) for name, value in arguments.items()}
