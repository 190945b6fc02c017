"""What the first pages and the search show, for programs: the same finds, the same counts, and nobody else's."""

from __future__ import annotations

import pytest

from console.context import runtime
from console.domain.health import Report
from console.domain.words import HealthStatus, Role
from console.services import health, tokens
from console.storage.uow import unit_of_work
from console.testing.journeys import TESTER, make_vendor, switch
from console.testing.people import Program, Visitor
from tests.support.shop import Shop
from tests.web.test_search import hits

on_sqlite = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
ADMIN, VENDOR, INSTANCE = "/api/admin/search", "/api/vendor/search", "/api/instance/search"
FOREIGN = ("globex", "green", "Green Grocer", "mall", "g", "e", "")


def asked(program: Program, path: str, words: str = "", **headers: str) -> dict[str, list[dict[str, str]]]:
    """Group → its entries."""
    answer = program.client.get(path, query_string={"q": words}, headers={**program.headers, **headers})
    assert answer.status_code == 200, answer.text
    return {group["name"]: group["entries"] for group in answer.get_json()["groups"]}


def keys(found: dict[str, list[dict[str, str]]]) -> list[tuple[str, str]]:
    return [(name, each["key"]) for name, entries in found.items() for each in entries]


def limited(shop: Shop, permissions: set[str], *, platform_id: int | None, name: str = "robot") -> Program:
    """A program whose token may do just that, on the platform or everywhere."""
    with shop.app.app_context(), unit_of_work() as uow:
        now, only = runtime().clock(), frozenset(permissions)
        _token, secret = tokens.create(
            uow, name, expires_days=1, platform_id=platform_id, permissions=only, actor=TESTER, now=now
        )
    return Program(shop.app.test_client(), {"Authorization": f"Bearer {secret}"})


def by_browser(visitor: Visitor, path: str, words: str, **headers: str) -> list[tuple[str, str, str]]:
    """What somebody who is logged in gets from the API, as the page's results are told."""
    answer = visitor.client.get(path, query_string={"q": words}, headers=headers)
    assert answer.status_code == 200, answer.text
    groups = answer.get_json()["groups"]
    return [(group["name"], each["label"], each["url"]) for group in groups for each in group["entries"]]


def test_a_program_finds_what_a_person_finds(shop: Shop) -> None:
    for role, page, path, header in (
        (Role.INSTANCE_ADMIN, "/instance/search", INSTANCE, {}),
        (Role.PLATFORM_ADMIN, "/admin/acme/search", ADMIN, {"X-Console-Platform": "acme"}),
        (Role.PLATFORM_VIEWER, "/admin/acme/search", ADMIN, {"X-Console-Platform": "acme"}),
        (Role.VENDOR_MEMBER, "/vendor/blue/search", VENDOR, {"X-Console-Vendor": "blue"}),
    ):
        visitor = shop.person(role)
        for words in ("", "o", "blue"):
            found = by_browser(visitor, path, words, **header)
            assert found == hits(visitor, page, words)
            assert found or words == "blue"


@on_sqlite
def test_a_search_has_keys_limits_and_the_rest_as_a_number(shop: Shop) -> None:
    token = shop.token(shop.acme)
    found = asked(token, ADMIN, "orders", **{"X-Console-Platform": "acme"})
    assert keys(found)[:3] == [("modules", "orders"), ("actions", "enable:orders"), ("actions", "configure:orders")]
    for number in range(4):
        make_vendor(shop.app, shop.acme, f"stall-{number}", f"Stall {number}")
    (group,) = token.send("GET", f"{ADMIN}?q=stall&limit=3").get_json()["groups"]
    assert ([each["key"] for each in group["entries"]], group["left"]) == (["stall-0", "stall-1", "stall-2"], 1)
    long = token.send("GET", f"{ADMIN}?q={'x' * 300}").get_json()
    assert (len(long["q"]), long["groups"]) == (100, [])
    assert ("pages", "people.account") not in keys(asked(token, ADMIN)), "a token has no account"


