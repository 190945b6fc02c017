"""What another process switched is true in the next request, on both databases."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from console.domain.snapshot import Snapshot
from console.domain.words import Role
from console.services.runtime import Runtime
from console.services.snapshots import SnapshotCache
from console.testing.people import log_in
from tests.support.shop import Shop, build_shop

ROOT = Path(__file__).parents[2]
ELSEWHERE = """
import sys
from console import create_app
from console.context import runtime
from console.services import platforms
from console.storage.uow import read_session
from console.testing.journeys import switch

app = create_app({"insecure_http": True})
with app.app_context():
    platform_id = platforms.by_slug(read_session(), "acme").id
assert switch(app, platform_id, sys.argv[1], on=sys.argv[2] == "on") is not None
"""


def switch_elsewhere(app: Flask, code: str, want: str) -> None:
    """Switch a module of acme in a process of its own."""
    settings = app.extensions["console"].settings
    variables = {"CONSOLE_DATA_DIR": str(settings.data_dir), "CONSOLE_DATABASE_URL": settings.database_url}
    done = subprocess.run(
        [sys.executable, "-c", ELSEWHERE, code, want],
        env={**os.environ, **variables},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_a_toggle_of_another_process_holds_in_the_next_request(shop: Shop) -> None:
    admin, owner = shop.person(Role.PLATFORM_ADMIN), shop.person(Role.VENDOR_OWNER)
    addresses = ((admin, "/admin/acme/orders/"), (owner, "/vendor/blue/orders/"))
    seen = []
    for want in ("on", "off", "on"):
        switch_elsewhere(shop.app, "orders", want)
        seen.append([person.get(path).status_code for person, path in addresses])
    assert seen == [[200, 200], [404, 404], [200, 200]]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/admin/%00/", 404),
        ("/admin/acme%00/modules", 404),
        ("/vendor/%0a/", 404),
        ("/admin/acme/modules/%00", 404),
        ("/admin/acme/operations/" + "9" * 30, 404),
        ("/admin/acme/operations?before=" + "9" * 30, 200),
        ("/admin/acme/audit?before=-1&q=%00", 200),
        ("/admin/%F0%9F%8D%8B/", 404),
    ],
)
def test_what_no_address_can_hold_is_never_a_fault(shop: Shop, path: str, status: int) -> None:
    assert shop.person(Role.INSTANCE_ADMIN).get(path).status_code in (status, 400)


class NeverAsks(SnapshotCache):
    """A cache that takes what it has without looking at the revision."""

    def get(self, session: Session, rt: Runtime, platform_id: int, revision: int) -> Snapshot:
        kept = self._kept.get(platform_id)
        return kept if kept is not None else super().get(session, rt, platform_id, revision)


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
def test_without_the_revision_check_the_next_request_is_stale(make_app: Callable[..., Flask]) -> None:
    """The negative control of the test above: exactly the revision check makes it pass."""
    shop = build_shop(make_app())
    shop.app.extensions["console"].snapshots = NeverAsks()
    admin = log_in(shop.app, Role.PLATFORM_ADMIN, platform=shop.acme)
    assert admin.get("/admin/acme/orders/").status_code == 404
    switch_elsewhere(shop.app, "orders", "on")
    assert admin.get("/admin/acme/orders/").status_code == 404


def test_a_role_that_was_taken_holds_no_longer_in_the_next_request(shop: Shop, make_app: Callable[..., Flask]) -> None:
    from console.context import runtime
    from console.domain.actor import SYSTEM
    from console.services import users
    from console.storage.uow import unit_of_work

    admin = shop.person(Role.PLATFORM_ADMIN)
    assert admin.get("/admin/acme/").status_code == 200
    other = make_app()
    with other.app_context(), unit_of_work() as uow:
        users.disable(uow, admin.user_id, actor=SYSTEM, now=runtime().clock())
    assert admin.get("/admin/acme/").status_code == 303
