"""The routes of all modules, who may use each, and how to fill them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from flask import Flask
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from console.blueprint import demands_of
from console.domain.words import Role
from console.testing.people import Visitor
from console.web.permit import module_of
from tests.support.shop import Shop, page_fields, picture_fields

Fill = Callable[[Shop], object]
HTML = {"Accept": "text/html"}
HTMX = {"Accept": "text/html", "HX-Request": "true", "HX-Request-Type": "partial"}
JSON = {"Accept": "application/json"}
SHAPES: Mapping[str, Mapping[str, str]] = {"html": HTML, "htmx": HTMX, "json": JSON}
TENANTS = {"admin": "acme", "vendor": "blue", "api_admin": "acme", "api_vendor": "blue"}
TENANT_HEADERS = {"api_admin": "X-Console-Platform", "api_vendor": "X-Console-Vendor"}
ROLES = {
    "admin": (Role.INSTANCE_ADMIN, Role.PLATFORM_ADMIN, Role.PLATFORM_VIEWER),
    "vendor": (Role.VENDOR_OWNER, Role.VENDOR_MEMBER),
}


def method_fields(shop: Shop) -> dict[str, object]:
    """A payment method that the schema takes."""
    return {"label": "Card", "gateway": shop.gateway(), "last_four": "4242"}


def order_fields(shop: Shop) -> dict[str, object]:
    """An order that the schema takes."""
    return {"customer": "Ada", "total": "19.90", "payment_method": shop.method()}


ARGUMENTS: Mapping[str, Fill] = {
    "gateway": Shop.gateway,
    "method_id": Shop.method,
    "order_id": Shop.order,
    "page_id": Shop.page,
    "media_id": Shop.media,
    "file_name": Shop.media_name,
    "vendor_id": Shop.new_vendor,
}
SPECIAL_ARGUMENTS: Mapping[tuple[str, str], Fill] = {
    ("admin.billing.change_subscription", "vendor_id"): Shop.subscriber,
    ("api_admin.billing.change_state", "vendor_id"): Shop.subscriber,
}
BODIES: Mapping[str, Callable[[Shop], dict[str, object]]] = {
    "admin.billing.start_subscription": lambda _shop: {"plan": "starter"},
    "admin.billing.change_subscription": lambda _shop: {"want": "cancelled"},
    "api_admin.billing.add_subscription": lambda _shop: {"plan": "starter"},
    "api_admin.billing.change_state": lambda _shop: {"state": "cancelled"},
    "admin.orders.move": lambda _shop: {"state": "placed"},
    "vendor.orders.move": lambda _shop: {"state": "placed"},
    "api_admin.orders.change_state": lambda _shop: {"state": "placed"},
    "api_vendor.orders.change_state": lambda _shop: {"state": "placed"},
    "admin.payments.switch_gateway": lambda _shop: {"want": "on"},
    "api_admin.payments.change_gateway": lambda _shop: {"active": True},
    "vendor.payments.create_method": method_fields,
    "api_vendor.payments.add_payment_method": method_fields,
    "vendor.orders.save_order": order_fields,
    "api_vendor.orders.add_order": order_fields,
    "vendor.cms.create_page": lambda _shop: page_fields(),
    "vendor.cms.save_page": lambda _shop: page_fields(),
    "api_vendor.cms.add_page": lambda _shop: page_fields(),
    "api_vendor.cms.replace_page": lambda _shop: page_fields(),
    "admin.cms.publish_page": lambda _shop: {"want": "on"},
    "vendor.cms.publish_page": lambda _shop: {"want": "on"},
    "api_admin.cms.change_published": lambda _shop: {"published": True},
    "api_vendor.cms.change_published": lambda _shop: {"published": True},
    "api_vendor.cms.add_media": lambda _shop: picture_fields(),
    "api_admin.cms.replace_theme": lambda _shop: {"accent": "#123456", "typeface": "serif", "width": "wide"},
    "admin.cms.save_theme": lambda _shop: {"accent": "#123456", "typeface": "serif", "width": "wide"},
}


@dataclass(frozen=True)
class Route:
    """One method of one address of a module."""

    rule: Rule
    method: str
    permission: str

    @property
    def endpoint(self) -> str:
        return str(self.rule.endpoint)

    @property
    def parent(self) -> str:
        return self.endpoint.partition(".")[0]

    @property
    def code(self) -> str:
        return module_of(self.endpoint) or ""

    @property
    def is_api(self) -> bool:
        return self.parent.startswith("api_")

    @property
    def at_vendor(self) -> bool:
        return self.parent.endswith("vendor")

    def users(self) -> list[Role]:
        """The roles that may use it: admins and owners always, viewers and members what only reads."""
        roles = ROLES["vendor" if self.at_vendor else "admin"]
        return [role for role in roles if self.permission.endswith(".view") or role.value.endswith(("admin", "owner"))]

    def others(self) -> list[Role]:
        """The roles of the same tenant that may not."""
        return [role for role in (*ROLES["admin"], *ROLES["vendor"]) if role not in self.users()]

    def plain_path(self, tenant: str | None = None) -> str:
        """The address with ``1`` for every argument."""
        path = self.rule.rule.replace("<platform>", tenant or "acme").replace("<vendor>", tenant or "blue")
        return re.sub(r"<[^>]+>", "1", path)

    def __str__(self) -> str:
        return f"{self.method} {self.rule.rule}"


def routes_of_modules(app: Flask) -> list[Route]:
    """Every method of every address of every module."""
    found = []
    for rule in app.url_map.iter_rules():
        if module_of(rule.endpoint) is not None:
            permission = demands_of(app.view_functions[rule.endpoint]).permission or ""
            found += [
                Route(rule, method, permission) for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
            ]
    return found


def filled(shop: Shop, route: Route) -> str:
    """The address with arguments that exist; one that nobody knows how to make raises ``KeyError``."""
    path = route.rule.rule.replace("<platform>", "acme").replace("<vendor>", "blue")
    for name in route.rule.arguments - {"platform", "vendor"}:
        make = SPECIAL_ARGUMENTS.get((route.endpoint, name)) or ARGUMENTS[name]
        path = re.sub(rf"<(?:[^:<>]+:)?{name}>", str(make(shop)), path)
    return path


def tenant_header(route: Route, tenant: str | None = None) -> dict[str, str]:
    """What names the tenant in an API request."""
    return {TENANT_HEADERS[route.parent]: tenant or TENANTS[route.parent]} if route.is_api else {}


def ask(
    visitor: Visitor,
    method: str,
    path: str,
    *,
    headers: Mapping[str, str],
    form: Mapping[str, object] | None = None,
    body: object = None,
) -> TestResponse:
    """The answer to one request, with the token that a page would send."""
    sent = {"X-CSRF-Token": visitor.csrf, **headers}
    return visitor.client.open(path, method=method, headers=sent, data=form, json=body, buffered=True)


def masked(answer: TestResponse) -> tuple[int, list[tuple[str, str]], bytes]:
    """Status, headers and bytes of an answer with nonce and request id masked."""
    request_id = answer.headers["X-Request-Id"]
    policy = answer.headers.get("Content-Security-Policy", "")
    nonce = re.search(r"'nonce-([^']+)'", policy)
    hidden = [request_id, *([nonce.group(1)] if nonce else [])]

    def hide(text: str) -> str:
        for secret in hidden:
            text = text.replace(secret, "·" * len(secret))
        return text

    headers = sorted((name, hide(value)) for name, value in answer.headers.items())
    return answer.status_code, headers, hide(answer.get_data(as_text=True)).encode()
