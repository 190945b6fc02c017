"""The sweep's console, one for each module of tests, and the people who walk through it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.browser.sweep.places import Place, places
from tests.browser.sweep.stock import Stock, stocked


@pytest.fixture(scope="module")
def stock(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stock]:
    """The console with everything in it."""
    with stocked(tmp_path_factory.mktemp("served")) as found:
        yield found


@pytest.fixture(scope="module")
def every_page(stock: Stock) -> list[Place]:
    """The pages of the URL map, and their further looks."""
    return places(stock)
