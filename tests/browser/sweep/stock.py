"""The console that the sweep goes through: every module on, one of each thing, every state that a module can be in."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from console.context import runtime
from console.domain.permissions import OPERATOR
from console.domain.plan_types import ChangeRequest
from console.domain.words import FrontendType, OperationState, Role
from console.services import logins, operations, requests, roles, tiers, tokens, users
from console.services.roles import Author, RoleDraft
from console.services.tiers import TierDraft
from console.services.views import PlatformView
from console.storage.uow import read_session, unit_of_work
from console.testing.journeys import TESTER, is_on, make_platform, switch
from tests.browser.served import Served, serve
from tests.support.bench import HOSTILE
from tests.support.calls import VARIABLE, gate
from tests.support.shop import SWITCHED, Shop, build_shop
from tests.web.routes import ARGUMENTS, SPECIAL_ARGUMENTS

# Modules beside those of the product; the configuration of ``depot`` has one key of each kind.
ADDED = ("hooks/gated", "hooks/plain", "hooks/raising", "hooks/slow", "states/clinging", "../shelf/depot")
ROOT = "root@example.test"
OWNER = "owner@blue.test"
VIEWER = "viewer@acme.test"
WAITING = ("gated", "plain", "slow")
IDLE = ("depot", "plain", "slow")


@dataclass(frozen=True, slots=True)
class Stock:
    """A served console and the shop in it.

    On ``acme`` every module is on but ``depot``, ``plain`` and ``slow``; ``raising`` and ``clinging`` rest in their
    failures. On ``globex`` one hook waits at a gate, other operations wait behind it. On ``initech`` only core modules
    are on, on ``hooli`` orders, for which payments came along.
    """

    served: Served
    shop: Shop
    idle: PlatformView

    def restore(self) -> None:
        """What the stock says of acme is so again, whatever was switched."""
        for code in SWITCHED:
            if not is_on(self.served.app, self.shop.acme.id, code):
                switch(self.served.app, self.shop.acme.id, code, on=True)
        for code in IDLE:
            if is_on(self.served.app, self.shop.acme.id, code):
                switch(self.served.app, self.shop.acme.id, code, on=False)
        if is_on(self.served.app, self.idle.id, "payments"):
            switch(self.served.app, self.idle.id, "payments", on=False)
        self.asked("slow")
        self._withdraw("plain")
        self.allow(self.idle, 70)
        self.allow(self.shop.acme, 80)
        token = self.shop.token(self.shop.acme)
        for gateway in token.send("GET", "/api/admin/payments/gateways").get_json()["gateways"]:
            if not gateway["active"]:
                token.send("PUT", f"/api/admin/payments/gateways/{gateway['code']}", {"active": True})

    def allow(self, platform: PlatformView, most: int) -> None:
        """Configure payments of a platform."""
        body = {"values": {"max_methods_per_vendor": most}}
        assert self.shop.token(platform).send("PATCH", "/api/admin/modules/payments/config", body).status_code == 200

    def failed(self, code: str = "raising", *, on: bool = True) -> int:
        """An operation of acme that failed at ``code`` and that nobody has decided about."""
        app, platform_id = self.served.app, self.shop.acme.id
        with app.app_context():
            resting = operations.in_hand(read_session(), platform_id).get(code)
        if resting is not None:
            return resting.id
        if not on:
            switch(app, platform_id, code, on=True)
        view = switch(app, platform_id, code, on=on)
        assert view is not None
        assert view.state is OperationState.FAILED, view
        return view.id

    def clinging(self) -> int:
        """One that could not switch a module off."""
        return self.failed("clinging", on=False)

    def moving(self) -> int:
        """The newest of several operations of globex that wait at the gate or for their turn."""
        app, platform_id = self.served.app, self.shop.globex.id
        with app.app_context():
            waiting = operations.open_of(read_session(), platform_id)
            for code in WAITING if len(waiting) < 2 else ():
                with unit_of_work() as uow:
                    request = ChangeRequest({code: True})
                    operations.accept(uow, runtime(), platform_id, request, actor=TESTER, now=runtime().clock())
            return operations.open_of(read_session(), platform_id)[-1].id

    def asked(self, code: str) -> int:
        """A request of blue that waits for an answer."""
        with self.served.app.app_context():
            rt, now = runtime(), runtime().clock()
            with unit_of_work() as uow:
                requests.ask(uow, rt, self.shop.blue, code, note="For the sale.", actor=TESTER, now=now)
            waiting = requests.open_of(read_session(), self.shop.acme.id)
            return next(each.id for each in waiting if each.module == code)

    def _withdraw(self, code: str) -> None:
        with self.served.app.app_context(), unit_of_work() as uow:
            requests.withdraw(uow, runtime(), self.shop.blue, code, actor=TESTER, now=runtime().clock())

    def person(self) -> int:
        """Somebody new."""
        email = self.served.person(f"{secrets.token_hex(4)}@example.test", Role.PLATFORM_VIEWER, platform="acme")
        with self.served.app.app_context():
            return users.by_email(read_session(), email).id

    def session(self) -> int:
        """One more session of the instance admin."""
        with self.served.app.app_context():
            user_id = users.by_email(read_session(), ROOT).id
            with unit_of_work() as uow:
                logins.start_session(uow, runtime(), user_id, now=runtime().clock())
            found = logins.sessions_of(read_session(), user_id, now=runtime().clock())
            return max(each.id for each in found)

    def role(self) -> int:
        """A role of acme that an admin made."""
        with self.served.app.app_context(), unit_of_work() as uow:
            draft = RoleDraft(f"Desk {secrets.token_hex(3)}", frozenset({"orders.view"}))
            author, now = Author(TESTER, OPERATOR), runtime().clock()
            return roles.create(
                uow, runtime(), self.shop.acme.id, draft, frontend=FrontendType.ADMIN, author=author, now=now
            )

    def tier(self) -> str:
        """A tier of acme that no vendor has."""
        code = f"tier-{secrets.token_hex(3)}"
        with self.served.app.app_context(), unit_of_work() as uow:
            draft = TierDraft("Starter", frozenset({"content_pages"}))
            rt = runtime()
            tiers.create(uow, rt, self.shop.acme.id, code, draft=draft, actor=TESTER, now=rt.clock())
        return code

    def token(self) -> int:
        """A token of acme."""
        with self.served.app.app_context(), unit_of_work() as uow:
            now = runtime().clock()
            made, _secret = tokens.create(
                uow, "Report", expires_days=30, platform_id=self.shop.acme.id, actor=TESTER, now=now
            )
            return made.id

    def arguments(self, endpoint: str, names: set[str]) -> Mapping[str, str]:
        """A value for each argument of an address; things are made anew.

        Raises:
            KeyError: Nobody knows how to make one of them: add it here, or to ``ARGUMENTS`` of tests/web/routes.py.
        """
        own = {**OWN.get("*", {}), **OWN.get(endpoint, {})}
        made: dict[str, str] = {}
        for name in sorted(names):
            if name in own:
                made[name] = str(own[name](self))
            else:
                made[name] = str((SPECIAL_ARGUMENTS.get((endpoint, name)) or ARGUMENTS[name])(self.shop))
        return made


Make = Callable[[Stock], object]
# Endpoint → argument → what makes one; "*" for every endpoint that says nothing else.
OWN: Mapping[str, Mapping[str, Make]] = {
    "*": {
        "platform": lambda _stock: "acme",
        "vendor": lambda _stock: "blue",
        "code": lambda _stock: "payments",
        "operation_id": Stock.failed,
        "decision": lambda _stock: "keep",
        "user_id": Stock.person,
        "session_id": Stock.session,
        "request_id": lambda stock: stock.asked("slow"),
        "form": lambda _stock: "csv",
        "frontend": lambda _stock: "admin",
        "role_id": Stock.role,
        "token_id": Stock.token,
        "slug": lambda _stock: "blue",
        "feature": lambda _stock: "media_library",
    },
    "pages.tier": {"code": Stock.tier},
    "pages.tier_save": {"code": Stock.tier},
    "pages.tier_delete": {"code": Stock.tier},
    "pages.module_enable_accept": {"code": lambda _stock: "plain"},
    "home.catalog_module": {"code": lambda _stock: "plain"},
    "home.catalog_withdraw": {"code": lambda _stock: "slow"},
    "pages.module_purge": {"platform": lambda _stock: "initech"},
    "pages.module_purge_accept": {"platform": lambda _stock: "initech"},
    "pages.module_health": {"code": lambda _stock: "cms"},
    "pages.operation_force": {"operation_id": Stock.clinging, "position": lambda _stock: 1},
    "admin.cms.edit_theme": {"vendor_id": lambda stock: stock.shop.blue.id},
}


@contextmanager
def stocked(folder: Path) -> Iterator[Stock]:
    """A console in ``folder`` with everything in it, until the block ends."""
    added = folder.parent / "added-modules"  # a process knows a module by one path for good
    for name in ADDED:
        shutil.copytree(HOSTILE / name, added / Path(name).name, dirs_exist_ok=True)
    settings = {
        "MODULES_PATH": str(added),
        "HOOK_ATTEMPTS": "1",
        "HOOK_TIMEOUT_S": "900",
        "WORKERS": "1",
        "RUNNERS": "2",
    }
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(VARIABLE, str(folder / "calls"))
        with serve(folder / "data", **settings) as served:
            try:
                stock = Stock(served, build_shop(served.app), make_platform(served.app, "initech", "Initech"))
                served.person(ROOT, Role.INSTANCE_ADMIN)
                served.person(OWNER, Role.VENDOR_OWNER, vendor="blue")
                served.person(VIEWER, Role.PLATFORM_VIEWER, platform="acme")
                fill(stock)
                yield stock
            finally:
                gate().touch()


def fill(stock: Stock) -> None:
    """Put in one of each thing, and bring modules into every state."""
    shop = stock.shop
    shop.switch_all(on=True)
    for make in (Shop.order, Shop.page, Shop.media, Shop.subscriber):
        make(shop)
    token = shop.token(shop.acme)
    stock.allow(shop.acme, 90)
    secret = {"values": {"api_key": "a secret of the depot"}}
    assert token.send("PATCH", "/api/admin/modules/depot/config", secret).status_code == 200
    switch(shop.app, make_platform(shop.app, "hooli", "Hooli").id, "orders", on=True)
    stock.session()
    stock.restore()
    stock.failed()
    stock.clinging()
    stock.moving()
