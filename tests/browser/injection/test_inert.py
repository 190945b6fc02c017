"""What people wrote stays text: in every page that shows it, with the content policy and without."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import product

import pytest
from playwright.sync_api import Browser, Route

from console.domain.menu_order import Place as MenuPlace
from console.domain.words import FrontendType
from console.services import menu_store
from console.storage.uow import unit_of_work
from tests.browser.injection.eyes import Eyes, careless, open_eyes
from tests.browser.injection.payloads import BY_HTMX, BY_SCRIPT, HELD, LONGEST, PAYLOADS
from tests.browser.injection.poison import Pen, Poison
from tests.browser.sweep.people import enter
from tests.browser.sweep.places import Place, places
from tests.browser.sweep.stock import Stock, stocked
from tests.browser.tabs import Tab

AT_ONCE = 13  # raw payloads in one page; what asks stands in another than what is swapped, which answers would hide
TRIES = 10
SAMPLE = 10  # of so many pages one is looked at with the policy, too, and once more as htmx puts it in
FORMS = 4  # of so many forms one is sent
ANY = 300  # letters for a field that does not say how many it takes


@dataclass(slots=True)
class House:
    """A console whose texts are payloads, and the people who look at it, by whether the policy counts.

    Args:
        forms: Method and address of a form → the page it was seen on, which of its forms it is, and its fields.
    """

    stock: Stock
    pages: list[Place]
    poison: Poison
    eyes: dict[tuple[str, bool], Eyes]
    forms: dict[str, tuple[Place, int, dict[str, int]]] = field(default_factory=dict)

    def acting(self, place: Place, *, policy: bool, again: bool) -> str:
        """What is wrong with a page; empty when it is quiet and answers as it does without payloads."""
        eyes = self.eyes[place.person, policy]
        status, acted = eyes.see(place.path, again=again)
        for at, key, fields in eyes.forms():
            self.forms.setdefault(key, (place, at, fields))
        if status != place.status:
            return f"{place} answers {status}"
        return f"{place}: {[PAYLOADS[each - 1].text for each in sorted(acted)]}" if acted else ""


@pytest.fixture(scope="module")
def house(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """The sweep's console with payloads for texts; people came in before their names became payloads."""
    with stocked(tmp_path_factory.mktemp("served")) as stock:
        name_a_group(stock)
        pages = [each for each in places(stock) if each.first is None]
        eyes = {}
        for person in {each.person for each in pages}:
            for policy in (False, True):
                eyes[person, policy] = open_eyes(chromium, stock.served.url, policy=policy)
                if person:
                    enter(Tab(eyes[person, policy].page, stock.served.url), stock.served.app, person)
        poison = Poison(stock.served.data_dir)
        poison.write()
        yield House(stock, pages, poison, eyes)
        for each in eyes.values():
            each.page.context.close()


def name_a_group(stock: Stock) -> None:
    """Put a menu item into a group with a name of its own."""
    with stock.served.app.app_context(), unit_of_work() as uow:
        places = {"orders.orders": MenuPlace(1, group="Own")}
        menu_store.replace(uow, stock.shop.acme.id, FrontendType.ADMIN, places)


# --- where a template is careless, the payloads do what they are for: the tests below could fail ----------------------


def test_there_are_sixty_scripts_and_fourteen_for_htmx_short_enough_for_every_field() -> None:
    assert (len(BY_SCRIPT), len(BY_HTMX)) == (60, 14)
    assert len({each.text for each in PAYLOADS}) == 74
    assert LONGEST <= 60


@pytest.mark.parametrize("policy", [False, True], ids=["stripped", "policy"])
def test_what_is_not_escaped_is_seen_to_act_and_the_policy_holds_back_every_script(
    chromium: Browser, house: House, policy: bool
) -> None:
    eyes = open_eyes(chromium, house.stock.served.url, policy=policy)
    planted: list[slice] = []

    def plant(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, body=careless(answer.text(), PAYLOADS[planted[-1]]))

    eyes.page.route("**/login", plant)
    wanted = BY_HTMX - HELD if policy else BY_SCRIPT | BY_HTMX - HELD
    acted: set[int] = set()
    for first in range(0, len(PAYLOADS), AT_ONCE):
        planted.append(slice(first, first + AT_ONCE))
        acted |= eyes.see("/login", pause_ms=400)[1]
        due = wanted & {each.number for each in PAYLOADS[planted[-1]]}
        for _time in range(TRIES):  # a machine with much to do loads no picture in time
            if due <= acted:
                break
            acted |= eyes.look(pause_ms=400)
    eyes.page.context.close()
    assert acted == wanted