def test_a_token_finds_nothing_of_another_tenant(shop: Shop) -> None:
    for words in FOREIGN:
        for program, path in ((shop.token(shop.acme), ADMIN), (shop.token(shop.blue), VENDOR)):
            answer = program.send("GET", f"{path}?q={words}")
            assert answer.status_code == 200
            told = answer.get_json() | {"q": ""}
            assert "globex" not in str(told).lower(), words
            assert "green" not in str(told).lower(), words
    assert [key for _name, key in keys(asked(shop.token(shop.blue), VENDOR, "red"))] == []
    assert ("vendors", "green") in keys(asked(shop.token(None), INSTANCE, "green")), "there is something to find"
    theirs = shop.token(shop.acme).client.get(
        ADMIN, headers={**shop.token(shop.acme).headers, "X-Console-Platform": "globex"}
    )
    assert theirs.status_code == 404


@on_sqlite
def test_a_token_for_single_permissions_finds_only_what_those_let_it_see(shop: Shop) -> None:
    shop.person(Role.PLATFORM_ADMIN)
    everywhere = limited(shop, {"platform.view"}, platform_id=None)
    found = asked(everywhere, ADMIN, "e", **{"X-Console-Platform": "acme"})
    assert found.keys() <= {"pages", "platforms"}
    assert asked(everywhere, ADMIN, "example.test", **{"X-Console-Platform": "acme"}) == {}
    here = limited(shop, {"platform.view", "modules.view"}, platform_id=shop.acme.id)
    found = asked(here, ADMIN, "o")
    assert "modules" in found
    assert found.keys().isdisjoint({"actions", "vendors", "people"})
    assert limited(shop, {"modules.view"}, platform_id=shop.acme.id).send("GET", ADMIN).status_code == 403
    assert here.send("GET", INSTANCE).status_code == 403


@on_sqlite
def test_what_another_token_of_the_same_name_did_is_not_told_as_ones_own(shop: Shop) -> None:
    every = {"platform.view", "modules.view", "modules.toggle", "operations.view"}
    other = limited(shop, every, platform_id=shop.acme.id)
    assert other.send("PUT", "/api/admin/modules/analytics", {"want": "on"}).status_code in (200, 202)
    assert "recent" not in asked(limited(shop, every, platform_id=shop.acme.id), ADMIN)


def test_the_overview_of_a_platform_says_what_its_page_says(shop: Shop) -> None:
    switch(shop.app, shop.acme.id, "analytics", on=True)
    with shop.app.app_context(), unit_of_work() as uow:
        report = Report(HealthStatus.UNHEALTHY, "the disk is full", {})
        health.store(uow, "analytics", report, now=runtime().clock())
    found = shop.token(shop.acme).send("GET", "/api/admin/").get_json()
    page = shop.person(Role.PLATFORM_ADMIN).get("/admin/acme/").text
    for name in ("on", "attention", "busy"):
        assert f'data-testid="count-{name}">{found["counts"][name]} ' in page
    assert found["counts"]["on"] == len(found["on"])
    (line,) = found["attention"]
    assert (line["module"], line["state"], line["health"]) == ("analytics", "on", "unhealthy")
    assert line["detail"] == "the disk is full"
    assert {each["slug"] for each in found["vendors"]} == {"blue", "red"}
    assert found["operations"][0]["platform"] == "acme"
    assert len(found["activity"]["days"]) == 30
    changed = next(each for each in found["activity"]["series"] if each["measure"] == "operations")
    assert sum(changed["counts"]) == changed["total"] > 0
    short = shop.token(shop.acme).send("GET", "/api/admin/?limit=1").get_json()
    assert [len(short[each]) for each in ("vendors", "operations", "changes")] == [1, 1, 1]


@on_sqlite
def test_an_overview_leaves_out_what_a_token_may_not_see(shop: Shop) -> None:
    found = limited(shop, {"platform.view"}, platform_id=shop.acme.id).send("GET", "/api/admin/").get_json()
    hidden = ("vendors", "new_vendors", "operations", "given_up", "changes")
    assert [found[each] for each in hidden] == [None] * 5
    assert found["counts"]["vendors"] == 2
    assert limited(shop, {"modules.view"}, platform_id=shop.acme.id).send("GET", "/api/admin/").status_code == 403


