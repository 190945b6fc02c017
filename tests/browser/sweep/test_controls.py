"""Every control once with htmx, once as a plain form or link, once by keyboard alone; one that nobody used is named."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from tests.browser.sweep.hands import Hands
from tests.browser.sweep.people import KEEPER, OWNER, ROOT, enter
from tests.browser.sweep.places import places, rules
from tests.browser.sweep.stock import Stock
from tests.browser.sweep.testids import left_over, written
from tests.browser.sweep.walk import Walk
from tests.browser.tabs import open_tab


@pytest.mark.timeout(1200)
@pytest.mark.parametrize("way", ["htmx", *(pytest.param(way, marks=pytest.mark.sweep) for way in ("plain", "keys"))])
def test_every_control(way: str, stock: Stock, chromium: Browser) -> None:
    people = {person: hands(chromium, stock, way, person) for person in ("", ROOT, OWNER, KEEPER)}
    stock.restore()
    walk = Walk(people)
    walk.through(place for place in places(stock) if place.status == 200 and place.person in people)
    for each in people.values():
        each.page.context.close()
        walk.wrong += each.tab.complaints
    untouched = {rule.endpoint for rule in rules(stock, "POST")} - walk.endpoints
    walk.wrong += [f"{way}: no page shows a control for POST {each}" for each in sorted(untouched)]
    walk.wrong += [f"{way}: nobody used {each}" for each in left_over(written(), walk.patterns, scripts=way != "plain")]
    assert not walk.wrong, "\n".join(walk.wrong)


def hands(chromium: Browser, stock: Stock, way: str, person: str) -> Hands:
    options = {"java_script_enabled": way != "plain", "reduced_motion": "reduce"}
    tab = open_tab(chromium, stock.served, **options)
    if person:
        enter(tab, stock.served.app, person)
    return Hands(tab, stock, way, written())
