"""Every address of a tenant, from the URL map, filled with what a tenant has, and with a body that it takes."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from flask import Flask
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from console.testing.people import Program, Visitor
from tests.isolation.stock import Tenant
from tests.support.shop import PICTURE, page_fields, picture_fields

HEADERS = {"api_admin": "X-Console-Platform", "api_vendor": "X-Console-Vendor"}
SENDERS = {"admin": "platform-admin", "vendor": "vendor-owner", "api_admin": "platform", "api_vendor": "vendor"}
"""Area → who may do everything there."""
FIXED: Mapping[str, str] = {
    "code": "payments",
    "feature": "payment_methods",
    "form": "csv",
    "frontend": "admin",
    "position": "1",
    "decision": "keep",
}
OWN: Mapping[str, Mapping[str, str]] = {
    "pages.tier": {"code": "tier"},
    "pages.tier_save": {"code": "tier"},
    "pages.tier_delete": {"code": "tier"},
    "api.tier_save": {"code": "tier"},
    "api.tier_delete": {"code": "tier"},
    **{f"{each}.vendor_user_roles": {"user_id": "member_id"} for each in ("pages", "api")},
    "api.vendor_user_remove": {"user_id": "member_id"},
    "admin.billing.start_subscription": {"vendor_id": "spare_id"},
    "api_admin.billing.add_subscription": {"vendor_id": "spare_id"},
}
"""Endpoint → argument → under which name a tenant has it."""
WORDS: Mapping[str, Mapping[str, str]] = {
    **{name: {"code": "unused"} for name in ("pages.module_enable_accept", "api.module_switch", "home.catalog_module")},
    **{name: {"code": "unused"} for name in ("home.catalog_ask", "home.catalog_withdraw", "api_shop.catalog_module")},
    **{name: {"code": "unused"} for name in ("api_shop.catalog_ask", "api_shop.catalog_withdraw")},
    **{name: {"code": "unused"} for name in ("pages.module_purge_accept", "api.module_purge_accept")},
    **{name: {"code": "billing"} for name in ("pages.module_config_save", "api.module_config_save")},
    **{name: {"code": "billing"} for name in ("pages.module_config_restore", "api.module_config_restore")},
    "pages.module_config_restore_review": {"code": "billing"},
    **{name: {"decision": "again"} for name in ("pages.given_up_decide", "api.given_up_decide")},
    **{name: {"code": "cms"} for name in ("pages.module_health_run", "api.module_health_run")},
    "pages.module_enable": {"code": "unused"},
}
"""Endpoint → argument → a word that is the same for all tenants."""
QUERIES: Mapping[str, str] = {
    "api.module_plan": "?want=off",
    "pages.module_config_restore_review": "?revision=1",
    **dict.fromkeys(("pages.operations_plan", "pages.operations_plan_accept", "api.operations_plan"), "?on=unused"),
}
ARGUMENT = re.compile(r"<(?:[^<>]*:)?(\w+)>")
Fields = Callable[[Tenant], Mapping[str, object]]


@dataclass(frozen=True)
class Endpoint:
    """One method of one address of a tenant."""

    name: str
    rule: Rule
    method: str

    @property
    def area(self) -> str:
        """``admin``, ``vendor``, ``api_admin`` or ``api_vendor``."""
        first, second = self.rule.rule.split("/")[1:3]
        return f"api_{second}" if first == "api" else first

    @property
    def is_api(self) -> bool:
        return self.area.startswith("api")

    @property
    def foreign_arguments(self) -> list[str]:
        """The arguments beside the tenant's slug that one tenant has and another has not."""
        names = [name for name in ARGUMENT.findall(self.rule.rule) if name not in ("platform", "vendor")]
        return [name for name in names if self._key(name) is not None]

    def _key(self, name: str) -> str | None:
        """Under which name a tenant has this argument; None: it is a word that all have."""
        own = OWN.get(self.name, {}).get(name)
        if own is not None:
            return own
        return None if name in FIXED or name in WORDS.get(self.name, {}) or name == "gateway" else name

    def path(self, tenant: Tenant, **instead: str) -> str:
        """The address with what ``tenant`` has; ``instead`` holds other values."""

        def fill(found: re.Match[str]) -> str:
            name = found[1]
            key = self._key(name)
            if name in instead:
                return instead[name]
            if key is not None:
                return tenant.ids[key]
            return WORDS.get(self.name, {}).get(name) or FIXED.get(name) or tenant.ids[name]

        return ARGUMENT.sub(fill, self.rule.rule) + QUERIES.get(self.name, "")

    def value(self, tenant: Tenant, argument: str) -> str:
        """What ``tenant`` has for one of the foreign arguments."""
        return tenant.ids[self._key(argument) or argument]

    def fields(self, tenant: Tenant) -> Mapping[str, object]:
        """A form or a body that the address takes from ``tenant``."""
        make = FIELDS.get(self.name)
        return {} if make is None else make(tenant)

    def __str__(self) -> str:
        return f"{self.method} {self.rule.rule}"


