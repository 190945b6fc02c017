"""Every page of the URL map, in a pairwise set of looks: whole, accessible, quiet, in its language, not too wide."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, product

import pytest
from playwright.sync_api import Browser, Error

from tests.browser.sweep.looks import CHOICES, LOOKS, Look, faults, unvaried
from tests.browser.sweep.people import EVERYBODY, ROOT, enter
from tests.browser.sweep.places import Place
from tests.browser.sweep.stock import Stock
from tests.browser.tabs import Tab, open_tab

ON_PURPOSE = {403, 404, 409, 422}


def marks(look: Look) -> list[pytest.MarkDecorator]:
    """Looks in which axe tries every rule are a part of `./run test`, the others of `./run sweep` only."""
    return [] if look.wholly else [pytest.mark.sweep]


def test_every_pair_of_choices_is_looked_at() -> None:
    assert len(LOOKS) <= 12
    for one, other in combinations(CHOICES, 2):
        seen = {(getattr(look, one), getattr(look, other)) for look in LOOKS}
        assert seen == set(product(CHOICES[one], CHOICES[other])), (one, other)
    assert {look.scheme for look in LOOKS if look.wholly} == {"light", "dark"}


@pytest.mark.timeout(1200)
@pytest.mark.parametrize("look", [pytest.param(each, marks=marks(each), id=str(each)) for each in LOOKS])
def test_every_page(look: Look, stock: Stock, every_page: list[Place], chromium: Browser) -> None:
    people = {"": open_tab(chromium, stock.served, **look.options)}
    for person in EVERYBODY:
        people[person] = open_tab(chromium, stock.served, **look.options)
        enter(people[person], stock.served.app, person)
    for each in people.values():
        each.expected |= ON_PURPOSE
    wrong = [f"{place}: {text}" for place in every_page for text in visit(people[place.person], place, look)]
    for each in people.values():
        each.page.context.close()
        wrong += each.complaints
    assert not wrong, "\n".join([str(look), *wrong])


def visit(tab: Tab, place: Place, look: Look) -> Iterator[str]:
    """What is wrong with a page."""
    page = tab.page
    try:
        answer = page.goto(tab.url + place.path)
        assert answer is not None
        yield from unvaried(answer)
        if place.first is not None:
            answer = place.first(page) or answer
        if answer.status != place.status:
            yield f"answers {answer.status}"
        yield from faults(page, look)
    except Error as error:
        yield str(error)[:500]
    finally:
        if place.first is not None:
            page.set_viewport_size(look.size)


def test_nothing_moves_while_the_module_list_arrives(stock: Stock, chromium: Browser) -> None:
    for width in (360, 1440):
        root = open_tab(chromium, stock.served, viewport={"width": width, "height": 900})
        enter(root, stock.served.app, ROOT)
        root.go("/admin/acme/modules")
        root.page.evaluate("document.fonts.ready.then(() => true)")
        moved = root.page.evaluate(
            """() => new Promise(done => new PerformanceObserver(
                list => done(list.getEntries().reduce((sum, each) => sum + each.value, 0))
            ).observe({type: "layout-shift", buffered: true}) || setTimeout(() => done(0), 300))"""
        )
        assert moved < 0.01, width
        root.page.context.close()
