"""Two platforms with vendors, and everything that a route of a module can ask for, made the way its users make it."""

from __future__ import annotations

import base64
import io
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field

from flask import Flask

from console.domain.words import Role
from console.services.views import PlatformView, VendorView
from console.testing.journeys import make_platform, make_vendor, switch
from console.testing.people import Program, Visitor, log_in, program

SWITCHED = ("analytics", "billing", "payments", "orders", "dev-tools")
PICTURE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR42mNoAAAAggCB2kUIOwAAAABJRU5ErkJggg=="
)


@dataclass
class Shop:
    """Platform ``acme`` with the vendors ``blue`` and ``red``, platform ``globex`` with ``green``."""

    app: Flask
    acme: PlatformView
    globex: PlatformView
    blue: VendorView
    red: VendorView
    green: VendorView
    people: dict[str, Visitor] = field(default_factory=dict)
    _tokens: dict[str, Program] = field(default_factory=dict)

    def person(self, role: Role) -> Visitor:
        """Somebody with that role at acme or blue."""
        if role.value not in self.people:
            on_platform = role in (Role.PLATFORM_ADMIN, Role.PLATFORM_VIEWER)
            at_vendor = role in (Role.VENDOR_OWNER, Role.VENDOR_MEMBER)
            self.people[role.value] = log_in(
                self.app, role, platform=self.acme if on_platform else None, vendor=self.blue if at_vendor else None
            )
        return self.people[role.value]

    def stranger(self, *, at_vendor: bool) -> Visitor:
        """Somebody of globex, or of its vendor."""
        name = f"stranger-{at_vendor}"
        if name not in self.people:
            role = Role.VENDOR_OWNER if at_vendor else Role.PLATFORM_ADMIN
            self.people[name] = log_in(
                self.app, role, platform=None if at_vendor else self.globex, vendor=self.green if at_vendor else None
            )
        return self.people[name]

    def token(self, scope: PlatformView | VendorView | None) -> Program:
        """A program with a token for that platform, vendor or the instance."""
        name = scope.slug if scope is not None else ""
        if name not in self._tokens:
            self._tokens[name] = program(
                self.app,
                platform=scope if isinstance(scope, PlatformView) else None,
                vendor=scope if isinstance(scope, VendorView) else None,
            )
        return self._tokens[name]

    def switch_all(self, *, on: bool) -> None:
        """Switch every optional and internal module of acme."""
        for code in SWITCHED:
            switch(self.app, self.acme.id, code, on=on)
        if on:
            body = {"values": {"max_methods_per_vendor": 100}}
            assert self.token(self.acme).send("PATCH", "/api/admin/modules/payments/config", body).status_code == 200

    # --- what routes ask for in their addresses -------------------------------------------------------------------

    def gateway(self) -> str:
        """A gateway that takes payments."""
        answer = self.token(self.acme).send("GET", "/api/admin/payments/gateways").get_json()
        return str(answer["gateways"][0]["code"])

    def method(self) -> int:
        """A new payment method of blue."""
        body: dict[str, object] = {
            "label": f"Card {secrets.token_hex(3)}",
            "gateway": self.gateway(),
            "last_four": "4242",
        }
        return self._made("/api/vendor/payments/methods", body, "method")

    def order(self) -> int:
        """A new order of blue."""
        body = {"customer": "Ada", "total": "19.90", "payment_method": self.method()}
        return self._made("/api/vendor/orders/orders", body, "order")

    def page(self) -> int:
        """A new content page of blue."""
        return self._made("/api/vendor/cms/pages", page_fields(), "page")

    def media(self) -> int:
        """A new picture of blue."""
        owner = self.person(Role.VENDOR_OWNER)
        sent = owner.client.post(
            "/vendor/blue/cms/media",
            data={"csrf_token": owner.csrf, "file": (io.BytesIO(PICTURE), "a.png")},
            content_type="multipart/form-data",
        )
        assert sent.status_code == 303, sent.get_data(as_text=True)
        listed = owner.get("/vendor/blue/cms/media").get_data(as_text=True)
        return max(int(found) for found in re.findall(r"/media/(\d+)/delete", listed))

    def media_name(self) -> str:
        """The address's last part of a new picture of blue."""
        number = self.media()
        listed = self.person(Role.VENDOR_OWNER).get("/vendor/blue/cms/media").text
        found = re.search(r'/media/([\w.]+)"', listed.partition(f'data-testid="media-{number}"')[2])
        assert found
        return found[1]

    def new_vendor(self) -> int:
        """A vendor of acme that nobody has touched."""
        slug = f"shop-{secrets.token_hex(4)}"
        return make_vendor(self.app, self.acme, slug, "Shop").id

    def subscriber(self) -> int:
        """A vendor with a subscription."""
        vendor_id = self.new_vendor()
        path = f"/admin/acme/billing/vendors/{vendor_id}/start"
        answer = self.person(Role.PLATFORM_ADMIN).post(path, {"plan": "starter"})
        assert answer.status_code == 303, answer.get_data(as_text=True)
        return vendor_id

    def _made(self, path: str, body: dict[str, object], name: str) -> int:
        answer = self.token(self.blue).send("POST", path, body)
        assert answer.status_code == 201, answer.get_data(as_text=True)
        return int(answer.get_json()[name]["id"])


def page_fields() -> dict[str, object]:
    """A content page that the schema takes."""
    word = secrets.token_hex(4)
    return {"title": f"Page {word}", "slug": f"page-{word}", "language": "en", "content": "<p>Hello</p>"}


def picture_fields() -> dict[str, object]:
    """A picture as the API takes it."""
    return {"name": "a.png", "data": base64.b64encode(PICTURE).decode()}


def build_shop(app: Flask) -> Shop:
    """The two platforms; only core modules are on."""
    acme, globex = make_platform(app, "acme", "Acme Market"), make_platform(app, "globex", "Globex Mall")
    return Shop(
        app,
        acme,
        globex,
        make_vendor(app, acme, "blue", "Blue Bottle"),
        make_vendor(app, acme, "red", "Red Rose"),
        make_vendor(app, globex, "green", "Green Grocer"),
    )


Maker = Callable[[Shop], object]
