"""What a plan says of the records that stay: the platform's own, module by module, counted in its scope."""

from __future__ import annotations

from console.domain.plan_types import ChangeRequest
from console.services import plans
from console.storage.uow import read_session
from console.testing.journeys import switch
from tests.support.shop import Shop


def test_records_are_counted_for_this_platform_and_for_each_module(shop: Shop) -> None:
    for platform in (shop.acme, shop.globex):
        switch(shop.app, platform.id, "orders", on=True)
    shop.order()
    rt = shop.app.extensions["console"]
    with shop.app.app_context():
        kept = [
            plans.rows_kept(read_session(), rt, platform.id, ["orders", "payments", "analytics"])
            for platform in (shop.acme, shop.globex)
        ]
        plan = plans.preview(read_session(), rt, shop.acme.id, ChangeRequest({"payments": False}))
        assert dict(plans.impact(read_session(), rt, plan).rows_kept) == {
            code: kept[0][code] for code in ("orders", "payments")
        }
    assert kept[0]["orders"] > kept[1]["orders"]
    assert kept[0]["payments"] == kept[1]["payments"] + 1


def test_a_module_without_records_is_not_named(shop: Shop) -> None:
    with shop.app.app_context():
        assert plans.rows_kept(read_session(), shop.app.extensions["console"], shop.acme.id, ["analytics"]) == {}
