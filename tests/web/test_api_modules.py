"""What the pages of modules do, for programs: the same effect, the same refusals, and nobody else's things."""

from __future__ import annotations

import base64

from werkzeug.test import TestResponse

from console.domain.words import Role
from console.testing.journeys import switch
from console.testing.people import Program
from tests.support.shop import PICTURE, Shop, page_fields, picture_fields
from tests.web.routes import JSON, ask

MEDIA, PAGES, THEMES = "/api/vendor/cms/media", "/api/vendor/cms/pages", "/api/admin/cms/themes"
ALL_PAGES, SUBSCRIPTIONS = "/api/admin/cms/pages", "/api/admin/billing/subscriptions"


def code_of(answer: TestResponse) -> tuple[int, str]:
    """Status and code of an error, which has the one shape that all errors have."""
    error = answer.get_json()["error"]
    assert error.keys() == {"code", "message", "hint", "details", "request_id"}
    return answer.status_code, error["code"]


def as_person(shop: Shop, role: Role, method: str, path: str, body: object = None) -> TestResponse:
    """The answer to somebody of acme or blue who is logged in."""
    named = {"X-Console-Vendor": "blue"} if path.startswith("/api/vendor/") else {"X-Console-Platform": "acme"}
    return ask(shop.person(role), method, path, headers={**JSON, **named}, body=body)


def without(shop: Shop, feature: str) -> None:
    """Keep the feature back from blue."""
    path = f"/api/admin/vendors/blue/features/{feature}"
    answer = shop.token(shop.acme).send("PUT", path, {"want": "off", "note": "Not paid."})
    assert answer.status_code == 200, answer.text


def names(program: Program) -> list[str]:
    return [each["file_name"] for each in program.send("GET", MEDIA).get_json()["media"]]


def test_a_picture_is_sent_listed_served_and_deleted(shop: Shop) -> None:
    blue = shop.token(shop.blue)
    sent = blue.send("POST", MEDIA, picture_fields() | {"name": "../my logo.png"})
    picture = sent.get_json()["picture"]
    assert (sent.status_code, picture["name"], picture["size_bytes"]) == (201, "my_logo.png", len(PICTURE))
    assert blue.send("GET", MEDIA).get_json()["media"] == [picture]
    assert f"/cms/media/{picture['file_name']}" in shop.person(Role.VENDOR_OWNER).get("/vendor/blue/cms/media").text
    address = f"{MEDIA}/{picture['file_name']}"
    assert blue.send("GET", address).data == PICTURE
    red = shop.token(shop.red)
    assert code_of(red.send("DELETE", address)) == (404, "unknown_media")
    assert code_of(as_person(shop, Role.VENDOR_MEMBER, "DELETE", address)) == (403, "forbidden")
    assert names(blue) == [picture["file_name"]]
    gone = blue.send("DELETE", address)
    assert (gone.status_code, gone.data, names(blue)) == (204, b"", [])
    assert code_of(blue.send("DELETE", address)) == (404, "unknown_media")


def test_a_picture_that_the_page_refuses_is_refused(shop: Shop) -> None:
    blue = shop.token(shop.blue)

    def refused(data: object, **more: object) -> tuple[int, str]:
        return code_of(blue.send("POST", MEDIA, {"data": data, **more}))

    def encoded(data: bytes) -> str:
        return base64.b64encode(data).decode()

    assert refused(encoded(b"<script>1</script>")) == (422, "media_refused")
    assert refused(encoded(PICTURE + bytes(1024 * 1024))) == (422, "media_refused")
    assert refused("") == (422, "media_refused")
    assert refused("A" * 16 * 1024 * 1024) == (413, "too_large")
    for data in ("no base64!", "abc", "\ud800", 7, None, ["QQ=="]):
        assert refused(data) == (422, "body_invalid"), data
    assert refused(encoded(PICTURE), path="/etc") == refused(encoded(PICTURE), name="x" * 256) == (422, "body_invalid")
    as_file = blue.client.post(MEDIA, data={"file": "x"}, headers=blue.headers)
    assert code_of(as_file) == (400, "body_invalid")
    assert code_of(as_person(shop, Role.VENDOR_MEMBER, "POST", MEDIA, picture_fields())) == (403, "forbidden")
    without(shop, "media_library")
    assert code_of(blue.send("POST", MEDIA, picture_fields())) == (403, "feature_not_in_tier")
    assert code_of(blue.send("DELETE", f"{MEDIA}/x")) == (403, "feature_not_in_tier")
    assert names(shop.token(shop.red)) == []


def test_a_picture_that_is_sent_twice_with_one_key_is_kept_once(shop: Shop) -> None:
    blue = shop.token(shop.blue)
    keyed = {**blue.headers, "Idempotency-Key": "logo"}
    first, second = (blue.client.post(MEDIA, json=picture_fields(), headers=keyed) for _ in range(2))
    assert (first.status_code, first.data) == (second.status_code, second.data)
    assert second.headers["Idempotency-Replayed"] == "true"
    assert names(blue) == [first.get_json()["picture"]["file_name"]]


