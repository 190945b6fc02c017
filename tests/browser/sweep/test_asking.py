"""Every element that htmx enhances: under a failing, lost, slow and refusing server, and its address as a page."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Error, Page, Request, Route, expect

from console.web.headers import VARY
from tests.browser.sweep.asking import ASKS, Asking, asking
from tests.browser.sweep.people import OWNER, ROLES, ROOT, enter
from tests.browser.sweep.places import Place
from tests.browser.sweep.stock import Stock
from tests.browser.tabs import Tab, open_tab
from tests.support.waiting import until
from tests.web.routes import HTML, HTMX

PATIENCE_MS = 15_000
REFUSAL = """<hx-partial hx-target="#toasts" hx-swap="beforeend"><div class="toast bad" data-testid="toast" data-keep
data-kind="refused"><span>Somebody was faster.</span></div></hx-partial>"""
# What the page claims about the server's state, by what it claims it of.
TRUTH = """() => {
    const claims = [...document.querySelectorAll("main :is([aria-checked],[data-state],[data-look])")];
    return Object.fromEntries(claims.map(each => [each.dataset.testid || each.id,
        [each.getAttribute("aria-checked"), each.dataset.state, each.dataset.look].join(" ")]));
}"""
PROGRESS = """() => {
    const line = getComputedStyle(document.querySelector("dialog[open]") ?? document.body, "::before");
    return document.querySelector("[aria-busy=true]") && line.content !== "none" && line.opacity === "1";
}"""
WHOLE = """() => Boolean(document.doctype && document.title && document.querySelectorAll("h1").length === 1
    && document.querySelector("main#main"))"""


@pytest.mark.timeout(1200)
def test_every_asking_element(stock: Stock, every_page: list[Place], chromium: Browser) -> None:
    people = {person: open_tab(chromium, stock.served, reduced_motion="reduce") for person in (ROOT, OWNER)}
    for person, tab in people.items():
        enter(tab, stock.served.app, person)
    found = asking(people, stock, every_page)
    assert sum(each.polls for each in found) >= 3
    assert sum(not each.polls for each in found) >= 10
    wrong = [f"{each} {text}" for each in found for text in trouble(people[each.place.person], each)]
    for each in {each.url: each for each in found if each.method == "GET"}.values():
        wrong += [f"{each.url} {text}" for text in (*partial(people[each.place.person], each), *unvaried(stock, each))]
    for tab in people.values():
        tab.page.context.close()
    assert not wrong, "\n".join(wrong)


SAID = "() => window.shownToasts.some((kind) => kind === 'error' || kind === 'unread')"
KEEP_TOASTS = """() => {
    const toasts = () => [...document.querySelectorAll(".toast")].filter((each) => each.checkVisibility());
    const keep = () => window.shownToasts.push(...toasts().map((each) => each.dataset.kind));
    window.shownToasts = [];
    new MutationObserver(keep).observe(document.body, { childList: true, subtree: true });
}"""


def trouble(tab: Tab, each: Asking) -> Iterator[str]:
    """What an element shows or says wrongly while the server is in trouble."""
    page = tab.page
    for fault, meet in {"500": failing, "offline": lost, "slow and 409": slow}.items():
        try:
            each.show(tab)
            before = page.evaluate(TRUTH)
            meet(page, each)
            shown = page.evaluate(TRUTH)
            if untrue := {name: claim for name, claim in shown.items() if before.get(name, claim) != claim}:
                yield f"under {fault} shows {untrue}"
        except (Error, AssertionError) as error:
            yield f"under {fault}: {str(error)[:300]}"
        page.unroute_all(behavior="ignoreErrors")


def failing(page: Page, each: Asking) -> None:
    """The server breaks: a toast says so, if only until the page was read again, which may be at once."""
    page.evaluate(KEEP_TOASTS)
    meet(page, each, lambda route: route.fulfill(status=500, headers={"X-Request-Id": "abc"}, body="broken"))
    use(page, each)
    page.wait_for_function(SAID, timeout=PATIENCE_MS)


def lost(page: Page, each: Asking) -> None:
    """Nobody answers: a toast says so, and when the page could be read again at once, that too."""
    meet(page, each, lambda route: route.abort("internetdisconnected"))
    use(page, each)
    toast = page.locator('.toast:is([data-kind="offline"],[data-kind="back"])').first
    expect(toast).to_be_visible(timeout=PATIENCE_MS)


def slow(page: Page, each: Asking) -> None:
    """The answer takes its time, which shows; asking again asks no second time; it is a refusal in the end."""
    held: list[Route] = []
    before = page.evaluate(TRUTH)
    meet(page, each, held.append)
    use(page, each)
    until(lambda: page.evaluate("1") and held, within_s=15, what="the question")
    if not each.polls:
        page.wait_for_function(PROGRESS, timeout=PATIENCE_MS)
        assert page.evaluate(TRUTH).items() <= before.items()
        if each.drops:
            use(page, each)
            page.evaluate("1")
            assert len(held) == 1, "the change is sent twice"
    held.pop().fulfill(status=409, headers={"Content-Type": "text/html"}, body=REFUSAL)
    expect(page.locator('.toast[data-kind="refused"]').first).to_be_visible(timeout=PATIENCE_MS)


def meet(page: Page, each: Asking, answer: Callable[[Route], object]) -> None:
    """Answer htmx's questions for a part at the element's address; the page may read itself again."""

    def handle(route: Route) -> None:
        if is_part(route.request) and route.request.method == each.method:
            answer(route)
        else:
            route.continue_()

    page.route(lambda url: url.partition("?")[0].endswith(each.path), handle)


def is_part(request: Request) -> bool:
    """Whether an element asks, and not the page that reads itself again."""
    return request.headers.get("hx-request") == "true" and request.headers.get("hx-source") != "main#main"


def use(page: Page, each: Asking) -> None:
    """Make the element ask; what polls asks by itself."""
    if each.polls:
        return
    found = page.locator(ASKS).nth(each.at)
    kind = found.evaluate("each => each.localName")
    if kind == "select":
        found.select_option(index=1)
    elif each.field:
        number = int(page.evaluate("performance.now()"))
        found.fill(str(number) if found.get_attribute("type") == "number" else f"x{number}")
        found.press("Tab")
    elif kind == "form":
        send = found.locator("button:visible:not([tabindex='-1'])").first
        if send.count():
            send.click(timeout=PATIENCE_MS)
        else:  # it is sent when one of its fields changes
            found.locator("select:visible").first.select_option(index=1)
    else:
        found.click(timeout=PATIENCE_MS)


def partial(tab: Tab, each: Asking) -> Iterator[str]:
    """How the address of a part is not whole where nobody asks for the part."""
    ways: dict[str, Callable[[], object]] = {
        "in a new tab": lambda: tab.go(each.url),
        "on reload": tab.page.reload,
        "on the way back": lambda: (tab.go("/account"), tab.page.go_back()),
    }
    for way, go in ways.items():
        go()
        if not tab.page.evaluate(WHOLE):
            yield f"is not whole {way}"


def unvaried(stock: Stock, each: Asking) -> Iterator[str]:
    """What the page and the part depend on without saying so."""
    client = stock.shop.person(ROLES[each.place.person]).client
    for headers in (HTML, HTMX):
        said = {name.strip().lower() for name in client.get(each.url, headers=headers).headers["Vary"].split(",")}
        if missing := {name.lower() for name in VARY} - said:
            yield f"varies by {missing} without saying so"
