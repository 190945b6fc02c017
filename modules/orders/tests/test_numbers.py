"""Order numbers: one after the other for each vendor, whatever happens beside and in between."""

from __future__ import annotations

import threading

from sqlalchemy import select

from console.sdk import current_step, db, module_service, scope, unit_of_work
from console.testing import make_vendor, program
from modules.orders.models import NumberRange
from modules.orders.services.numbers import take_number
from modules.orders.services.seeding import seed_number_ranges
from modules.orders.tests.shop import Shop


class Withdrawn(Exception):
    """Somebody changed their mind before the commit."""


def take(shop: Shop, *, times: int, taken: list[str], fail_every: int) -> None:
    for turn in range(times):
        with shop.app.app_context(), scope(platform_id=shop.platform.id, vendor_id=shop.vendor.id):
            try:
                with unit_of_work() as uow:
                    number = take_number(uow.session, shop.vendor.id, prefix="N")
                    if turn % fail_every == 0:
                        raise Withdrawn
                taken.append(number)
            except Withdrawn:
                continue


def test_numbers_have_no_gaps_when_many_take_them_at_once_and_some_withdraw(shop: Shop) -> None:
    taken: list[str] = []
    threads = [
        threading.Thread(target=take, args=(shop,), kwargs={"times": 12, "taken": taken, "fail_every": 3})
        for _number in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(taken) == [f"N{number:06d}" for number in range(1, 4 * 8 + 1)]


def test_each_vendor_counts_for_itself(shop: Shop) -> None:
    assert shop.create()["number"] == "ORD-000001"
    assert shop.create()["number"] == "ORD-000002"
    with shop.app.app_context(), scope(platform_id=shop.platform.id), unit_of_work() as uow:
        assert take_number(uow.session, shop.other.id, prefix="ORD-") == "ORD-000001"


def test_a_new_prefix_counts_on(shop: Shop) -> None:
    shop.create()
    with shop.app.app_context():
        module_service.set_module_config(db, shop.platform.id, "orders", {"number_prefix": "A-", "currency": "CHF"})
    order = shop.create()
    assert (order["number"], order["currency"]) == ("A-000002", "CHF")


def test_seeding_twice_changes_nothing_and_a_later_vendor_gets_its_range(shop: Shop) -> None:
    shop.create()
    late = make_vendor(shop.app, shop.platform, "late-shop", "Late Shop")
    with shop.app.app_context(), scope(platform_id=shop.platform.id):
        before = ranges()
        assert before == {shop.vendor.id: 2}
        seed_number_ranges(shop.platform.id)
        seed_number_ranges(shop.platform.id)
        assert ranges() == {shop.vendor.id: 2, shop.other.id: 1, late.id: 1}
        assert current_step().attempt == 1


def ranges() -> dict[int, int]:
    return {each.vendor_id: each.next_number for each in db.session().scalars(select(NumberRange))}


def test_a_vendor_that_came_after_the_switch_orders_from_one(shop: Shop) -> None:
    late = make_vendor(shop.app, shop.platform, "late-shop", "Late Shop")
    assert program(shop.app, vendor=late).send("GET", "/api/vendor/orders/orders").get_json()["orders"] == []
    with shop.app.app_context(), scope(platform_id=shop.platform.id, vendor_id=late.id), unit_of_work() as uow:
        assert take_number(uow.session, late.id, prefix="") == "000001"
