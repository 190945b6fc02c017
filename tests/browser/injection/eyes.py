"""Sees in a real Chromium whether anything in a page that came from a text runs, asks or writes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from playwright.sync_api import Browser, BrowserContext, Dialog, Page, Request

from tests.browser.injection.payloads import Payload

ASKED = re.compile(r"/F/(\d+)$")
CALLED = "window.fired = window.fired ?? []; window.F = (number) => { top.fired.push(number); };"
# Uses whatever could run something if it were not mere text, lets htmx put the page into itself, and uses it again.
LOOK = """async (again) => {
    const use = () => {
        for (const element of document.querySelectorAll("*")) {
            const url = element.href?.baseVal ?? element.href ?? element.action ?? "";
            const leads = `${url} ${element.formAction ?? ""}`.replace(/[\\t\\n]/g, "").toLowerCase();
            const names = element.getAttributeNames();
            for (const name of names.filter((each) => each.startsWith("on"))) {
                element.focus?.();
                element.dispatchEvent(new Event(name.slice(2), { cancelable: true }));
            }
            const asks = names.some((each) => each.includes("hx-") && /\\/F\\/|F\\(/.test(element.getAttribute(each)));
            if (leads.includes("javascript:") || asks) {
                const used = element.querySelector?.("button") ?? element;
                used.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true }));
            }
        }
    };
    const rest = (pause) => new Promise((go) => setTimeout(go, pause));
    use();
    const main = document.getElementById("main");
    if (again && main && window.htmx) {
        await htmx.ajax("GET", location.href, { source: main, target: main, swap: "innerHTML", select: "#main" });
        use();
    }
    await rest(PAUSE);
    const seen = [...window.fired];
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const written = [document.title];
    while (texts.nextNode()) if (!main?.contains(texts.currentNode)) written.push(texts.currentNode.data);
    for (const text of written) if (/^(F\\d+)+$/.test(text)) seen.push(...text.slice(1).split("F").map(Number));
    const shown = [...document.documentElement.innerHTML.matchAll(/[F;6]\\W?(\\d+)/g)].map((found) => Number(found[1]));
    return [seen, shown];
}"""
# Forms with fields that take text, and what makes each the same as another.
FORMS = """() => [...document.forms].map((form, at) => {
    const kinds = ["text", "search", "email", "url", "tel", "number", "date", "time", "datetime-local", "textarea"];
    const fields = [...form.elements].filter((each) => kinds.includes(each.type) && each.name && !each.disabled);
    const address = new URL(form.getAttribute("action") ?? "", location.href).pathname.replace(/\\d+/g, "1");
    return [at, `${form.method} ${address}`, fields.map((each) => [each.name, each.maxLength])];
}).filter(([_at, _key, fields]) => fields.length)"""
SEND = """([at, texts]) => {
    const form = document.forms[at];
    for (const [name, text] of Object.entries(texts)) {
        const field = form.elements.namedItem(name);
        if (field.localName === "input") field.type = "text";
        field.value = text;
    }
    HTMLFormElement.prototype.submit.call(form);
}"""
Form = tuple[int, str, dict[str, int]]


@dataclass(slots=True)
class Eyes:
    """One person's tab.

    Args:
        asked: Numbers of the payloads that made the page ask the server for something.
        spoken: Texts of dialogs that a page opened.
        shown: Numbers of the payloads that any page had as text.
    """

    page: Page
    url: str
    asked: set[int] = field(default_factory=set)
    spoken: list[str] = field(default_factory=list)
    shown: set[int] = field(default_factory=set)

    def see(self, path: str, *, again: bool = True, pause_ms: int = 40) -> tuple[int, set[int]]:
        """The status of a page, and the numbers of the payloads that did something on it."""
        self.asked.clear()
        answer = self.page.goto(self.url + path)
        assert answer is not None, path
        return answer.status, self.look(again=again, pause_ms=pause_ms)

    def look(self, *, again: bool = True, pause_ms: int = 40) -> set[int]:
        """The numbers of the payloads that did something on the page that is open.

        Args:
            again: Whether htmx asks for the page once more and puts it in.
        """
        seen, shown = self.page.evaluate(LOOK.replace("PAUSE", str(pause_ms)), again)
        self.shown |= {int(each) for each in shown}
        return {int(each) for each in seen} | self.asked

    def forms(self) -> list[Form]:
        """Place in the page, key and fields with their room (-1: any) of each form that takes text."""
        return [(at, key, dict(fields)) for at, key, fields in self.page.evaluate(FORMS)]

    def send(self, at: int, texts: Mapping[str, str]) -> int:
        """The status of the answer to a form, sent the plain way with these texts."""
        self.asked.clear()
        with self.page.expect_navigation() as sent:
            self.page.evaluate(SEND, [at, texts])
        answer = sent.value
        assert answer is not None, at
        return answer.status

    def note(self, request: Request) -> None:
        """Keep what a payload asked for."""
        if found := ASKED.search(request.url):
            self.asked.add(int(found[1]))


def open_eyes(browser: Browser, url: str, *, policy: bool) -> Eyes:
    """A tab of its own.

    Args:
        policy: Whether the content security policy counts; else Chromium passes over it.
    """
    context: BrowserContext = browser.new_context(bypass_csp=not policy, locale="en-GB", service_workers="block")
    context.add_init_script(CALLED)
    eyes = Eyes(context.new_page(), url)
    context.on("request", lambda request: eyes.note(request))  # noqa: PLW0108  # Playwright marks the handler itself

    def speak(dialog: Dialog) -> None:
        if dialog.type == "beforeunload":  # a page of ours with unsaved edits
            dialog.accept()
            return
        eyes.spoken.append(dialog.message)
        dialog.dismiss()

    eyes.page.on("dialog", speak)
    return eyes


def careless(page: str, payloads: tuple[Payload, ...]) -> str:
    """A page of the console in which somebody forgot to escape these."""
    return re.sub(r"(<main\b[^>]*>)", lambda found: found[1] + "".join(each.raw for each in payloads), page, count=1)