def test_a_page_is_published_and_taken_offline_by_its_vendor_and_by_an_admin(shop: Shop) -> None:
    blue, acme = shop.token(shop.blue), shop.token(shop.acme)
    page = blue.send("POST", PAGES, page_fields()).get_json()["page"]
    own, whole = f"{PAGES}/{page['id']}", f"{ALL_PAGES}/{page['id']}"
    assert page["published"] is False
    for program, address, published in ((blue, own, True), (acme, whole, False), (acme, whole, True)):
        answer = program.send("PUT", f"{address}/published", {"published": published})
        assert (answer.status_code, answer.get_json()["page"]["published"]) == (200, published)
        assert blue.send("GET", own).get_json()["page"] == answer.get_json()["page"]
    off = {"published": False}
    assert code_of(shop.token(shop.red).send("PUT", f"{own}/published", off)) == (404, "unknown_page")
    assert code_of(shop.token(shop.globex).send("PUT", f"{whole}/published", off)) == (404, "unknown_page")
    for role, address in ((Role.VENDOR_MEMBER, own), (Role.PLATFORM_VIEWER, whole)):
        assert code_of(as_person(shop, role, "PUT", f"{address}/published", off)) == (403, "forbidden")
    for body in ({}, {"published": "perhaps"}, {"published": True, "title": "x"}):
        assert code_of(acme.send("PUT", f"{whole}/published", body)) == (422, "body_invalid")
        assert code_of(blue.send("PUT", f"{own}/published", body)) == (422, "body_invalid")
    without(shop, "content_pages")
    assert code_of(blue.send("PUT", f"{own}/published", off)) == (403, "feature_not_in_tier")
    assert acme.send("GET", whole).get_json()["page"]["published"] is True


def test_a_vendor_gets_a_theme(shop: Shop) -> None:
    acme, look = shop.token(shop.acme), {"accent": "#123456", "typeface": "serif", "width": "wide"}
    address, number = f"{THEMES}/{shop.blue.id}", str(shop.blue.id)
    answer = acme.send("PUT", address, look)
    assert (answer.status_code, answer.get_json()) == (200, {"theme": {"vendor": number, **look}})
    assert answer.get_json()["theme"] in acme.send("GET", THEMES).get_json()["themes"]
    assert "#123456" in shop.person(Role.VENDOR_OWNER).get("/vendor/blue/cms/theme.css").text
    for body in ({"accent": "red"}, {"typeface": "comic"}, {"colour": "#123456"}):
        assert code_of(acme.send("PUT", address, body)) == (422, "body_invalid")
    assert code_of(as_person(shop, Role.PLATFORM_VIEWER, "PUT", address, look)) == (403, "forbidden")
    assert code_of(shop.token(shop.globex).send("PUT", address, look)) == (404, "unknown_vendor")
    assert code_of(acme.send("PUT", f"{THEMES}/{shop.green.id}", look)) == (404, "unknown_vendor")
    plain = acme.send("PUT", address, {}).get_json()["theme"]
    assert plain == {"vendor": number, "accent": "#4f46e5", "typeface": "sans", "width": "narrow"}


def test_a_subscription_is_started_activated_and_cancelled(shop: Shop) -> None:
    acme, address = shop.token(shop.acme), f"{SUBSCRIPTIONS}/{shop.blue.id}"
    start, state = {"plan": "starter"}, f"{address}/state"
    assert code_of(acme.send("POST", address, start)) == (404, "module_off")
    assert code_of(acme.send("PUT", state, {"state": "active"})) == (404, "module_off")
    switch(shop.app, shop.acme.id, "billing", on=True)
    switch(shop.app, shop.globex.id, "billing", on=True)
    assert code_of(acme.send("PUT", state, {"state": "active"})) == (409, "subscription_change")
    assert code_of(acme.send("POST", address, {"plan": "gold"})) == (422, "unknown_plan")
    assert code_of(acme.send("POST", address, {})) == (422, "body_invalid")
    begun = acme.send("POST", address, start)
    told = begun.get_json()["subscription"]
    assert (begun.status_code, told["plan"], told["state"]) == (201, "starter", "trial")
    assert code_of(acme.send("POST", address, start)) == (409, "subscription_change")
    for wanted in ("active", "cancelled"):
        answer = acme.send("PUT", state, {"state": wanted})
        told = answer.get_json()["subscription"]
        assert (answer.status_code, told["state"]) == (200, wanted)
        assert code_of(acme.send("PUT", state, {"state": wanted})) == (409, "subscription_change")
    assert told == shop.token(shop.blue).send("GET", "/api/vendor/billing/subscription").get_json()["subscription"]
    assert code_of(acme.send("PUT", state, {"state": "trial"})) == (422, "body_invalid")
    for method, path, body in (("POST", address, start), ("PUT", state, {"state": "active"})):
        refused = as_person(shop, Role.PLATFORM_VIEWER, method, path, body)
        assert code_of(refused) == (403, "forbidden")
        foreign = shop.token(shop.globex).send(method, path, body)
        assert code_of(foreign) == (404, "unknown_vendor")
    assert acme.send("GET", SUBSCRIPTIONS).get_json()["subscriptions"] == [told]
