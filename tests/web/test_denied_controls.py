"""What somebody may not do stays in sight, disabled, and names the permission; whoever may sees no trace of that."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser

import pytest

from console.domain.words import Role
from console.testing.journeys import switch
from console.testing.people import Visitor
from tests.support.shop import Shop

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)

OWN_FORMS = ("/logout", "/language", "/account")
VOID = {"input", "br", "img", "meta", "link", "hr", "use", "path"}
PERMISSION = re.compile(r"\b\w+\.(?:manage|toggle|configure|answer|run|purge|ask)\b")

FOR_VIEWERS = {
    "/admin/acme/modules": {"modules.toggle"},
    "/admin/acme/modules/orders": {"modules.toggle"},
    "/admin/acme/modules/cms/config": {"modules.configure"},
    "/admin/acme/modules/cms/health": {"health.run"},
    "/admin/acme/operations/{operation}": {"operations.manage"},
    "/admin/acme/vendors": {"vendors.manage"},
    "/admin/acme/vendors/blue": {"tiers.manage", "vendors.manage"},
    "/admin/acme/tiers": {"tiers.manage"},
    "/admin/acme/users": {"users.manage"},
    "/admin/acme/users/roles": {"users.manage"},
    "/admin/acme/users/tokens": {"tokens.manage"},
    "/admin/acme/requests": {"requests.answer", "modules.toggle"},
    "/admin/acme/menu": {"menu.manage"},
    "/admin/acme/payments/": {"payments.manage"},
    "/admin/acme/billing/": {"billing.manage"},
    "/admin/acme/orders/{order}": {"orders.manage"},
    "/admin/acme/cms/pages/{page}": {"cms.manage"},
}
FOR_MEMBERS = {
    "/vendor/blue/orders/": {"orders.manage"},
    "/vendor/blue/orders/{order}": {"orders.manage"},
    "/vendor/blue/payments/": {"payments.manage"},
    "/vendor/blue/cms/": {"cms.manage"},
    "/vendor/blue/cms/media": {"cms.manage"},
    "/vendor/blue/cms/pages/{page}": {"cms.manage"},
}


class Controls(HTMLParser):
    """Reads the controls of forms that change something, each with whether it can be used."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[tuple[str, dict[str, str | None]]] = []
        self.usable: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        values = dict(attributes)
        form = next((each for name, each in reversed(self.open) if name == "form"), {})
        if tag == "button" and form.get("method") == "post" and not self._is_off(values):
            action = form.get("action") or ""
            if not action.startswith(OWN_FORMS):
                self.usable.append(f"{action} {values.get('id') or values.get('name') or ''}")
        if tag not in VOID:
            self.open.append((tag, values))

    def _is_off(self, values: dict[str, str | None]) -> bool:
        return "disabled" in values or any(name == "fieldset" and "disabled" in each for name, each in self.open)

    def handle_endtag(self, tag: str) -> None:
        for place in range(len(self.open) - 1, -1, -1):
            if self.open[place][0] == tag:
                del self.open[place:]
                return


def usable(page: str) -> list[str]:
    """The buttons of forms that post, which somebody can press."""
    found = Controls()
    found.feed(page)
    return found.usable


@pytest.fixture
def full(shop: Shop) -> tuple[Shop, dict[str, object]]:
    """An order, a page, a picture, an operation that can be undone and an open request."""
    shop.switch_all(on=True)
    ids: dict[str, object] = {"order": shop.order(), "page": shop.page()}
    shop.media()
    done = switch(shop.app, shop.acme.id, "analytics", on=False)
    assert done is not None
    asked = shop.person(Role.VENDOR_OWNER).post("/vendor/blue/catalog/analytics/ask", {"note": "Please"})
    assert asked.status_code == 303
    return shop, {**ids, "operation": done.id}


def pages_of(visitor: Visitor, table: dict[str, set[str]], ids: dict[str, object]) -> Iterator[tuple[str, str]]:
    for path in table:
        answer = visitor.get(path.format(**ids))
        if answer.status_code == 200:
            yield path, answer.text


def test_a_viewer_sees_what_they_may_not_do_and_why(full: tuple[Shop, dict[str, object]]) -> None:
    shop, ids = full
    pages = dict(pages_of(shop.person(Role.PLATFORM_VIEWER), FOR_VIEWERS, ids))
    assert pages.keys() == FOR_VIEWERS.keys()
    for path, text in pages.items():
        missing = FOR_VIEWERS[path] - set(PERMISSION.findall(text))
        assert missing == set(), f"{path} does not name {missing}"
        assert usable(text) == [], path


def test_a_member_sees_what_they_may_not_do_and_why(full: tuple[Shop, dict[str, object]]) -> None:
    shop, ids = full
    pages = dict(pages_of(shop.person(Role.VENDOR_MEMBER), FOR_MEMBERS, ids))
    assert len(pages) == len(FOR_MEMBERS)
    for path, text in pages.items():
        missing = FOR_MEMBERS[path] - set(PERMISSION.findall(text))
        assert missing == set(), f"{path} does not name {missing}"
        assert usable(text) == [], path


def test_whoever_may_is_told_of_no_permission(full: tuple[Shop, dict[str, object]]) -> None:
    shop, ids = full
    for role, table in ((Role.PLATFORM_ADMIN, FOR_VIEWERS), (Role.VENDOR_OWNER, FOR_MEMBERS)):
        for path, text in pages_of(shop.person(role), table, ids):
            assert "Needs the permission" not in text, path
            assert 'data-testid="needs-' not in text, path
