"""Every address that can change something refuses what another site made a browser send, and takes its own."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

import pytest

from console.domain.words import Role
from console.testing.people import Visitor
from tests.support.shop import Shop
from tests.web.routes import JSON

on_sqlite = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
HERE = "http://localhost"
FORGED: Mapping[str, Mapping[str, str]] = {
    "another origin": {"Origin": "https://evil.example"},
    "another site": {"Sec-Fetch-Site": "cross-site"},
    "our origin, said by another site": {"Origin": HERE, "Sec-Fetch-Site": "cross-site"},
}
KNOWN = {"platform": "acme", "vendor": "blue", "code": "cms", "slug": "red", "frontend": "admin", "decision": "keep"}
SET_UP = "people.setup"  # over, and unknown since
LAST = "people.logout"


def unsafe(shop: Shop) -> Iterator[tuple[str, str, str]]:
    """Endpoint, method and an address of everything that is not only read, what ends the session at the end."""
    for rule in sorted(shop.app.url_map.iter_rules(), key=lambda each: (each.endpoint == LAST, each.rule)):
        known = {**KNOWN, "decision": "again"} if "given-up" in rule.rule else KNOWN
        path = re.sub(r"<(?:[^<>]*:)?(\w+)>", lambda found: known.get(found[1], "999999"), rule.rule)  # noqa: B023
        for method in sorted((rule.methods or set()) - {"GET", "HEAD", "OPTIONS"}):
            if not rule.endpoint.startswith(SET_UP):
                yield rule.endpoint, method, path


@on_sqlite
def test_every_address_that_changes_something_refuses_other_sites_and_takes_our_own_pages(shop: Shop) -> None:
    shop.switch_all(on=True)
    wrong: list[str] = []
    tried: set[str] = set()
    for endpoint, method, path in unsafe(shop):
        at_vendor = path.startswith(("/vendor/", "/api/vendor/"))
        person = shop.person(Role.VENDOR_OWNER if at_vendor else Role.INSTANCE_ADMIN)
        tenant = {"X-Console-Platform": "acme", "X-Console-Vendor": "blue"}
        for name, forged in FORGED.items():
            if answer_code(person, method, path, {**tenant, **forged, "X-CSRF-Token": person.csrf}) != "csrf_refused":
                wrong.append(f"{method} {path} takes {name}")
        for name, token in (("no token", {}), ("a token of elsewhere", {"X-CSRF-Token": "x" * 43})):
            own = {**tenant, "Origin": HERE, "Sec-Fetch-Site": "same-origin", **token}
            if answer_code(person, method, path, own) != "csrf_refused":
                wrong.append(f"{method} {path} takes {name}")
        own = {**tenant, "Origin": HERE, "Sec-Fetch-Site": "same-origin", "X-CSRF-Token": person.csrf}
        if answer_code(person, method, path, own) == "csrf_refused":
            wrong.append(f"{method} {path} refuses our own page")
        tried.add(endpoint)
    assert wrong == [], "\n".join(wrong)
    assert len(tried) > 80


def answer_code(person: Visitor, method: str, path: str, headers: Mapping[str, str]) -> str:
    """The code of the error that is answered, else the status."""
    answer = person.client.open(path, method=method, headers={**JSON, **headers})
    said = answer.get_json(silent=True) if answer.status_code >= 400 else None
    return str(said["error"]["code"]) if said else str(answer.status_code)