def endpoints(app: Flask) -> list[Endpoint]:
    """Every method of every address that belongs to a tenant."""
    found = []
    for rule in sorted(app.url_map.iter_rules(), key=lambda each: each.rule):
        if rule.rule.startswith(("/admin/", "/vendor/", "/api/admin/", "/api/vendor/")):
            methods = sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
            found += [Endpoint(rule.endpoint, rule, method) for method in methods]
    return found


def send(
    who: Visitor | Program,
    endpoint: Endpoint,
    path: str,
    *,
    fields: Mapping[str, object],
    headers: Mapping[str, str],
) -> TestResponse:
    """The answer to one request, in the shape that the address takes."""
    sent = {"Accept": "application/json" if endpoint.is_api else "text/html", **headers}
    if isinstance(who, Program):
        sent |= who.headers
    else:
        sent["X-CSRF-Token"] = who.csrf
    if endpoint.is_api:
        body = fields if endpoint.method in ("POST", "PUT", "PATCH") else None
        return who.client.open(path, method=endpoint.method, json=body, headers=sent, buffered=True)
    data = None if endpoint.method == "GET" else dict(fields)
    return who.client.open(path, method=endpoint.method, data=data, headers=sent, buffered=True)


def by_owner(endpoint: Endpoint, tenant: Tenant) -> TestResponse:
    """The answer to whoever may do everything there."""
    who = tenant.sender(SENDERS[endpoint.area])
    path, fields = endpoint.path(tenant), endpoint.fields(tenant)
    return send(who, endpoint, path, fields=fields, headers=tenant_header(endpoint, tenant))


def tenant_header(endpoint: Endpoint, tenant: Tenant) -> dict[str, str]:
    """What names the tenant in a request of the API."""
    if not endpoint.is_api:
        return {}
    return {HEADERS[endpoint.area]: tenant.ids["platform" if endpoint.area == "api_admin" else "vendor"]}


def is_well(answer: TestResponse) -> bool:
    """Whether it was done: a form that is sent without htmx leads on to a page then."""
    if answer.status_code == 303:
        return "/login" not in answer.headers["Location"]
    return 200 <= answer.status_code < 300


def _plan(path: str) -> Fields:
    def make(tenant: Tenant) -> Mapping[str, object]:
        found = tenant.programs["platform"].send("GET", f"/api/admin/modules/{path}").get_json()
        return {"plan": found["digest"], "want": path.rpartition("=")[2]}

    return make


def _undo(tenant: Tenant) -> Mapping[str, object]:
    page = tenant.people["platform-admin"].get(
        f"/admin/{tenant.ids['platform']}/operations/{tenant.ids['operation_id']}/undo"
    )
    found = re.search(r'name="plan" value="(\w+)"', page.text)
    return {"plan": found[1] if found else ""}


def _menu(_tenant: Tenant) -> Mapping[str, object]:
    return {"do": "reset", "seen": "[]"}


def _same(**fields: object) -> Fields:
    return lambda _tenant: fields


