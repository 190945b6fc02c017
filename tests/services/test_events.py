"""Events: who may hear one, and deliveries that are durable, in order and apart from each other."""

from __future__ import annotations

from console.domain.events import ModuleEventData
from console.domain.words import DeliveryState, ModuleEvent
from console.services import configs, deliveries, given_up
from console.services.deliveries import ClaimedDelivery, DeliveryView
from console.services.given_up import Decision
from console.services.runtime import Message
from console.storage.tables import Delivery
from tests.services.bench import ANNA, Bench, module
from tests.services.conftest import MakeBench


def listen(bench: Bench, owner: str | None, *events: ModuleEvent) -> None:
    """A subscriber that belongs to ``owner`` (None: to no module) for each event."""
    for event in events:

        def hear(data: ModuleEventData) -> None:
            raise AssertionError("deliveries are only claimed here")

        name = owner or "outside"
        hear.__module__ = f"heard_by_{name}"
        hear.__qualname__ = f"on_{event.value}"
        bench.rt.bus.subscribe(event)(hear)
        if owner is not None:
            bench.rt.bus.assign_owner(f"heard_by_{name}", owner)


def heard(bench: Bench, platform_id: int) -> list[tuple[str, str, str]]:
    """(event, about, by whom) of all deliveries, oldest first."""
    found = deliveries.listing(bench.session, platform_id, limit=100)
    return [(each.event.value, each.module, each.subscriber.split(".")[0][9:]) for each in reversed(found)]


def claim(bench: Bench, delivery_id: int) -> ClaimedDelivery | None:
    with bench.unit() as uow:
        return deliveries.claim(uow, bench.rt, delivery_id, now=bench.now)


def listed(bench: Bench, platform_id: int) -> list[DeliveryView]:
    return deliveries.listing(bench.session, platform_id)[::-1]


def test_who_hears_what(make: MakeBench) -> None:
    bench = make(module("payments"), module("orders", "payments"), module("ads"), module("mail"))
    acme = bench.platform()
    bench.accepted(acme, mail=True)
    for owner in ("payments", "ads", "mail", None):
        listen(bench, owner, ModuleEvent.ENABLED, ModuleEvent.DISABLED)
    bench.accepted(acme, orders=True)
    assert heard(bench, acme) == [
        ("enabled", "payments", "payments"),
        ("enabled", "payments", "mail"),
        ("enabled", "payments", "outside"),
        ("enabled", "orders", "payments"),
        ("enabled", "orders", "mail"),
        ("enabled", "orders", "outside"),
    ]
    bench.accepted(acme, payments=False)
    assert heard(bench, acme)[6:] == [
        ("disabled", "orders", "mail"),
        ("disabled", "orders", "outside"),
        ("disabled", "payments", "payments"),
        ("disabled", "payments", "mail"),
        ("disabled", "payments", "outside"),
    ]


def test_configuring_is_no_event_and_a_config_change_is_one_while_the_module_is_on(make: MakeBench) -> None:
    bench = make(module("payments", default_config={"mode": "test"}), module("orders", "payments"))
    acme = bench.platform()
    listen(bench, "payments", ModuleEvent.ENABLED, ModuleEvent.CONFIG_CHANGED)
    with bench.unit() as uow:
        configs.save(uow, bench.rt, acme, "payments", {"mode": "dry"}, actor=ANNA, now=bench.now)
    assert heard(bench, acme) == []
    bench.accepted(acme, orders=True)
    bench.accepted(acme, payments=True)
    enabled = [("enabled", "payments", "payments"), ("enabled", "orders", "payments")]
    assert heard(bench, acme) == enabled
    with bench.unit() as uow:
        configs.save(uow, bench.rt, acme, "payments", {"mode": "live"}, actor=ANNA, now=bench.now)
    assert heard(bench, acme)[2:] == [("config_changed", "payments", "payments")]
    assert claim(bench, listed(bench, acme)[2].id).data == {"keys": ["mode"], "revision": 2}  # type: ignore[union-attr]


