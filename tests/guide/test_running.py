"""The guide's blocks that do something: each does it to a running console."""

from __future__ import annotations

import importlib
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

import pytest
from flask import Blueprint, Flask

from console.sdk import ModuleDefinition, ModuleEvent, PlatformView, db, module_event_bus
from console.testing import drained, switch
from modules.analytics.definition import analytics_module
from modules.payments.routes.admin import admin_router
from modules.payments.routes.vendor import vendor_router
from tests.guide.blocks import run
from tests.guide.test_definitions import call


@pytest.mark.parametrize(
    ("section", "name", "address", "answer"),
    [
        ("Admin Routes", "admin_router", "/api/admin/payments/gateways", {"gateways": []}),
        ("Vendor Routes", "vendor_router", "/api/vendor/payments/methods", {"methods": []}),
    ],
)
def test_the_routes_answer_at_the_guides_addresses(
    section: str, name: str, address: str, answer: dict[str, object]
) -> None:
    router = run(section)[name]
    assert isinstance(router, Blueprint)
    app = Flask("guide")
    app.register_blueprint(router)
    response = app.test_client().get(address)
    assert (response.status_code, response.get_json()) == (200, answer)


def test_the_lazy_routers_are_those_of_the_installed_payments_module() -> None:
    names = run("Lazy Router Loading")
    module = call(names["get_payments_module_with_routers"])
    assert isinstance(module, ModuleDefinition)
    assert (module.code, module.name) == ("payments", "Payments")
    assert module.admin_router is admin_router
    assert module.vendor_router is vendor_router


def test_configuration_is_read_and_merged(console_app: Flask, console_platform: PlatformView) -> None:
    with console_app.app_context():
        names = run("Using Configuration", db=db, platform_id=console_platform.id)
        assert names["config"] == {
            "stripe_mode": "test",
            "trial_days": 14,
            "enable_invoices": True,
            "invoice_prefix": "INV-",
        }
        again = run("Using Configuration", db=db, platform_id=console_platform.id)["config"]
    assert isinstance(again, dict)
    assert again["trial_days"] == 30


class FakeStripe(BaseHTTPRequestHandler):
    """The one address that the health check asks; only one key opens it."""

    GOOD_KEY: ClassVar[str] = "sk_test_good"

    def do_GET(self) -> None:
        good = self.headers["Authorization"] == f"Bearer {self.GOOD_KEY}"
        body = {"id": "acct_1", "object": "account"} if good else {"error": {"message": "Invalid API Key provided"}}
        text = json.dumps(body).encode()
        self.send_response(200 if good else 401)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def stripe_address() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), FakeStripe) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.mark.parametrize(
    ("key", "report"),
    [
        (FakeStripe.GOOD_KEY, {"status": "healthy", "details": {"stripe": "connected"}}),
        ("sk_test_bad", {"status": "unhealthy", "message": "Stripe authentication failed"}),
    ],
)
def test_the_health_check_asks_stripe(
    key: str, report: dict[str, object], stripe_address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    stripe = importlib.import_module("stripe")
    monkeypatch.setattr(stripe, "api_base", stripe_address)
    monkeypatch.setattr(stripe, "api_key", key)
    monkeypatch.setattr(stripe, "enable_telemetry", False)
    module = run("Defining Health Check")["billing_module"]
    assert isinstance(module, ModuleDefinition)
    assert module.health_check is not None
    assert module.health_check() == report


def test_the_registry_has_what_the_guide_adds_to_it(console_app: Flask) -> None:
    with console_app.app_context():
        names = run("Add to Registry")
    optional, everything = names["OPTIONAL_MODULES"], names["MODULES"]
    assert optional == {"analytics": analytics_module}
    assert isinstance(everything, dict)
    assert set(everything) == {"tenancy", "cms", "analytics", "dev-tools"}


@pytest.fixture
def own_listeners() -> Iterator[None]:
    """What a test subscribes is forgotten after it."""
    kept = {event: dict(listeners) for event, listeners in module_event_bus._listeners.items()}
    yield
    module_event_bus._listeners.clear()
    module_event_bus._listeners.update(kept)


@pytest.mark.usefixtures("own_listeners")
def test_the_subscribers_hear_what_happens(console_app: Flask, console_platform: PlatformView, tmp_path: Path) -> None:
    heard = tmp_path / "heard"

    def note(word: str) -> object:
        def write(platform_id: int) -> None:
            with heard.open("a") as file:
                file.write(f"{word} {platform_id}\n")

        return write

    names = run("Module Events", setup_analytics_dashboard=note("set-up"), cleanup_analytics_data=note("clean-up"))
    assert names["on_analytics_enabled"] in [
        each.function for each in module_event_bus.subscribers(ModuleEvent.ENABLED)
    ]
    assert happens(console_app, console_platform, heard, on=True) == f"set-up {console_platform.id}"
    assert happens(console_app, console_platform, heard, on=False) == f"clean-up {console_platform.id}"


def happens(app: Flask, platform: PlatformView, heard: Path, *, on: bool) -> str:
    """What was heard last, after analytics was switched and the subscribers were told."""
    before = heard.read_text() if heard.exists() else ""
    switch(app, platform.id, "analytics", on=on)
    assert drained(app, platform.id, lambda: heard.exists() and heard.read_text() != before)
    return heard.read_text().splitlines()[-1]
