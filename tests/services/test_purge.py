"""Purging: exactly one platform's rows of one module and its settings, and only when nothing stands in the way."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from sqlalchemy import Column, ForeignKey, Integer, LargeBinary, MetaData, String, Table, func, insert, select

from console.context import runtime
from console.domain.actor import Actor
from console.domain.words import DeliveryState
from console.errors import RuleRefused, Unknown, UsageError
from console.services import config_history, configs, owned_rows, plans, platforms, purge, purge_export, snapshots
from console.services.purge import PurgeView
from console.services.views import PlatformView
from console.storage.tables import AuditEntry, ConfigRevision, ModuleConfig, Platform, TaskRun
from console.storage.tenancy import system_scope
from console.storage.uow import end_read, read_session, unit_of_work
from console.testing.journeys import switch
from tests.support.shop import Shop, build_shop

ONE_BASE = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
ANNA = Actor("anna@example.com", "page", request_id="r-1")


@pytest.fixture
def shop(make_app: Callable[..., Flask]) -> Iterator[Shop]:
    """Orders of acme and globex, switched off again on acme."""
    made = build_shop(make_app())
    for platform in (made.acme, made.globex):
        switch(made.app, platform.id, "orders", on=True)
    made.order()
    made.order()
    gateway = made.token(made.globex).send("GET", "/api/admin/payments/gateways").get_json()["gateways"][0]["code"]
    card = {"label": "Card", "gateway": gateway, "last_four": "4242"}
    method = made.token(made.green).send("POST", "/api/vendor/payments/methods", card).get_json()["method"]["id"]
    order = {"customer": "Bo", "total": "5.00", "payment_method": method}
    assert made.token(made.green).send("POST", "/api/vendor/orders/orders", order).status_code == 201
    switch(made.app, made.acme.id, "orders", on=False)
    with made.app.app_context():
        yield made


def look(platform: PlatformView, code: str) -> PurgeView:
    end_read()
    return purge.look(read_session(), runtime(), platform.id, code)


def do(platform: PlatformView, code: str, confirm: str | None = None) -> PurgeView:
    with unit_of_work() as uow:
        typed = confirm or f"{platform.slug}/{code}"
        return purge.purge(uow, runtime(), platform.id, code, confirm=typed, actor=ANNA, now=runtime().clock())


def blocks(platform: PlatformView, code: str) -> list[str]:
    return [block.code for block in look(platform, code).blocks]


def everything(code: str) -> dict[str, int]:
    """Table → rows of all platforms."""
    end_read()
    with system_scope():
        tables = plans.tables_of(runtime().registry, code)
        return {each.name: read_session().scalar(select(func.count()).select_from(each)) or 0 for each in tables}


def test_exactly_the_rows_of_the_platform_go(shop: Shop) -> None:
    before = {table.name: table.rows for table in look(shop.acme, "orders").tables}
    others = {table.name: table.rows for table in look(shop.globex, "orders").tables}
    assert before == {"orders_number_ranges": 2, "orders_orders": 2}
    assert others == {"orders_number_ranges": 1, "orders_orders": 1}
    payments = everything("payments")

    gone = do(shop.acme, "orders")

    assert (gone.rows, gone.confirm) == (4, "acme/orders")
    assert look(shop.acme, "orders").is_empty
    assert everything("orders") == others
    assert everything("payments") == payments


def test_rows_go_before_those_that_they_refer_to(shop: Shop) -> None:
    switch(shop.app, shop.acme.id, "payments", on=False)
    assert do(shop.acme, "payments").rows == everything("payments")["payments_gateways"] + 2
    assert look(shop.acme, "payments").is_empty


def test_settings_go_with_their_history_and_an_open_form_does_not_fit_again(shop: Shop) -> None:
    rt = runtime()
    for platform in (shop.acme, shop.globex):
        for prefix in ("A-", "B-"):
            with unit_of_work() as uow:
                changes = {"number_prefix": prefix}
                configs.save(uow, rt, platform.id, "orders", changes, actor=ANNA, now=rt.clock())
    assert (look(shop.acme, "orders").settings, look(shop.acme, "orders").revisions) == (1, 2)
    revision = read_session().get_one(Platform, shop.acme.id).revision

    do(shop.acme, "orders")

    end_read()
    session = read_session()
    default = configs.read(session, rt, shop.globex.id, "orders").defaults["number_prefix"]
    assert snapshots.current(session, rt, shop.acme.id).config["orders"].values["number_prefix"] == default
    assert configs.read(session, rt, shop.globex.id, "orders").values["number_prefix"] == "B-"
    assert configs.revision_of(session, shop.acme.id, "orders") == 3
    assert config_history.history(session, shop.acme.id, "orders") == []
    assert session.get_one(Platform, shop.acme.id).revision == revision + 1
    assert session.scalar(select(func.count()).select_from(ConfigRevision)) == 2
    assert session.get_one(ModuleConfig, (shop.acme.id, "orders")).overrides == {}


def test_the_audit_counts_what_went_in_the_same_transaction(shop: Shop) -> None:
    do(shop.acme, "orders")
    found = read_session().scalars(select(AuditEntry).where(AuditEntry.action == "modules.purge")).one()
    assert (found.actor, found.target, found.platform_id) == ("anna@example.com", "orders", shop.acme.id)
    assert found.before == {"orders_number_ranges": 2, "orders_orders": 2}
    assert found.after == {"orders_number_ranges": 0, "orders_orders": 0}

    def undone() -> None:
        with unit_of_work() as uow:
            purge.purge(
                uow, runtime(), shop.globex.id, "billing", confirm="globex/billing", actor=ANNA, now=runtime().clock()
            )
            raise LookupError

    before = everything("billing")
    with pytest.raises(LookupError):
        undone()
    assert everything("billing") == before
    end_read()
    assert len(read_session().scalars(select(AuditEntry).where(AuditEntry.action == "modules.purge")).all()) == 1


@ONE_BASE
def test_where_there_is_nothing_nothing_is_written(shop: Shop) -> None:
    do(shop.acme, "orders")
    revision = read_session().get_one(Platform, shop.acme.id).revision
    assert do(shop.acme, "orders").is_empty
    end_read()
    assert read_session().get_one(Platform, shop.acme.id).revision == revision
    assert len(read_session().scalars(select(AuditEntry).where(AuditEntry.action == "modules.purge")).all()) == 1


@ONE_BASE
def test_another_name_than_the_one_to_type_deletes_nothing(shop: Shop) -> None:
    for typed in ("orders", "globex/orders", "acme/payments", "ACME/ORDERS"):
        with pytest.raises(UsageError) as refused:
            do(shop.acme, "orders", typed)
        assert refused.value.code == "confirmation_wrong"
    assert look(shop.acme, "orders").rows == 4


@ONE_BASE
def test_what_is_on_or_core_or_archived_or_unknown_is_refused(shop: Shop) -> None:
    assert blocks(shop.globex, "orders") == ["not_disabled"]
    assert blocks(shop.acme, "cms") == ["core_protected"]
    with pytest.raises(RuleRefused) as refused:
        do(shop.globex, "orders")
    assert (refused.value.code, refused.value.status, refused.value.exit_code) == ("not_disabled", 409, 4)
    with pytest.raises(Unknown):
        look(shop.acme, "ordres")
    with unit_of_work() as uow:
        platforms.archive(uow, runtime(), shop.acme.id, actor=ANNA, now=runtime().clock())
    assert "platform_archived" in blocks(shop.acme, "orders")


@ONE_BASE
def test_an_operation_or_work_that_has_not_ended_is_waited_for(shop: Shop) -> None:
    from console.domain.plan_types import ChangeRequest
    from console.services import operations

    rt = runtime()
    switch(shop.app, shop.acme.id, "payments", on=False)
    with unit_of_work() as uow:
        asked = ChangeRequest({"payments": True})  # its hook waits for a runner, and none runs here
        operations.accept(uow, rt, shop.acme.id, asked, actor=ANNA, now=rt.clock())
    assert blocks(shop.acme, "orders") == ["operation_open"]
    with pytest.raises(RuleRefused):
        do(shop.acme, "orders")
    with unit_of_work() as uow:
        run = TaskRun(
            task="t", module="billing", platform_id=shop.acme.id, arguments={}, created_at=rt.clock(),
            state=DeliveryState.PENDING,
        )  # fmt: skip
        uow.session.add(run)
    assert "work_open" in blocks(shop.acme, "billing")
    assert "work_open" not in blocks(shop.globex, "billing")


@ONE_BASE
def test_tables_that_wait_for_a_migration_are_left_alone(shop: Shop) -> None:
    from console.domain.plan_types import Notice

    runtime().unavailable["orders"] = Notice("needs_migration", "orders", "orders needs migration: x.")
    found = look(shop.acme, "orders")
    assert [block.code for block in found.blocks] == ["needs_migration"]
    assert [table.rows for table in found.tables] == [None, None]
    with pytest.raises(RuleRefused):
        purge_export.export(read_session(), runtime(), shop.acme.id, "orders", now=runtime().clock())


def test_the_export_holds_what_would_go_and_no_secret(shop: Shop) -> None:
    with unit_of_work() as uow:
        changes = {"number_prefix": "Z-"}
        configs.save(uow, runtime(), shop.acme.id, "orders", changes, actor=ANNA, now=runtime().clock())
    end_read()
    pieces = purge_export.export(read_session(), runtime(), shop.acme.id, "orders", now=runtime().clock())
    document = json.loads("".join(pieces))
    assert (document["schema"], document["platform"], document["module"]) == (1, "acme", "orders")
    assert document["settings"] == {"number_prefix": "Z-"}
    assert {name: len(rows) for name, rows in document["tables"].items()} == {
        "orders_number_ranges": 2,
        "orders_orders": 2,
    }
    assert {row["customer"] for row in document["tables"]["orders_orders"]} == {"Ada"}


# --- tables as other authors make them --------------------------------------------------------------------------------

SHELF = MetaData()
BOX = Table("shelf_boxes", SHELF, Column("id", Integer, primary_key=True), Column("platform_id", Integer))
THING = Table(
    "shelf_things",
    SHELF,
    Column("id", Integer, primary_key=True),
    Column("box_id", ForeignKey("shelf_boxes.id")),
    Column("api_key", String(20)),
    Column("picture", LargeBinary),
)
SHARED = Table("shelf_colours", SHELF, Column("id", Integer, primary_key=True))
FOREIGN = Table(
    "loans_loans", SHELF, Column("id", Integer, primary_key=True), Column("thing_id", ForeignKey("shelf_things.id"))
)


@pytest.fixture
def shelf(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> Shop:
    """Billing with other tables: one of platforms, one that hangs on it, one of nobody, and a stranger's."""
    metadata = type("Shelf", (), {"metadata": SHELF})
    monkeypatch.setattr(owned_rows, "tables_of", lambda _registry, _code: [SHARED, BOX, THING])
    monkeypatch.setattr(owned_rows, "Base", metadata)
    with unit_of_work() as uow:
        SHELF.create_all(uow.session.connection())
        for number, platform in enumerate((shop.acme, shop.globex), 1):
            uow.session.execute(insert(BOX).values(id=number, platform_id=platform.id))
            uow.session.execute(insert(THING).values(id=number, box_id=number, api_key="hush", picture=b"\xff\x00"))
        uow.session.execute(insert(SHARED).values(id=1))
    return shop


