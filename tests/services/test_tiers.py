"""Tiers, what vendors have, and the plan of a downgrade, which never deletes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from console.domain.codes import Tier
from console.domain.tiers import Override
from console.errors import Conflict, RuleRefused, Unknown, UsageError
from console.services import audit, snapshots, tiers, vendor_tiers, vendors, why
from console.services.module_service import ModuleService
from console.services.tiers import TierDraft
from console.services.vendor_tiers import Holder
from tests.services.bench import ANNA, Bench, Statements, module
from tests.services.conftest import MakeBench

SMALL = TierDraft("Small", frozenset({"order_list"}), {"orders.kept": 10})
LARGE = TierDraft("Large", frozenset({"order_list", "refunds"}), {"orders.kept": 100})


@pytest.fixture
def bench(make: MakeBench) -> Bench:
    return make(
        module("orders", features=["order_list", "refunds"], limits=["orders.kept"]),
        module("notes", features=["notebook"], is_internal=True),
    )


def shop(bench: Bench, slug: str = "blue") -> Holder:
    """A vendor of a platform on which orders are on, with the two tiers."""
    acme = bench.platform()
    bench.ask(acme, orders=True)
    bench.run(acme)
    for code, draft in (("small", SMALL), ("large", LARGE)):
        made(bench, acme, code, draft)
    return another(bench, acme, slug)


def another(bench: Bench, platform_id: int, slug: str) -> Holder:
    with bench.unit() as uow:
        return vendor_tiers.holder(
            vendors.create(uow, bench.rt, platform_id, slug, name=slug, actor=ANNA, now=bench.now)
        )


def made(bench: Bench, platform_id: int, code: str, draft: TierDraft) -> None:
    with bench.unit() as uow:
        tiers.create(uow, bench.rt, platform_id, code, draft=draft, actor=ANNA, now=bench.now)


def assigned(bench: Bench, who: Holder, code: str | None, seen: str | None = None) -> bool:
    """Give the tier, having seen the plan unless another digest is passed."""
    plan = vendor_tiers.plan(bench.session, bench.rt, who, code, now=bench.now)
    with bench.unit() as uow:
        return vendor_tiers.assign(
            uow, bench.rt, who, code, seen=plan.digest if seen is None else seen, actor=ANNA, now=bench.now
        )


def overridden(bench: Bench, who: Holder, feature: str, *, on: bool, days: int | None = None) -> None:
    until = None if days is None else bench.now + timedelta(days=days)
    with bench.unit() as uow:
        wish = Override(feature, on, until, "asked for")
        vendor_tiers.override(uow, bench.rt, who, wish, actor=ANNA, now=bench.now)


def features(bench: Bench, who: Holder) -> set[str]:
    snapshot = snapshots.current(bench.session, bench.rt, who.platform_id)
    return set(snapshot.features_of(who.vendor_id, bench.now))


def explained(bench: Bench, who: Holder, feature: str) -> tuple[bool, list[str]]:
    facts = why.explain(bench.session, bench.rt, who.platform_id, feature, who.slug)
    return why.is_on(facts), [str(fact.text) for fact in facts if fact.source != "definition"]


@pytest.fixture
def service(bench: Bench) -> ModuleService:
    bench.rt.clock = lambda: bench.now
    return ModuleService(lambda: bench.rt)


def test_a_vendor_has_what_its_tier_has_of_what_is_on(bench: Bench, service: ModuleService) -> None:
    who = shop(bench)
    other = another(bench, who.platform_id, "red")
    assert features(bench, who) == {"order_list", "refunds"}
    assert assigned(bench, who, "small")
    assert not assigned(bench, who, "small")
    assert features(bench, who) == {"order_list"}
    assert features(bench, other) == {"order_list", "refunds"}
    acme = who.platform_id
    assert service.feature_enabled(bench.session, acme, "refunds")
    assert not service.feature_enabled(bench.session, acme, "refunds", vendor_id=who.vendor_id)
    assert service.feature_enabled(bench.session, acme, "refunds", vendor_id=other.vendor_id)
    bench.ask(acme, orders=False)
    assert features(bench, who) == set()


def test_limits_are_read_by_modules(bench: Bench, service: ModuleService) -> None:
    who, acme = shop(bench), 1
    assert service.limit(bench.session, acme, "orders.kept", vendor_id=who.vendor_id) is None
    assert service.tier(bench.session, acme, who.vendor_id) is None
    assigned(bench, who, "small")
    assert service.limit(bench.session, acme, "orders.kept", vendor_id=who.vendor_id) == 10
    tier = service.tier(bench.session, acme, who.vendor_id)
    assert tier == Tier("small", "Small", SMALL.features, {"orders.kept": 10})
    with pytest.raises(Unknown):
        service.limit(bench.session, acme, "orders.keep", vendor_id=who.vendor_id)


def test_an_override_wins_over_the_tier_until_it_ends(bench: Bench) -> None:
    who = shop(bench)
    assigned(bench, who, "small")
    overridden(bench, who, "refunds", on=True, days=7)
    overridden(bench, who, "order_list", on=False)
    assert features(bench, who) == {"refunds"}
    bench.pass_s(7 * 86_400)
    assert features(bench, who) == set()
    with bench.unit() as uow:
        vendor_tiers.end_override(uow, bench.rt, who, "order_list", actor=ANNA, now=bench.now)
    assert features(bench, who) == {"order_list"}
    with pytest.raises(UsageError):
        overridden(bench, who, "refunds", on=True, days=0)
    with pytest.raises(Unknown):
        overridden(bench, who, "notebook", on=True)
    with pytest.raises(Unknown), bench.unit() as uow:
        vendor_tiers.end_override(uow, bench.rt, who, "order_list", actor=ANNA, now=bench.now)


def test_why_says_what_decides_about_a_feature(bench: Bench, service: ModuleService) -> None:
    who = shop(bench)
    on, facts = explained(bench, who, "refunds")
    assert (on, facts[-1]) == (True, "the vendor has no tier, so it has every feature of what is on")
    assigned(bench, who, "small")
    on, facts = explained(bench, who, "refunds")
    assert (on, facts[-1]) == (False, "the tier Small does not have it")
    overridden(bench, who, "refunds", on=True, days=7)
    on, facts = explained(bench, who, "refunds")
    assert on
    assert facts[-2:] == [
        "the tier Small does not have it, which is overridden",
        f"it was given to this vendor alone, until {(bench.now + timedelta(days=7)).strftime('%Y-%m-%dT%H:%M:%SZ')}",
    ]
    overridden(bench, who, "order_list", on=False)
    on, facts = explained(bench, who, "order_list")
    assert (on, facts[-2:]) == (False, ["the tier Small has it", "it was kept from this vendor alone"])


def test_a_downgrade_says_what_is_lost_and_goes_only_as_it_was_shown(bench: Bench) -> None:
    who = shop(bench)
    assert assigned(
        bench, who, "large", seen=vendor_tiers.plan(bench.session, bench.rt, who, "large", now=bench.now).digest
    )
    plan = vendor_tiers.plan(bench.session, bench.rt, who, "small", now=bench.now)
    assert (plan.lost, plan.won, plan.takes) == (("refunds",), (), True)
    assert [(each.code, each.before, each.after, each.is_lower) for each in plan.limits] == [
        ("orders.kept", 100, 10, True)
    ]
    for seen in ("", "another"):
        with pytest.raises(Conflict):
            assigned(bench, who, "small", seen=seen)
    assert features(bench, who) == {"order_list", "refunds"}
    assert assigned(bench, who, "small", seen=plan.digest)
    up = vendor_tiers.plan(bench.session, bench.rt, who, "large", now=bench.now)
    assert (up.won, up.takes) == (("refunds",), False)
    assert assigned(bench, who, "large", seen="")


def test_changing_a_tier_that_vendors_have_needs_its_plan_to_be_seen(bench: Bench) -> None:
    who = shop(bench)
    acme = who.platform_id
    assigned(bench, who, "large")

    def save(draft: TierDraft, seen: str = "") -> bool:
        with bench.unit() as uow:
            return tiers.save(uow, bench.rt, acme, "large", draft=draft, seen=seen, actor=ANNA, now=bench.now)

    more = TierDraft("Larger", LARGE.features, {})
    assert save(more)
    assert not save(more)
    less = TierDraft("Larger", frozenset({"order_list"}), {"orders.kept": 5})
    with pytest.raises(Conflict):
        save(less)
    found = snapshots.current(bench.session, bench.rt, acme).tiers
    assert save(less, tiers.save_plan(bench.rt.registry, found, "large", less).digest)
    assert features(bench, who) == {"order_list"}


def test_a_tier_that_vendors_have_cannot_be_deleted(bench: Bench) -> None:
    who = shop(bench)
    assigned(bench, who, "small")

    def remove(code: str) -> None:
        with bench.unit() as uow:
            tiers.remove(uow, bench.rt, who.platform_id, code, actor=ANNA, now=bench.now)

    with pytest.raises(RuleRefused, match="1 vendor"):
        remove("small")
    remove("large")
    assert list(snapshots.current(bench.session, bench.rt, who.platform_id).tiers.offered) == ["small"]
    with pytest.raises(Unknown):
        remove("large")


def test_tiers_belong_to_their_platform(bench: Bench) -> None:
    who = shop(bench)
    globex = bench.platform("globex")
    made(bench, globex, "gold", TierDraft("Gold"))
    with pytest.raises(Unknown):
        assigned(bench, who, "gold")
    assert list(snapshots.current(bench.session, bench.rt, globex).tiers.offered) == ["gold"]


def test_every_change_is_audited_and_raises_the_revision_by_one(bench: Bench) -> None:
    who = shop(bench)
    changes: list[Callable[[], object]] = [
        lambda: made(bench, who.platform_id, "third", TierDraft("Third")),
        lambda: assigned(bench, who, "small"),
        lambda: overridden(bench, who, "refunds", on=True),
    ]
    for change in changes:
        before = bench.revision(who.platform_id)
        change()
        assert bench.revision(who.platform_id) == before + 1
    actions = [each.action for each in audit.listing(bench.session, who.platform_id, limit=3)]
    assert actions == ["vendors.override", "vendors.tier", "tiers.create"]


@pytest.mark.parametrize(
    ("code", "draft", "error"),
    [
        ("No Slug", TierDraft("X"), UsageError),
        ("gold", TierDraft(" "), UsageError),
        ("gold", TierDraft("X", frozenset({"nothing"})), UsageError),
        ("gold", TierDraft("X", frozenset({"notebook"})), UsageError),
        ("gold", TierDraft("X", frozenset(), {"orders.kept": -1}), UsageError),
        ("gold", TierDraft("X", frozenset(), {"orders.kept": 10**18}), UsageError),
        ("gold", TierDraft("X", frozenset(), {"orders.lost": 1}), UsageError),
        ("small", SMALL, RuleRefused),
    ],
)
def test_a_tier_that_cannot_be_is_refused(bench: Bench, code: str, draft: TierDraft, error: type[Exception]) -> None:
    who = shop(bench)
    with pytest.raises(error):
        made(bench, who.platform_id, code, draft)


def test_a_snapshot_reads_tiers_in_one_statement_however_many_there_are(bench: Bench) -> None:
    who = shop(bench)
    assigned(bench, who, "small")

    def statements() -> int:
        with Statements() as executed:
            snapshots.load(bench.session, bench.rt, who.platform_id)
        return len(executed)

    few = statements()
    for number in range(5):
        made(bench, who.platform_id, f"tier-{number}", LARGE)
        vendor = another(bench, who.platform_id, f"shop-{number}")
        assigned(bench, vendor, f"tier-{number}")
        overridden(bench, vendor, "refunds", on=False)
    assert statements() == few
