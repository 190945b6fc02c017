"""Two people on the same list: what does not touch each other goes through, what does is shown again."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.conftest import OpenTab
from tests.browser.test_journey import confirm, wait_for_look


def test_independent_switches_do_not_disturb_each_other(tab: OpenTab) -> None:
    one, two = tab("admin@acme.test"), tab("root@example.test")
    for each in (one, two):
        each.go("/admin/acme/modules")
    one.test_id("toggle-billing").click()
    wait_for_look(one, "billing", "on")
    two.test_id("toggle-dev-tools").click()
    wait_for_look(two, "dev-tools", "on")
    one.go("/admin/acme/modules")
    wait_for_look(one, "billing", "on")
    wait_for_look(one, "dev-tools", "on")


def test_a_plan_that_is_no_longer_true_is_refused_and_shown_anew(tab: OpenTab) -> None:
    one, two = tab("admin@acme.test"), tab("root@example.test")
    one.expected.add(409)
    for each in (one, two):
        each.go("/admin/acme/modules")
    one.test_id("toggle-orders").click()
    expect(one.test_id("plan-step-payments")).to_be_visible()

    two.test_id("toggle-payments").click()
    wait_for_look(two, "payments", "on")

    with one.page.expect_response(lambda answer: answer.request.method == "POST") as answer:
        one.test_id("plan-confirm").click()
    assert answer.value.status == 409
    expect(one.test_id("plan")).to_contain_text("changed since you looked")
    expect(one.test_id("plan-step-payments")).to_have_count(0)
    confirm(one)
    wait_for_look(one, "orders", "on")


def test_a_switch_made_from_an_old_list_shows_the_plan_instead(tab: OpenTab) -> None:
    one, two = tab("admin@acme.test"), tab("root@example.test")
    two.expected.add(409)
    for each in (one, two):
        each.go("/admin/globex/modules") if each is two else each.go("/admin/acme/modules")
    two.go("/admin/acme/modules")
    stale = two.test_id("toggle-analytics")
    one.test_id("toggle-analytics").click()
    wait_for_look(one, "analytics", "off")
    stale.click()
    expect(two.test_id("plan")).to_contain_text("nothing to do")
