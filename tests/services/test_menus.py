"""Arranging menus: one transaction with its revision and audit entry, and rules that hold by every road."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import func, select

from console.domain.menu import MenuItem
from console.domain.menu_order import CONSOLE, MODULES, Stand, standing
from console.domain.registry import InstalledModule, build
from console.domain.snapshot import Snapshot
from console.domain.words import FrontendType
from console.errors import Conflict, RuleRefused, UsageError
from console.services import audit, menus, snapshots
from console.services.menus import MenuChange
from console.storage.tables import MenuPlace
from tests.services.bench import ANNA, Bench, Statements, module
from tests.services.conftest import MakeBench

ADMIN = FrontendType.ADMIN
PAGES = ("pages.overview", "pages.audit")


@pytest.fixture
def bench(make: MakeBench) -> Bench:
    """A core module with an item, and two optional ones, of which orders is on."""
    made = make()
    found = [
        InstalledModule(code, module(code, is_core=code == "cms"), code, Path("nowhere"), "path", menu=menu)
        for code, menu in (
            ("cms", (MenuItem("pages", ADMIN),)),
            ("orders", (MenuItem("orders", ADMIN), MenuItem("returns", ADMIN))),
            ("billing", (MenuItem("invoices", ADMIN),)),
        )
    ]
    endpoints = {"admin.cms.pages", "admin.orders.orders", "admin.orders.returns", "admin.billing.invoices"}
    made.rt.registry = build(found).with_entries(endpoints)
    return made


@pytest.fixture
def acme(bench: Bench) -> int:
    platform_id = bench.platform()
    bench.accepted(platform_id, orders=True)
    return platform_id


def snapshot(bench: Bench, platform_id: int) -> Snapshot:
    return snapshots.current(bench.session, bench.rt, platform_id)


def stands(bench: Bench, platform_id: int) -> tuple[Stand, ...]:
    places = snapshot(bench, platform_id).places.get(ADMIN, {})
    return standing(bench.rt.registry, ADMIN, places, pages=PAGES)[1]


def save(bench: Bench, platform_id: int, wanted: tuple[Stand, ...], *, seen: tuple[Stand, ...] | None = None) -> bool:
    change = MenuChange(ADMIN, PAGES, stands(bench, platform_id) if seen is None else seen, wanted)
    with bench.unit() as uow:
        return menus.save(uow, bench.rt, platform_id, change, actor=ANNA, now=bench.now)


def with_hidden(found: tuple[Stand, ...], *keys: str) -> tuple[Stand, ...]:
    return tuple(replace(each, hidden=each.key in keys) for each in found)


def entries(bench: Bench, platform_id: int) -> list[audit.AuditView]:
    return audit.listing(bench.session, platform_id, action="menu.")


def test_saving_is_one_revision_and_one_audit_entry_with_before_and_after(bench: Bench, acme: int) -> None:
    before = snapshot(bench, acme).revision
    wanted = with_hidden(tuple(reversed(stands(bench, acme))), "returns")
    assert save(bench, acme, wanted)
    assert stands(bench, acme) == wanted
    assert snapshot(bench, acme).revision == before + 1
    (entry,) = entries(bench, acme)
    assert (entry.action, entry.target, entry.actor) == ("menu.save", "admin", ANNA.name)
    assert entry.before is not None
    assert entry.after is not None
    assert (entry.before["hidden"], entry.after["hidden"]) == ([], ["returns"])
    assert entry.after["order"] == [each.key for each in wanted]


def test_what_is_hidden_leaves_the_menu_and_nothing_else(bench: Bench, acme: int) -> None:
    save(bench, acme, with_hidden(stands(bench, acme), "returns"))
    found = snapshot(bench, acme)
    assert [entry.id for entry in found.menus[ADMIN]] == ["pages", "orders"]
    assert found.is_open("orders")
    assert "admin.orders.returns" in {entry.endpoint for entry in bench.rt.registry["orders"].entries}


def test_items_of_a_module_that_is_off_keep_their_place(bench: Bench, acme: int) -> None:
    wanted = (Stand("invoices", "Money"), *(each for each in stands(bench, acme) if each.key != "invoices"))
    save(bench, acme, wanted)
    assert [entry.id for entry in snapshot(bench, acme).menus[ADMIN]] == ["pages", "orders", "returns"]
    bench.accepted(acme, billing=True)
    bench.accepted(acme, orders=False)
    assert stands(bench, acme) == wanted


def test_what_is_saved_as_it_stands_writes_nothing(bench: Bench, acme: int) -> None:
    before = snapshot(bench, acme).revision
    assert not save(bench, acme, stands(bench, acme))
    assert (snapshot(bench, acme).revision, entries(bench, acme)) == (before, [])


def test_the_modules_own_order_is_not_stored_but_followed(bench: Bench, acme: int) -> None:
    own = stands(bench, acme)
    save(bench, acme, with_hidden(own, "orders"))
    assert save(bench, acme, own)
    assert bench.session.scalar(select(func.count()).select_from(MenuPlace)) == 0
    assert [entry.action for entry in entries(bench, acme)] == ["menu.reset", "menu.save"]


def test_a_menu_that_somebody_else_saved_is_told_and_not_overwritten(bench: Bench, acme: int) -> None:
    seen = stands(bench, acme)
    save(bench, acme, with_hidden(seen, "returns"))
    with pytest.raises(Conflict) as refused:
        save(bench, acme, tuple(reversed(seen)), seen=seen)
    assert refused.value.code == "menu_stale"
    assert refused.value.details["changes"].hidden == ("returns",)  # type: ignore[attr-defined]  # differences
    assert stands(bench, acme) == with_hidden(seen, "returns")


def test_a_toggle_in_between_makes_no_menu_stale(bench: Bench, acme: int) -> None:
    seen = stands(bench, acme)
    bench.accepted(acme, billing=True)
    assert save(bench, acme, tuple(reversed(seen)), seen=seen)


@pytest.mark.parametrize("key", ["pages", "pages.overview"])
def test_what_is_mandatory_cannot_be_hidden(bench: Bench, acme: int, key: str) -> None:
    with pytest.raises(RuleRefused) as refused:
        save(bench, acme, with_hidden(stands(bench, acme), key))
    assert (refused.value.code, refused.value.status, refused.value.details) == (
        "menu_item_mandatory",
        409,
        {"items": [key]},
    )
    assert entries(bench, acme) == []


@pytest.mark.parametrize("group", ["", "*stars", "two\nlines", "x" * 61])
def test_a_group_has_a_name_that_can_be_read(bench: Bench, acme: int, group: str) -> None:
    first, *rest = stands(bench, acme)
    with pytest.raises(UsageError):
        save(bench, acme, (replace(first, group=group), *rest))


def test_an_order_names_every_item_once(bench: Bench, acme: int) -> None:
    found = stands(bench, acme)
    for wrong in (found[1:], (*found, found[0]), (*found, Stand("invented", MODULES))):
        with pytest.raises(UsageError):
            save(bench, acme, wrong)


def test_a_platform_arranges_only_its_own_menu(bench: Bench, acme: int) -> None:
    globex = bench.platform("globex")
    before = stands(bench, globex)
    save(bench, acme, tuple(reversed(stands(bench, acme))))
    assert stands(bench, globex) == before
    assert entries(bench, globex) == []


def test_an_item_whose_module_left_the_disk_keeps_its_place(bench: Bench, acme: int) -> None:
    wanted = tuple(reversed(stands(bench, acme)))
    save(bench, acme, wanted)
    left = [each for each in bench.rt.registry.modules() if each.code != "billing"]
    bench.rt.registry = build(left).with_entries({entry.endpoint for each in left for entry in each.entries})
    assert stands(bench, acme) == wanted
    save(bench, acme, with_hidden(wanted, "returns"))
    assert stands(bench, acme) == with_hidden(wanted, "returns")


def test_the_place_of_every_item_costs_one_statement_of_a_snapshot(bench: Bench, acme: int) -> None:
    save(bench, acme, tuple(reversed(stands(bench, acme))))
    session = bench.session
    with Statements() as executed:
        found = snapshots.load(session, bench.rt, acme)
    assert [MenuPlace.__tablename__ in text for text in executed].count(True) == 1
    assert [place.group for place in found.places[ADMIN].values()].count(CONSOLE) == 2