# --- where templates are as they are, the payloads do nothing ---------------------------------------------------------


def test_every_payload_stands_in_every_field_of_text(house: House) -> None:
    assert house.poison.untouched == [], "give the stock a row with this text"
    assert [name for name, pen in house.poison.pens.items() if len(pen.written) < len(PAYLOADS)] == []


@pytest.mark.timeout(600)
def test_what_was_stored_stays_text_on_every_page(house: House) -> None:
    wrong = []
    for number, place in enumerate(house.pages):
        closely = number % SAMPLE == 0
        wrong.append(house.acting(place, policy=False, again=closely))
        if closely:
            wrong.append(house.acting(place, policy=True, again=True))
    assert_quiet(house, wrong)


@pytest.mark.sweep
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("policy", [False, True], ids=["stripped", "policy"])
def test_what_was_stored_stays_text_on_every_page_that_htmx_puts_in(house: House, policy: bool) -> None:
    assert_quiet(house, [house.acting(place, policy=policy, again=True) for place in house.pages])


def assert_quiet(house: House, wrong: list[str]) -> None:
    """Nothing that was found acted, nothing spoke, and every payload was there to be seen."""
    assert [each for each in wrong if each] == []
    assert [each.spoken for each in house.eyes.values() if each.spoken] == []
    shown = set().union(*(each.shown for each in house.eyes.values()))
    assert shown >= {each.number for each in PAYLOADS}, "each stood somewhere, as text"


@pytest.mark.timeout(600)
def test_what_is_typed_into_a_form_stays_text_in_the_answer(house: House) -> None:
    some = [key for key in forms(house) if not zlib.crc32(key.encode()) % FORMS]
    assert_taken_as_text(house, some, ways=[(False, True), (False, False)])


@pytest.mark.sweep
@pytest.mark.timeout(1800)
def test_what_is_typed_into_any_form_stays_text_in_the_answer(house: House) -> None:
    assert_taken_as_text(house, list(forms(house)), ways=[(False, True), (True, True), (False, False)])


def forms(house: House) -> dict[str, tuple[Place, int, dict[str, int]]]:
    """Every form that takes text; pages are looked at when no test did it before."""
    if not house.forms:
        for place in house.pages:
            house.acting(place, policy=False, again=False)
    assert len(house.forms) > 20, house.forms
    return house.forms


def assert_taken_as_text(house: House, keys: list[str], *, ways: list[tuple[bool, bool]]) -> None:
    """Forms get payloads in every field.

    Args:
        ways: Whether the policy counts, and whether a field gets every payload, which is more than most take, or as
            many as it takes.
    """
    sent: dict[str, list[int]] = {key: [] for key in keys}
    wrong = []
    for key, (policy, every) in product(keys, ways):
        place, _at, fields = house.forms[key]
        eyes = house.eyes[place.person, policy]
        eyes.see(place.path, again=False)
        at = next((at for at, found, _fields in eyes.forms() if found == key), None)
        if at is None:  # what was sent before has ended what the form is for
            continue
        rooms = {name: None if every else room if room > 0 else ANY for name, room in fields.items()}
        sent[key].append(eyes.send(at, {name: Pen(f"{key} {name}", room).text() for name, room in rooms.items()}))
        if acted := eyes.look(again=False):
            wrong.append(f"{key} on {place}: {[PAYLOADS[each - 1].text for each in sorted(acted)]}")
    assert wrong == []
    assert [key for key, answers in sent.items() if not answers] == []
    answers = [status for each in sent.values() for status in each]
    assert [status for status in answers if status >= 500] == []
    assert len(answers) > 0.9 * len(keys) * len(ways)
    assert 422 in answers, "some were refused, with what was typed in them"
