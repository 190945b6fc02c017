"""Two tenants with one of everything: what the addresses of one ask for, the other has too."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass

from flask import Flask
from sqlalchemy import func, select

from console.context import runtime
from console.domain.words import Role
from console.services import requests
from console.services.views import PlatformView, VendorView
from console.storage.base import Base
from console.storage.tenancy import system_scope
from console.storage.uow import read_session, unit_of_work
from console.testing.journeys import TESTER, make_platform, make_vendor, switch
from console.testing.people import Program, Visitor, log_in, program
from tests.support.bench import HOSTILE
from tests.support.resting import rest
from tests.support.shop import PICTURE, SWITCHED, page_fields

SETTINGS: Mapping[str, object] = {
    "modules_path": str(HOSTILE / "crossing"),
    "hook_attempts": 1,
    "retry_base_s": 0.01,
    "retry_max_s": 0.02,
    "proof_s": 86_400,
}
"""Two modules more: one that cannot be switched off, and one that is off. Whoever logged in stays proved for a day."""
FIRST, SECOND = "acme", "globex"


@dataclass(frozen=True)
class Tenant:
    """A platform with a vendor, people, programs, and one of everything that an address can name.

    Args:
        ids: Argument of an address → what this tenant has there.
    """

    platform: PlatformView
    vendor: VendorView
    people: Mapping[str, Visitor]
    programs: Mapping[str, Program]
    ids: Mapping[str, str]

    def sender(self, role: str) -> Visitor | Program:
        """The person of that role, or the program whose token is for the ``platform`` or the ``vendor``."""
        return self.people[role] if role in self.people else self.programs[role]


def stocked(app: Flask, slug: str) -> Tenant:
    """A new tenant; its vendor's slug is the platform's with ``-shop`` behind it."""
    platform = make_platform(app, slug, slug.title())
    vendor = make_vendor(app, platform, f"{slug}-shop", f"{slug.title()} Shop")
    people = {
        role.value: log_in(app, role, platform=platform) for role in (Role.PLATFORM_ADMIN, Role.PLATFORM_VIEWER)
    } | {role.value: log_in(app, role, vendor=vendor) for role in (Role.VENDOR_OWNER, Role.VENDOR_MEMBER)}
    programs = {"platform": program(app, platform=platform), "vendor": program(app, vendor=vendor)}
    for code in (*SWITCHED, "stubborn"):
        switch(app, platform.id, code, on=True)
    failed = switch(app, platform.id, "stubborn", on=False)
    assert failed is not None
    made = {
        "platform": slug,
        "vendor": vendor.slug,
        "slug": vendor.slug,
        "vendor_id": str(vendor.id),
        "spare_id": str(make_vendor(app, platform, f"{slug}-spare", "Spare").id),
        "operation_id": str(failed.id),
        "user_id": str(people["platform-viewer"].user_id),
        "member_id": str(people["vendor-member"].user_id),
        "request_id": _request(app, platform, vendor),
        "key": f"delivery-{rest(app, platform.id)[0]}",
    }
    shop = _Shelves(people, programs, slug, vendor.slug)
    return Tenant(platform, vendor, people, programs, made | shop.fill(app, vendor.id))


def _request(app: Flask, platform: PlatformView, vendor: VendorView) -> str:
    with app.app_context():
        with unit_of_work() as uow:
            rt = runtime()
            requests.ask(uow, rt, vendor, "unused", note="For the sale.", actor=TESTER, now=rt.clock())
        return str(requests.open_of(read_session(), platform.id)[0].id)


@dataclass(frozen=True)
class _Shelves:
    """Makes what people and programs of the tenant make."""

    people: Mapping[str, Visitor]
    programs: Mapping[str, Program]
    slug: str
    shop: str

    def fill(self, app: Flask, vendor_id: int) -> dict[str, str]:
        """One of everything; argument → value."""
        self._program("PATCH", "/api/admin/modules/billing/config", {"values": {"trial_days": 30}, "note": "longer"})
        self._admin(f"/billing/vendors/{vendor_id}/start", {"plan": "starter"})
        self._admin(f"/cms/themes/{vendor_id}", {"accent": "#123456", "typeface": "serif", "width": "wide"})
        tier = f"gold-{self.slug}"
        self._admin("/tiers", {"code": tier, "name": f"Gold of {self.slug}"})
        self._admin("/users/roles/new/admin", {"name": f"Clerk of {self.slug}", "permission": "modules.view"})
        self._admin("/users/tokens", {"name": f"robot of {self.slug}", "days": "90", "all": "1"})
        self._admin(f"/vendors/{self.shop}/features/payment_methods", {"want": "on", "note": f"Gift of {self.slug}"})
        gateways = self._program("GET", "/api/admin/payments/gateways")["gateways"]
        assert isinstance(gateways, list)
        gateway = str(gateways[0]["code"])
        method = self._made("payments/methods", "method", {"label": "Card", "gateway": gateway, "last_four": "4242"})
        order = self._made("orders/orders", "order", {"customer": "Ada", "total": "19.90", "payment_method": method})
        page = self._made("cms/pages", "page", page_fields())
        owner = self.people["vendor-owner"]
        sent = owner.client.post(
            f"/vendor/{self.shop}/cms/media",
            data={"csrf_token": owner.csrf, "file": (io.BytesIO(PICTURE), "a.png")},
            content_type="multipart/form-data",
        )
        assert sent.status_code == 303, sent.text
        return _newest(app) | {
            "gateway": gateway,
            "method_id": str(method),
            "order_id": str(order),
            "page_id": str(page),
            "tier": tier,
        }

    def _admin(self, path: str, fields: Mapping[str, object]) -> None:
        answer = self.people["platform-admin"].post(f"/admin/{self.slug}{path}", fields)
        assert answer.status_code in (200, 303), answer.text

    def _program(self, method: str, path: str, body: object = None) -> dict[str, object]:
        answer = self.programs["platform"].send(method, path, body)
        assert answer.status_code == 200, answer.text
        found: dict[str, object] = answer.get_json()
        return found

    def _made(self, path: str, name: str, body: Mapping[str, object]) -> int:
        answer = self.programs["vendor"].send("POST", f"/api/vendor/{path}", body)
        assert answer.status_code == 201, answer.text
        return int(answer.get_json()[name]["id"])


def _newest(app: Flask) -> dict[str, str]:
    """What only the tables tell the ids of."""
    names = {"media_id": "cms_media", "role_id": "roles", "token_id": "tokens"}
    with app.app_context(), system_scope():
        tables = {argument: Base.metadata.tables[name] for argument, name in names.items()}
        media = tables["media_id"]
        file_name = select(media.c.file_name).order_by(media.c.id.desc()).limit(1)
        return {
            argument: str(read_session().execute(select(func.max(table.c.id))).scalar_one())
            for argument, table in tables.items()
        } | {"file_name": read_session().execute(file_name).scalar_one()}


def two_tenants(app: Flask) -> tuple[Tenant, Tenant]:
    """The tenant that asks, and the one that nothing may come from."""
    return stocked(app, FIRST), stocked(app, SECOND)