def test_rows_that_hang_on_a_platforms_rows_go_and_those_of_nobody_stay(shelf: Shop) -> None:
    found = look(shelf.acme, "billing")
    assert [(table.name, table.rows, table.owned) for table in found.tables] == [
        ("shelf_colours", None, False),
        ("shelf_boxes", 1, True),
        ("shelf_things", 1, True),
    ]
    do(shelf.acme, "billing")
    end_read()
    left = {each.name: read_session().scalar(select(func.count()).select_from(each)) for each in (BOX, THING, SHARED)}
    assert left == {"shelf_boxes": 1, "shelf_things": 1, "shelf_colours": 1}
    assert look(shelf.globex, "billing").rows == 2


def test_rows_that_another_module_refers_to_are_kept(shelf: Shop) -> None:
    with unit_of_work() as uow:
        uow.session.execute(insert(FOREIGN).values(id=1, thing_id=1))
    assert blocks(shelf.acme, "billing") == ["rows_in_use"]
    assert "loans_loans" in look(shelf.acme, "billing").blocks[0].message
    assert blocks(shelf.globex, "billing") == []


def test_the_export_masks_secrets_and_carries_bytes_as_text(shelf: Shop) -> None:
    pieces = purge_export.export(read_session(), runtime(), shelf.acme.id, "billing", now=runtime().clock())
    text = "".join(pieces)
    assert "hush" not in text
    assert json.loads(text)["tables"] == {
        "shelf_boxes": [{"id": 1, "platform_id": shelf.acme.id}],
        "shelf_things": [{"id": 1, "box_id": 1, "api_key": "********", "picture": "_wA="}],
    }
