"""The sweep's console, one for each module of tests, and the people who walk through it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pytest
from playwright.sync_api import Browser

from tests.browser.sweep.places import Place, places
from tests.browser.sweep.stock import OWNER, ROOT, VIEWER, Stock, stocked
from tests.browser.tabs import open_tab


@pytest.fixture(scope="module")
def stock(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stock]:
    """The console with everything in it."""
    with stocked(tmp_path_factory.mktemp("served")) as found:
        yield found


@pytest.fixture(scope="module")
def every_page(stock: Stock) -> list[Place]:
    """The pages of the URL map, and their further looks."""
    return places(stock)


@pytest.fixture(scope="module")
def logged_in(stock: Stock, chromium: Browser) -> Mapping[str, object]:
    """Person → what a browser keeps of having logged in; the empty person has not."""
    found: dict[str, object] = {"": None}
    for person in (ROOT, OWNER, VIEWER):
        tab = open_tab(chromium, stock.served).log_in(person)
        found[person] = tab.page.context.storage_state()
        tab.page.context.close()
    return found