def test_the_overview_of_the_instance_counts_every_platform(shop: Shop) -> None:
    switch(shop.app, shop.acme.id, "analytics", on=True)
    with shop.app.app_context(), unit_of_work() as uow:
        health.store(uow, "analytics", Report(HealthStatus.DEGRADED, "slow", {}), now=runtime().clock())
    found = shop.token(None).send("GET", "/api/instance/").get_json()
    lines = {each["slug"]: (each["vendors"], each["attention"]) for each in found["platforms"]}
    assert lines == {"acme": (2, 1), "globex": (1, 0)}
    assert (found["vendors"], found["left"], found["running"]) == (3, 0, [])
    (finding,) = found["attention"]
    assert (finding["platform"], finding["module"], finding["trouble"]) == ("acme", "analytics", "degraded")
    assert {each["platform"] for each in found["changes"]} >= {"acme", "globex"}
    own = shop.token(shop.acme).send("GET", "/api/admin/").get_json()
    assert own["counts"]["on"] == next(each["on"] for each in found["platforms"] if each["slug"] == "acme")
    assert shop.token(shop.acme).send("GET", "/api/instance/").status_code == 403


def test_a_vendors_home_shows_its_modules_and_requests(shop: Shop) -> None:
    switch(shop.app, shop.acme.id, "analytics", on=True)
    token = shop.token(shop.blue)
    assert token.send("POST", "/api/vendor/catalog/orders/ask", {"note": "Please."}).status_code == 200
    found = token.send("GET", "/api/vendor/").get_json()
    cards = {each["module"]: each for each in found["modules"]}
    assert (found["vendor"], found["platform"]) == ("blue", "acme")
    assert cards["analytics"]["since"] is not None
    assert cards["cms"]["since"] is None
    assert {each["url"] for each in cards["analytics"]["pages"]} >= {"/vendor/blue/analytics/"}
    assert "orders" in found["off"]
    assert [(each["module"], each["note"]) for each in found["requests"]] == [("orders", "Please.")]
    assert shop.token(shop.red).send("GET", "/api/vendor/").get_json()["requests"] == []


def test_operations_are_narrowed_and_the_way_back_is_shown(shop: Shop) -> None:
    token, path = shop.token(shop.acme), "/api/admin/operations"
    switch(shop.app, shop.acme.id, "analytics", on=True)

    def found(query: str) -> set[str]:
        listed = token.send("GET", f"{path}?{query}").get_json()["operations"]
        return {step["module"] for each in listed for step in each["steps"]}

    assert found("module=analytics") == found("kind=toggle") == {"analytics"}
    assert found("module=analytics&state=failed") == found("to=2001-01-01") == set()
    for wrong in ("state=lost", "kind=none", "from=yesterday"):
        refused = token.send("GET", f"{path}?{wrong}")
        assert (refused.status_code, refused.get_json()["error"]["code"]) == (400, "usage")
    (operation,) = token.send("GET", f"{path}?module=analytics").get_json()["operations"]
    back = token.send("GET", f"{path}/{operation['id']}/undo").get_json()
    assert [(step["module"], step["action"]) for step in back["steps"]] == [("analytics", "disable")]
    foreign = shop.token(shop.globex).send("GET", f"{path}/{operation['id']}/undo")
    assert foreign.status_code == 404


def test_pictures_and_themes_are_listed_for_programs(shop: Shop) -> None:
    name = shop.media_name()
    token = shop.token(shop.blue)
    (picture,) = token.send("GET", "/api/vendor/cms/media").get_json()["media"]
    assert (picture["name"], picture["file_name"]) == ("a.png", name)
    served = token.send("GET", f"/api/vendor/cms/media/{name}")
    assert (served.mimetype, len(served.data)) == ("image/png", picture["size_bytes"])
    assert served.headers["Content-Disposition"] == f"attachment; filename={name}"
    assert "sandbox" in served.headers["Content-Security-Policy"]
    assert shop.token(shop.red).send("GET", f"/api/vendor/cms/media/{name}").status_code == 404
    themes = shop.token(shop.acme).send("GET", "/api/admin/cms/themes").get_json()["themes"]
    assert [each["accent"] for each in themes] == ["#4f46e5"] * 2
