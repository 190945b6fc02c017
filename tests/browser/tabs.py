"""A browser tab that fails its test on anything the console of the browser complains about."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, Response

from tests.browser.served import PASSWORD, Served

# A dialog that fades in has less contrast than it will have; endless animations are left alone.
SETTLED = """() => Promise.allSettled(document.getAnimations()
    .filter(each => each.effect.getComputedTiming().endTime !== Infinity)
    .map(each => each.finished)).then(() => true)"""
STATUS = re.compile(r"the server responded with a status of (\d{3})")
LATE = "was preloaded using link preload but not used within a few seconds"
"""What Chromium says of the font on a machine that is too busy to draw at once; it says nothing of the page."""


@dataclass(slots=True)
class Tab:
    """One person's page, with what went wrong on it.

    Args:
        expected: Statuses of 400 and more that the test causes on purpose; the browser calls them errors.
    """

    page: Page
    url: str
    complaints: list[str] = field(default_factory=list)
    expected: set[int] = field(default_factory=set)

    def watch(self) -> Tab:
        """Begin to note every error of the page: scripts, resources and violations of the content policy."""
        self.page.on("console", lambda message: self._said(message))  # noqa: PLW0108  # Playwright marks the handler itself, slots forbid that
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        return self

    def go(self, path: str) -> Response:
        """The page at ``path``."""
        answer = self.page.goto(self.url + path)
        assert answer is not None
        return answer

    def test_id(self, name: str) -> Locator:
        """The element with that ``data-testid``."""
        return self.page.get_by_test_id(name)

    def log_in(self, email: str) -> Tab:
        """Log in through the login page."""
        self.go("/login")
        self.page.locator("[name=email]").fill(email)
        self.page.locator("[name=password]").fill(PASSWORD)
        self.page.locator("#login-submit").click()
        self.page.wait_for_url(lambda url: "/login" not in url)
        return self

    def check_accessible(self, *, serious_only: bool = False) -> None:
        """Fail on anything that axe finds on the page once nothing on it moves any more."""
        found = self.inaccessible(serious_only=serious_only)
        assert not found, "\n".join(found)

    def inaccessible(self, *, serious_only: bool = False) -> list[str]:
        """What axe finds on the page once nothing on it moves any more, a line for each element."""
        self.page.evaluate(SETTLED)
        found = Axe().run(self.page).response["violations"]
        return [
            f"{self.page.url}: {each['id']} ({each['impact']}): {node['html'][:200]} {node['failureSummary']}"
            for each in found
            if not serious_only or each["impact"] in ("serious", "critical")
            for node in each["nodes"]
        ]

    def check_fits(self) -> None:
        """Fail when the document is wider than the window."""
        width = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert width <= 0, f"{self.page.url} is {width} px too wide"

    def check_quiet(self) -> None:
        """Fail if the page complained about anything unexpected."""
        assert self.complaints == []

    def _said(self, message: ConsoleMessage) -> None:
        status = STATUS.search(message.text)
        if LATE in message.text:
            return
        if message.type in ("error", "warning") and not (status and int(status[1]) in self.expected):
            self.complaints.append(f"{message.type}: {message.text} ({message.location.get('url')})")


def open_tab(browser: Browser, served: Served, **options: object) -> Tab:
    """A tab in a browser of its own: no cookies, nothing cached."""
    chosen: dict[str, object] = {"locale": "en-GB", "viewport": {"width": 1280, "height": 860}, **options}
    context = browser.new_context(**chosen)  # type: ignore[arg-type]  # Playwright's own options
    return Tab(context.new_page(), served.url).watch()