FIELDS: Mapping[str, Fields] = {
    "pages.menu_change": _menu,
    "pages.module_config_save": _same(c_trial_days="21", note="shorter"),
    "pages.module_config_restore": _same(revision="1"),
    "pages.module_enable_accept": _plan("unused/plan?want=on"),
    "pages.module_disable_accept": _plan("payments/plan?want=off"),
    "pages.module_purge_accept": lambda tenant: {"confirm": f"{tenant.ids['platform']}/unused"},
    "pages.operation_force": _same(note="It has to go."),
    "pages.operation_undo_accept": _undo,
    "pages.operations_plan_accept": lambda tenant: {"plan": _plan("unused/plan?want=on")(tenant)["plan"]},
    "pages.request_decline": _same(note="Not now."),
    "pages.tier_create": _same(code="silver", name="Silver"),
    "pages.tier_save": _same(name="Gold and more", feature="payment_methods"),
    "pages.user_invite": _same(email="new@example.test", role="platform-viewer"),
    "pages.user_roles": _same(role="platform-admin"),
    "pages.role_create": _same(name="Reader", permission="modules.view"),
    "pages.role_save": _same(name="Reader", permission="modules.view"),
    "pages.token_create": _same(name="robot", days="90", all="1"),
    "pages.vendor_create": _same(slug="new-shop", name="New"),
    "pages.vendor_override": _same(want="off", note="Not paid."),
    "pages.vendor_tier_accept": lambda tenant: {"tier": tenant.ids["tier"], "seen": _tier_seen(tenant)},
    "pages.vendor_invite": _same(email="new@example.test", role="vendor-member"),
    "pages.vendor_user_roles": _same(role="vendor-owner"),
    **dict.fromkeys(("home.catalog_ask", "api_shop.catalog_ask"), _same(note="Please.")),
    "api.module_switch": _same(want="on"),
    "api.module_config_save": _same(values={"trial_days": 21}),
    "api.module_config_restore": _same(restore=1),
    "api.module_purge_accept": lambda tenant: {"confirm": f"{tenant.ids['platform']}/unused"},
    "api.operation_undo_accept": _undo,
    "api.operation_force": _same(step="1", note="It has to go."),
    "api.vendor_create": _same(slug="new-shop", name="New"),
    "api.vendor_override": _same(want="off", note="Not paid."),
    "api.vendor_invite": _same(email="new@example.test", roles=["vendor-member"]),
    "api.vendor_user_roles": _same(roles=["vendor-owner"]),
    "api.user_invite": _same(email="new@example.test", roles=["platform-viewer"]),
    "api.user_roles": _same(roles=["platform-admin"]),
    "api.role_create": _same(name="Reader", frontend="admin", permissions=["modules.view"]),
    "api.role_save": _same(name="Reader", permissions=["modules.view"]),
    "api.token_create": _same(name="robot"),
    "api.menu_save": _same(frontend="admin", items=None),
    "api.operations_plan_accept": _same(want={"unused": "on"}),
    "api.module_request_decline": _same(note="Not now."),
    "api.tier_create": _same(code="silver", name="Silver"),
    "api.tier_save": _same(name="Gold and more", features=["payment_methods"]),
    "api.vendor_tier_change": lambda tenant: {"tier": tenant.ids["tier"], "seen": _tier_seen(tenant)},
    "admin.billing.start_subscription": _same(plan="starter"),
    "admin.billing.change_subscription": _same(want="cancelled"),
    "api_admin.billing.add_subscription": _same(plan="starter"),
    "api_admin.billing.change_state": _same(state="cancelled"),
    **dict.fromkeys(("admin.orders.move", "vendor.orders.move"), _same(state="placed")),
    **dict.fromkeys(("api_admin.orders.change_state", "api_vendor.orders.change_state"), _same(state="placed")),
    "admin.payments.switch_gateway": _same(want="on"),
    "api_admin.payments.change_gateway": _same(active=True),
    **dict.fromkeys(
        ("vendor.payments.create_method", "api_vendor.payments.add_payment_method"),
        lambda tenant: {"label": "Second card", "gateway": tenant.ids["gateway"], "last_four": "4242"},
    ),
    **dict.fromkeys(
        ("vendor.orders.save_order", "api_vendor.orders.add_order"),
        lambda tenant: {"customer": "Ada", "total": "19.90", "payment_method": int(tenant.ids["method_id"])},
    ),
    **dict.fromkeys(
        ("vendor.cms.create_page", "vendor.cms.save_page", "api_vendor.cms.add_page", "api_vendor.cms.replace_page"),
        lambda _tenant: page_fields(),
    ),
    **dict.fromkeys(("admin.cms.publish_page", "vendor.cms.publish_page"), _same(want="on")),
    "vendor.cms.upload_media": lambda _tenant: {"file": (io.BytesIO(PICTURE), "a.png")},
    **dict.fromkeys(("api_admin.cms.change_published", "api_vendor.cms.change_published"), _same(published=True)),
    "api_vendor.cms.add_media": lambda _tenant: picture_fields(),
    **dict.fromkeys(
        ("admin.cms.save_theme", "api_admin.cms.replace_theme"),
        _same(accent="#123456", typeface="serif", width="wide"),
    ),
}
"""Endpoint → what it takes."""


def _tier_seen(tenant: Tenant) -> str:
    ids = tenant.ids
    page = tenant.people["platform-admin"].get(
        f"/admin/{ids['platform']}/vendors/{ids['slug']}/tier?tier={ids['tier']}"
    )
    found = re.search(r'name="seen" value="([^"]*)"', page.text)
    return found[1] if found else ""
