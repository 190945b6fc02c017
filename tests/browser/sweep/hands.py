"""How a control is used: with htmx, as a plain form or link, by keyboard alone; and what must be so afterwards."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.sync_api import Error, FilePayload, Locator, Page, Response

from tests.browser.served import PASSWORD
from tests.browser.sweep import people
from tests.browser.sweep.controls import Control, controls, element
from tests.browser.sweep.places import QUERIES, First, Place, path_of, rules
from tests.browser.sweep.stock import OWN, Stock
from tests.browser.tabs import Tab
from tests.support.shop import PICTURE
from tests.support.waiting import until
from tests.web.routes import BODIES

STILL = "() => !document.querySelector('.htmx-request:not([hx-trigger*=every])')"
PATIENCE_MS = 15_000
# What is typed into a field, by its type; the browser's own fields for days take other keys than texts.
TYPED = {"text": "pay", "search": "pay", "textarea": "pay", "email": "a@b.test", "password": "secret", "number": "7"}
TYPED |= {"date": "01012026"}
FILLED = {"date": "2026-01-01"}
Fields = Callable[[Stock, int], Mapping[str, object]]
# What a form needs beyond what its page has filled in; a number makes names new.
FIELDS: Mapping[str, Fields] = {
    "people.account_password": lambda _stock, _n: dict.fromkeys(("current", "password", "repeated"), PASSWORD),
    "people.login_code": lambda stock, _n: {"code": people.recovery_code(stock.served.app, people.KEEPER)},
    "people.login_accept": lambda _stock, _n: {"email": "root@example.test", "password": PASSWORD},
    "pages.vendor_create": lambda _stock, n: {"name": f"Shop {n}", "slug": f"shop-of-{n}"},
    "instance.platform_create": lambda _stock, n: {"name": f"Platform {n}", "slug": f"platform-{n}"},
    "instance.user_create": lambda _stock, n: {"email": f"new-{n}@example.test", "role": "instance-admin", "scope": ""},
    "instance.token_create": lambda _stock, n: {"name": f"Till {n}"},
    "pages.token_create": lambda _stock, n: {"name": f"Till {n}"},
    "pages.role_create": lambda _stock, n: {"name": f"Role {n}", "permission": "modules.view"},
    "pages.tier_create": lambda _stock, n: {"name": f"Tier {n}", "code": f"tier-of-{n}"},
    "pages.user_invite": lambda _stock, n: {"email": f"hand-{n}@example.test", "role": "platform-viewer"},
    "pages.vendor_invite": lambda _stock, n: {"email": f"clerk-{n}@example.test", "role": "vendor-member"},
    "pages.user_roles": lambda _stock, _n: {"role": "platform-admin"},
    "pages.vendor_user_roles": lambda _stock, _n: {"role": "vendor-owner"},
    "pages.operation_force": lambda _stock, _n: {"note": "it clings"},
    "pages.module_purge_accept": lambda _stock, _n: {"confirm": "initech/payments"},
    "pages.request_decline": lambda _stock, _n: {"note": "Not before spring."},
    "pages.module_config_save": lambda _stock, n: {"note": f"note {n}"},
}
FILES: Mapping[str, Mapping[str, FilePayload]] = {
    "vendor.cms.upload_media": {"file": FilePayload(name="a.png", mimeType="image/png", buffer=PICTURE)},
}


@dataclass(slots=True)
class Hands:
    """One person's tab, used in one way.

    Args:
        way: ``htmx``, ``plain`` (no scripts) or ``keys``.
        known: The patterns of test ids.
    """

    tab: Tab
    stock: Stock
    way: str
    known: Collection[str]
    count: int = 0
    body: Mapping[str, object] = field(default_factory=dict)

    @property
    def page(self) -> Page:
        """The page in the tab."""
        return self.tab.page

    def look(self, path: str, first: First | None = None) -> list[Control]:
        """The controls of a page, which is opened for that."""
        self.page.goto(self.tab.url + path, wait_until="domcontentloaded")
        if first is not None:
            first(self.page)
        return self.glance()

    def glance(self, *, root: str = "body") -> list[Control]:
        """The controls of what is shown now."""
        return list(controls(self.page, self.stock.served.app.url_map, self.known, root=root))

    def use(self, control: Control) -> Iterator[str]:
        """Use a control of the page that is shown; what is wrong with the outcome."""
        found = element(self.page, control)
        self.page.evaluate("window.mark = 1")
        try:
            if control.kind == "submit":
                self._fill(control, found)
            answer = self._act(control, found)
        except (Error, AssertionError) as error:
            yield str(error)[:500]
            return
        if answer is not None and answer.status not in (200, 204, 303):
            yield f"{answer.request.method} {answer.url} answers {answer.status}"
        yield from self._afterwards(control)

    def has_dialog(self) -> bool:
        """Whether a dialog is open."""
        return bool(self.page.evaluate("() => Boolean(document.querySelector('dialog[open]'))"))

    def _act(self, control: Control, found: Locator) -> Response | None:
        if control.kind == "field":
            self._type(found)
        elif control.kind == "download":
            with self.page.expect_download(timeout=PATIENCE_MS) as saved:
                self._press(found)
            saved.value.delete()
        elif control.kind == "close":
            self._press(found)
            self.page.wait_for_function("() => !document.querySelector('dialog')", timeout=PATIENCE_MS)
        elif control.kind == "disclosure":
            before = found.evaluate("each => each.parentElement.open")
            self._press(found)
            assert found.evaluate("each => each.parentElement.open") is not before, "it does not move"
        elif control.endpoint:
            return self._ask(control, found)
        else:
            self._press(found)
        return None

    def _ask(self, control: Control, found: Locator) -> Response:
        def ours(answer: Response) -> bool:
            return urlsplit(answer.url).path == control.path and answer.request.method == control.method

        with self.page.expect_response(ours, timeout=PATIENCE_MS) as got:
            self._press(found)
        answer = got.value
        if elsewhere := answer.headers.get("hx-redirect"):
            self.page.wait_for_url(lambda url: urlsplit(url).path == urlsplit(elsewhere).path, timeout=PATIENCE_MS)
        if answer.request.is_navigation_request() and "attachment" not in answer.headers.get("content-disposition", ""):
            until(self._has_arrived, what=f"{control.key} to arrive")
        if self.way != "plain":
            self.page.wait_for_function(STILL, timeout=PATIENCE_MS)
        return answer

    def _has_arrived(self) -> bool:
        """Whether the next document is there."""
        try:
            return bool(self.page.evaluate("() => window.mark !== 1 && document.readyState !== 'loading'"))
        except Error:  # the old document has just gone
            return False

    def _press(self, found: Locator) -> None:
        if self.way != "keys":
            return found.click(timeout=PATIENCE_MS)
        found.focus()
        assert found.evaluate("each => each === document.activeElement"), "it takes no focus"
        return self.page.keyboard.press("Space" if found.get_attribute("role") == "switch" else "Enter")

    def _type(self, found: Locator) -> None:
        found.focus()
        kind = str(found.evaluate("each => each.localName === 'input' ? each.type : each.localName"))
        if kind == "checkbox":
            before = found.is_checked()
            found.press("Space") if self.way == "keys" else found.click()
            assert found.is_checked() is not before, "it does not change"
        elif kind == "select":
            chosen = found.evaluate("each => each.selectedIndex")
            others = found.locator("option").count() > 1
            if self.way == "keys":
                found.press("ArrowUp" if chosen else "ArrowDown")
            elif others:
                found.select_option(index=0 if chosen else 1)
            assert not others or found.evaluate("each => each.selectedIndex") != chosen, "it does not change"
        elif kind in TYPED:
            found.fill("")
            found.press_sequentially(TYPED[kind]) if self.way == "keys" else found.fill(FILLED.get(kind, TYPED[kind]))
            assert found.input_value(), "it takes no text"
        if self.way != "plain":
            self.page.wait_for_function(STILL, timeout=PATIENCE_MS)

    def prepare(self, control: Control) -> None:
        """Make what the form of a control will be filled with, before its page is shown."""
        self.count += 1
        number = self.count + {"htmx": 1000, "plain": 2000, "keys": 3000}[self.way]
        body = BODIES[control.endpoint](self.stock.shop) if control.endpoint in BODIES else {}
        own = FIELDS[control.endpoint](self.stock, number) if control.endpoint in FIELDS else {}
        self.body = {**body, **own}

    def _fill(self, control: Control, found: Locator) -> None:
        form = found.locator("xpath=ancestor::form[1]")
        for name, value in self.body.items():
            field = form.locator(f":is(input,select,textarea)[name='{name}']:not([type=hidden])")
            box = form.locator(f"[type=checkbox][name='{name}'][value='{value}']")
            if box.count():
                box.check()
            elif field.count() == 1:
                chosen = field.evaluate("each => each.matches('select')")
                field.select_option(str(value)) if chosen else field.fill(str(value))
        if control.endpoint == "people.app_connect_accept":
            form.locator("[name=code]").fill(people.shown_by(form.get_by_test_id("app-key").inner_text()))
        for name, file in FILES.get(control.endpoint, {}).items():
            form.locator(f"[name={name}]").set_input_files([file])

    def _afterwards(self, control: Control) -> Iterator[str]:
        state = self.page.evaluate(
            """() => ({whole: Boolean(document.doctype && document.querySelector("main#main")),
                headings: document.querySelectorAll("h1").length, lost: document.activeElement === document.body,
                same: window.mark === 1})"""
        )
        if not state["whole"] or state["headings"] != 1:
            yield f"leaves no whole page at {self.page.url}"
        if state["same"] and state["lost"] and self.way != "plain" and control.kind != "download":
            yield "the focus falls to the body"


def fresh(stock: Stock, place: Place, control: Control) -> tuple[str, str]:
    """The address of the place with things made for this use, and that of the control that acts on them."""
    stock.restore()
    known = {rule.endpoint: rule for method in ("GET", "POST") for rule in rules(stock, method)}
    rule, page = known[control.endpoint], known.get(place.endpoint)
    kept = ({"code", "decision"} & control.arguments.keys()) - OWN.get(control.endpoint, {}).keys()
    given = {name: control.arguments[name] for name in kept}
    made = {**stock.arguments(control.endpoint, set(rule.arguments)), **given}
    if page is None or not page.arguments:
        return place.path, path_of(rule, made)
    shared = {name: value for name, value in made.items() if name in page.arguments}
    there = {**stock.arguments(place.endpoint, set(page.arguments) - set(shared)), **shared}
    return path_of(page, there) + QUERIES.get(place.endpoint, ""), path_of(rule, made)
