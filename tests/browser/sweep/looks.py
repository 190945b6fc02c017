"""The combinations in which every page is seen, and what must be so in each of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page, Response, ViewportSize

from console.web.headers import VARY

CHOICES = {"scripts": (True, False), "scheme": ("light", "dark"), "width": (360, 768, 1440), "language": ("en", "fr")}
GROUND = {"light": "rgb(247, 247, 248)", "dark": "rgb(12, 13, 16)"}
# What width, theme, language or missing scripts can change; the rest is the same markup in every look.
CHANGING = ["scrollable-region-focusable", "aria-hidden-focus", "label", "select-name", "button-name", "link-name"]
CHANGING += ["image-alt", "html-has-lang", "html-lang-valid", "document-title", "nested-interactive", "target-size"]
# Where scripts are off, no timer fires: axe waits for promises alone.
PROMISED = "() => { window.setTimeout = (act, _ms, ...given) => { Promise.resolve().then(() => act(...given)); }; }"
AXE = "options => axe.run(options).then(found => found.violations)"
STATE = """() => ({
    wide: document.documentElement.scrollWidth - document.documentElement.clientWidth,
    headings: document.querySelectorAll("h1").length,
    language: document.documentElement.lang,
    titled: document.title.includes(" · ") && !document.title.startsWith(" · "),
    ground: getComputedStyle(document.body).backgroundColor,
    main: document.querySelectorAll("main#main").length,
})"""


@dataclass(frozen=True, slots=True)
class Look:
    """One combination.

    Args:
        wholly: Whether axe tries every rule and may find nothing; else what a look can change, for serious faults.
    """

    scripts: bool
    scheme: str
    width: int
    language: str
    wholly: bool = False

    def __str__(self) -> str:
        return f"{self.width}-{self.scheme}-{self.language}-{'scripts' if self.scripts else 'plain'}"

    @property
    def size(self) -> ViewportSize:
        """Of the window, in CSS pixels."""
        return {"width": self.width, "height": 900}

    @property
    def options(self) -> Mapping[str, object]:
        """What a tab is opened with."""
        return {
            "java_script_enabled": self.scripts,
            "color_scheme": self.scheme,
            "viewport": self.size,
            "locale": self.language,
            "reduced_motion": "reduce",
        }


LOOKS = (
    Look(True, "light", 360, "en", wholly=True),
    Look(False, "dark", 360, "fr"),
    Look(True, "dark", 768, "fr"),
    Look(False, "light", 768, "en"),
    Look(True, "light", 1440, "fr"),
    Look(False, "dark", 1440, "en", wholly=True),
)


def faults(page: Page, look: Look) -> Iterator[str]:
    """What is wrong with the page that is shown."""
    state = page.evaluate(STATE)
    wanted = {
        "wide": 0,
        "headings": 1,
        "language": look.language,
        "titled": True,
        "ground": GROUND[look.scheme],
        "main": 1,
    }
    for name, value in wanted.items():
        if state[name] != value:
            yield f"{name} is {state[name]!r}, not {value!r}"
    yield from inaccessible(page, look)


def inaccessible(page: Page, look: Look) -> Iterator[str]:
    """What axe finds, a line for each element."""
    options: dict[str, object] = {"resultTypes": ["violations"], "preload": False}
    if look.wholly:
        options["rules"] = {"target-size": {"enabled": True}}
    else:
        options["runOnly"] = {"type": "rule", "values": CHANGING}
    page.evaluate(AXE_SCRIPT)
    if not look.scripts:
        page.evaluate(PROMISED)
    for each in page.evaluate(AXE, options):
        if look.wholly or each["impact"] in ("serious", "critical"):
            for node in each["nodes"]:
                yield f"{each['id']} ({each['impact']}): {node['html'][:200]} {node['failureSummary']}"


def unvaried(answer: Response) -> Iterator[str]:
    """What an answer depends on without saying so."""
    said = {each.strip().lower() for each in answer.headers.get("vary", "").split(",")}
    if missing := {name.lower() for name in VARY} - said:
        yield f"varies by {missing} without saying so"