def test_a_delivery_says_what_happened_and_is_woken_in_the_same_transaction(make: MakeBench) -> None:
    bench = make(module("orders"))
    acme = bench.platform()
    listen(bench, None, ModuleEvent.ENABLED)
    view = bench.accepted(acme, orders=True)
    delivery = listed(bench, acme)[0]
    assert (Message("delivery", delivery.id), 0.0) in bench.messenger.sent
    claimed = claim(bench, delivery.id)
    assert claimed is not None
    assert (claimed.event, claimed.module, claimed.platform_id) == (ModuleEvent.ENABLED, "orders", acme)
    assert (claimed.operation_id, claimed.actor, claimed.occurred_at) == (view.id, "anna@example.com", bench.now)


def test_a_delivery_that_fails_waits_and_holds_back_only_its_own_line(make: MakeBench) -> None:
    bench = make(module("orders"), hook_attempts=2, retry_base_s=10.0)
    acme = bench.platform()
    listen(bench, "orders", ModuleEvent.ENABLED, ModuleEvent.DISABLED)
    listen(bench, None, ModuleEvent.ENABLED)
    bench.accepted(acme, orders=True)
    first, outside = listed(bench, acme)
    claimed = claim(bench, first.id)
    assert claimed is not None
    with bench.unit() as uow:
        assert deliveries.fail(uow, bench.rt, claimed, "ValueError: no", bench.now)
    assert claim(bench, first.id) is None
    assert claim(bench, outside.id) is not None
    bench.pass_s(13)
    assert claim(bench, first.id) is not None


def test_one_subscribers_events_of_a_module_come_in_order(make: MakeBench) -> None:
    bench = make(module("orders"))
    acme = bench.platform()
    for event in (ModuleEvent.ENABLED, ModuleEvent.DISABLED):
        listen(bench, "orders", event)
    both = bench.rt.bus.subscribers(ModuleEvent.ENABLED)[0]
    bench.rt.bus.subscribe(ModuleEvent.DISABLED)(both.function)
    bench.accepted(acme, orders=True)
    bench.accepted(acme, orders=False)
    mine = [each for each in listed(bench, acme) if each.subscriber == both.name]
    assert [each.event.value for each in mine] == ["enabled", "disabled"]
    assert claim(bench, mine[1].id) is None
    claimed = claim(bench, mine[0].id)
    assert claimed is not None
    bench.messenger.sent.clear()
    with bench.unit() as uow:
        assert deliveries.finish(uow, bench.rt, claimed, bench.now)
    assert [message.id for message, _ in bench.messenger.sent] == [mine[1].id]
    assert claim(bench, mine[1].id) is not None


def test_a_lost_delivery_is_taken_again_and_the_old_holder_changes_nothing(make: MakeBench) -> None:
    bench = make(module("orders"), lease_s=30.0, hook_attempts=2)
    acme = bench.platform()
    listen(bench, "orders", ModuleEvent.ENABLED)
    bench.accepted(acme, orders=True)
    row = listed(bench, acme)[0]
    lost = claim(bench, row.id)
    assert lost is not None
    assert claim(bench, row.id) is None
    bench.pass_s(31)
    taken = claim(bench, row.id)
    assert taken is not None
    assert taken.attempt == 2
    with bench.unit() as uow:
        assert not deliveries.finish(uow, bench.rt, lost, bench.now)
        assert not deliveries.extend_lease(uow, lost, bench.now)
        assert deliveries.extend_lease(uow, taken, bench.now)
    bench.pass_s(31)
    assert claim(bench, row.id) is None
    assert listed(bench, acme)[0].state is DeliveryState.FAILED
    with bench.unit() as uow:
        given_up.decide(uow, bench.rt, acme, f"delivery-{row.id}", decision=Decision.AGAIN, actor=ANNA, now=bench.now)
    assert claim(bench, row.id) is not None


def test_a_request_that_is_rolled_back_leaves_no_delivery(make: MakeBench) -> None:
    bench = make(module("orders"))
    acme = bench.platform()
    listen(bench, "orders", ModuleEvent.ENABLED)
    try:
        with bench.unit():
            bench.accepted(acme, orders=True)
            raise InterruptedError
    except InterruptedError:
        pass
    assert bench.count(Delivery) == 0
    assert not bench.is_open(acme, "orders")
