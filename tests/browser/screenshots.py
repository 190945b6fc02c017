"""Takes the pictures of ``docs/images`` from a served demo: ``python -m tests.browser.screenshots [NAME …]``."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, expect, sync_playwright

from console.domain.words import Role
from tests.browser.conftest import ARGUMENTS, CHROMIUM
from tests.browser.served import Served, serve
from tests.browser.tabs import Tab, open_tab

IMAGES = Path(__file__).parents[2] / "docs" / "images"
ADMIN = "marie@acme.test"
OWNER = "owner@blue-bottle.test"
PHONE = {"viewport": {"width": 390, "height": 844}, "device_scale_factor": 2}


def nothing(_tab: Tab) -> None:
    """Takes the page as it comes."""


def open_plan(tab: Tab) -> None:
    """Asks for the plan of orders."""
    tab.test_id("toggle-orders").click()
    expect(tab.test_id("plan")).to_be_visible()


def switch_orders_on(tab: Tab) -> None:
    """Confirms the plan of orders and waits for its end."""
    open_plan(tab)
    tab.test_id("plan-confirm").click()
    expect(tab.test_id("module-row-orders")).to_have_attribute("data-look", "on")
    expect(tab.page.locator("dialog")).to_have_count(0)


def open_newest(tab: Tab) -> None:
    """Goes on to the newest operation."""
    tab.page.locator("tbody a").first.click()
    expect(tab.page.locator("#operation")).to_be_visible()


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture: who looks at which page, in which theme, on what, and what is done first."""

    name: str
    path: str
    person: str = ADMIN
    scheme: str = "light"
    phone: bool = False
    first: Callable[[Tab], None] = nothing


PICTURES = (
    Picture("plan", "/admin/acme/modules", first=open_plan),
    Picture("plan-phone", "/admin/acme/modules", phone=True, first=open_plan),
    Picture("modules-light", "/admin/acme/modules", first=switch_orders_on),
    Picture("modules-dark", "/admin/acme/modules", scheme="dark"),
    Picture("modules-phone", "/admin/acme/modules", phone=True),
    Picture("module", "/admin/acme/modules/orders"),
    Picture("configuration", "/admin/acme/modules/billing/config"),
    Picture("configuration-dark", "/admin/acme/modules/billing/config", scheme="dark"),
    Picture("overview", "/admin/acme/"),
    Picture("operation", "/admin/acme/operations", first=open_newest),
    Picture("audit", "/admin/acme/audit"),
    Picture("health", "/admin/acme/health"),
    Picture("vendor", "/vendor/blue-bottle/", person=OWNER),
    Picture("vendor-phone", "/vendor/blue-bottle/", person=OWNER, phone=True),
    Picture("instance", "/instance/"),
    Picture("platforms", "/instance/platforms"),
    Picture("registry-dark", "/instance/modules", scheme="dark"),
)


def take(browser: Browser, served: Served, picture: Picture) -> Path:
    """The file of one picture."""
    options: dict[str, object] = {"color_scheme": picture.scheme, "reduced_motion": "reduce"}
    tab = open_tab(browser, served, **options, **(PHONE if picture.phone else {}))
    tab.log_in(picture.person)
    tab.go(picture.path)
    picture.first(tab)
    tab.page.mouse.move(0, 0)
    target = IMAGES / f"{picture.name}.png"
    tab.page.screenshot(path=target)
    tab.page.context.close()
    return target


def main(names: list[str]) -> int:
    """Take all pictures, in their order, and keep those that were asked for."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        serve(Path(folder) / "data", DEMO="true", WORKERS="1", RUNNERS="1") as served,
        sync_playwright() as playwright,
    ):
        served.person(ADMIN, Role.INSTANCE_ADMIN)
        served.person(OWNER, Role.VENDOR_OWNER, vendor="blue-bottle")
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        for picture in PICTURES:
            if not names or picture.name in names or picture.first is not nothing:
                sys.stdout.write(f"{take(browser, served, picture)}\n")
        browser.close()
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
