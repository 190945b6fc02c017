"""Requests for modules: one open one a vendor and module, answered once, and granted by what comes on."""

from __future__ import annotations

import pytest

from console.domain.actor import SYSTEM
from console.domain.words import ModuleState
from console.errors import Conflict, RuleRefused, Unknown, UsageError
from console.services import audit, reconcile, requests, vendors
from console.services.locked import lock
from console.services.requests import RequestView
from console.services.views import VendorView
from tests.services.bench import ANNA, Bench, module
from tests.services.conftest import MakeBench


@pytest.fixture
def bench(make: MakeBench) -> Bench:
    return make(
        module("cms", is_core=True),
        module("billing"),
        module("payments", hooks=True),
        module("orders", "payments", hooks=True),
        module("dev-tools", is_internal=True),
    )


@pytest.fixture
def acme(bench: Bench) -> int:
    return bench.platform()


@pytest.fixture
def petal(bench: Bench, acme: int) -> VendorView:
    return vendor(bench, acme, "petal")


def vendor(bench: Bench, platform_id: int, slug: str) -> VendorView:
    with bench.unit() as uow:
        made = vendors.create(uow, bench.rt, platform_id, slug, name=slug.title(), actor=ANNA, now=bench.now)
        return VendorView(made.id, made.slug, made.name, platform_id, made.created_at)


def ask(bench: Bench, who: VendorView, code: str, note: str = "") -> bool:
    with bench.unit() as uow:
        return requests.ask(uow, bench.rt, who, code, note=note, actor=ANNA, now=bench.now)


def decline(bench: Bench, platform_id: int, request_id: int, note: str = "Not this year.") -> None:
    with bench.unit() as uow:
        requests.decline(uow, bench.rt, platform_id, request_id, note=note, actor=ANNA, now=bench.now)


def newest(bench: Bench, who: VendorView, code: str) -> RequestView:
    return requests.of_vendor(bench.session, who.id)[code]


def actions(bench: Bench, platform_id: int) -> list[str]:
    return [entry.action for entry in reversed(audit.listing(bench.session, platform_id, action="requests."))]


def test_a_vendor_asks_once_however_often_it_clicks(bench: Bench, acme: int, petal: VendorView) -> None:
    assert ask(bench, petal, "orders", "We ship.\r\nFrom two places.\x00")
    assert not ask(bench, petal, "orders", "again")
    (found,) = requests.open_of(bench.session, acme)
    assert (found.vendor.slug, found.module, found.note) == ("petal", "orders", "We ship.\nFrom two places.")
    assert actions(bench, acme) == ["requests.ask"]


def test_a_withdrawn_request_is_answered_and_may_be_made_again(bench: Bench, acme: int, petal: VendorView) -> None:
    ask(bench, petal, "orders")
    with bench.unit() as uow:
        assert requests.withdraw(uow, bench.rt, petal, "orders", actor=ANNA, now=bench.now)
    with bench.unit() as uow:
        assert not requests.withdraw(uow, bench.rt, petal, "orders", actor=ANNA, now=bench.now)
    assert newest(bench, petal, "orders").answer == "withdrawn"
    assert ask(bench, petal, "orders")
    assert actions(bench, acme) == ["requests.ask", "requests.withdrawn", "requests.ask"]


def test_declining_needs_a_reason_and_happens_once(bench: Bench, acme: int, petal: VendorView) -> None:
    ask(bench, petal, "orders")
    (waiting,) = requests.open_of(bench.session, acme)
    for note, code in (("  ", "note_missing"), ("x" * 501, "usage")):
        with pytest.raises(UsageError) as refused:
            decline(bench, acme, waiting.id, note)
        assert refused.value.code == code
    decline(bench, acme, waiting.id)
    found = newest(bench, petal, "orders")
    assert (found.answer, found.answer_note, found.answered_by) == ("declined", "Not this year.", ANNA.name)
    with pytest.raises(Conflict) as late:
        decline(bench, acme, waiting.id)
    assert late.value.code == "request_answered"
    assert actions(bench, acme) == ["requests.ask", "requests.declined"]


