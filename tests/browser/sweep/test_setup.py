"""The set-up of a console that nobody has claimed yet, in every look, and the page that follows it, in one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from console.context import runtime
from console.services import setup
from console.storage.uow import unit_of_work
from tests.browser.served import PASSWORD, Served, serve
from tests.browser.sweep.looks import LOOKS, Look, faults, unvaried
from tests.browser.tabs import open_tab


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A console with its demo and no person."""
    with serve(tmp_path_factory.mktemp("served") / "data", DEMO="true", WORKERS="1", RUNNERS="1") as found:
        yield found


def setup_path(served: Served) -> str:
    with served.app.app_context(), unit_of_work() as uow:
        return f"/setup?token={setup.fresh_link(uow, runtime().clock())}"


@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_the_set_up(look: Look, served: Served, chromium: Browser) -> None:
    visitor = open_tab(chromium, served, **look.options)
    for path in ("/login", setup_path(served)):
        assert list(unvaried(visitor.go(path))) == []
        assert list(faults(visitor.page, look)) == []
    visitor.page.context.close()
    assert visitor.complaints == []


@pytest.mark.parametrize("keys", [False, True], ids=["plain", "keys"])
def test_the_form_of_the_set_up(*, keys: bool, served: Served, chromium: Browser) -> None:
    """A password that is too short comes back; the first admin is made once, by keyboard."""
    look = LOOKS[0] if keys else LOOKS[1]
    visitor = open_tab(chromium, served, **look.options)
    visitor.expected.add(422)
    visitor.go(setup_path(served))
    visitor.page.locator("[name=email]").fill("first@example.test")
    for field in visitor.page.locator("[type=password]").all():
        field.fill(PASSWORD if keys else "short")
    with visitor.page.expect_navigation(wait_until="domcontentloaded"):
        visitor.page.locator("[name=password]").press("Enter") if keys else visitor.page.locator(
            "#setup-submit"
        ).click()
    assert list(faults(visitor.page, look)) == []
    shown = visitor.page.locator("#go-on" if keys else "[aria-invalid=true]")
    assert shown.count() == 1
    visitor.page.context.close()
    assert visitor.complaints == []