def test_what_comes_on_at_once_grants_in_the_accepting_transaction(bench: Bench, acme: int, petal: VendorView) -> None:
    other = vendor(bench, acme, "other")
    for who in (petal, other):
        ask(bench, who, "billing")
    ask(bench, petal, "orders")
    bench.accepted(acme, billing=True)
    assert [newest(bench, who, "billing").answer for who in (petal, other)] == ["granted", "granted"]
    assert [each.module for each in requests.open_of(bench.session, acme)] == ["orders"]
    assert actions(bench, acme).count("requests.granted") == 2


def test_what_has_a_hook_grants_when_the_hook_succeeded_and_not_before(
    bench: Bench, acme: int, petal: VendorView
) -> None:
    ask(bench, petal, "orders")
    bench.accepted(acme, orders=True)
    assert newest(bench, petal, "orders").is_open
    bench.succeed(bench.claimed(acme))
    assert newest(bench, petal, "orders").is_open
    bench.succeed(bench.claimed(acme))
    found = newest(bench, petal, "orders")
    assert (found.answer, found.answered_by) == ("granted", ANNA.name)


def test_a_hook_that_fails_grants_nothing(bench: Bench, acme: int, petal: VendorView) -> None:
    ask(bench, petal, "payments")
    bench.accepted(acme, payments=True)
    claimed = bench.claimed(acme)
    bench.fail(claimed, RuntimeError("no"))
    assert newest(bench, petal, "payments").is_open


def test_a_rollback_takes_the_grant_back_too(bench: Bench, acme: int, petal: VendorView) -> None:
    ask(bench, petal, "billing")
    with pytest.raises(KeyError), bench.unit():
        bench.accepted(acme, billing=True)
        raise KeyError
    assert newest(bench, petal, "billing").is_open


def test_a_gate_that_opened_without_a_step_grants_at_the_next_start(bench: Bench, acme: int, petal: VendorView) -> None:
    bench.run(acme)
    ask(bench, petal, "billing")
    for opened in (False, True):
        with bench.unit() as uow:
            row = lock(uow, bench.rt, acme, bench.now).row("billing")
            row.wanted, row.state = opened, ModuleState.ENABLED
        with bench.unit() as uow:
            reconcile.run(uow, bench.rt, bench.now)
        assert newest(bench, petal, "billing").is_open is not opened
    assert newest(bench, petal, "billing").answered_by == SYSTEM.name


@pytest.mark.parametrize("code", ["dev-tools", "nothing-like-it", "", "Orders"])
def test_what_vendors_may_not_know_of_cannot_be_asked_for(
    bench: Bench, acme: int, petal: VendorView, code: str
) -> None:
    with pytest.raises(Unknown) as refused:
        ask(bench, petal, code)
    assert refused.value.hint is None
    assert requests.open_of(bench.session, acme) == []


@pytest.mark.parametrize("code", ["cms", "billing"])
def test_what_is_on_cannot_be_asked_for(bench: Bench, acme: int, petal: VendorView, code: str) -> None:
    bench.run(acme)
    if code == "billing":
        bench.accepted(acme, billing=True)
    with pytest.raises(RuleRefused) as refused:
        ask(bench, petal, code)
    assert refused.value.code == "module_is_on"


def test_requests_of_two_platforms_never_meet(bench: Bench, acme: int, petal: VendorView) -> None:
    globex = bench.platform("globex")
    green = vendor(bench, globex, "green")
    ask(bench, petal, "billing")
    ask(bench, green, "billing")
    (mine,) = requests.open_of(bench.session, acme)
    with pytest.raises(Unknown):
        decline(bench, globex, mine.id)
    bench.accepted(globex, billing=True)
    assert newest(bench, green, "billing").answer == "granted"
    assert newest(bench, petal, "billing").is_open
    assert "requests.granted" not in actions(bench, acme)
    assert [each.vendor.slug for each in requests.answered(bench.session, globex, limit=9)] == ["green"]
    assert requests.answered(bench.session, acme, limit=9) == []
    assert list(requests.of_vendor(bench.session, petal.id)) == ["billing"]
