"""The console that the sweep goes through: every module on, one of each thing, every state that a module can be in."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from console.context import runtime
from console.domain.plan_types import ChangeRequest
from console.domain.words import OperationState, Role
from console.services import operations, requests
from console.services.views import PlatformView
from console.storage.uow import read_session, unit_of_work
from console.testing.journeys import TESTER, is_on, make_platform, switch
from tests.browser.served import Served, serve
from tests.browser.sweep import people
from tests.browser.sweep.people import FEATURE, GUEST, KEEPER, ROOT, TIER
from tests.support.bench import HOSTILE
from tests.support.calls import VARIABLE, gate
from tests.support.resting import rest
from tests.support.shop import SWITCHED, Shop, build_shop
from tests.web.routes import ARGUMENTS, SPECIAL_ARGUMENTS

# Modules beside those of the product; the configuration of ``depot`` has one key of each kind.
ADDED = ("hooks/gated", "hooks/plain", "hooks/raising", "hooks/slow", "states/clinging", "../shelf/depot")
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
        for person in (KEEPER, GUEST):
            people.with_factors(self.served.app, person)
        people.stay(self.served.app, GUEST)
        people.give(self.served.app, self.shop.red)
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

    def person(self, **where: str) -> int:
        """Somebody new at acme, or at one of its vendors."""
        role = Role.VENDOR_MEMBER if where else Role.PLATFORM_VIEWER
        email = self.served.person(f"{secrets.token_hex(4)}@example.test", role, **(where or {"platform": "acme"}))
        return people.id_of(self.served.app, email)

    def session(self, email: str = ROOT) -> int:
        """One more session of somebody."""
        return people.session_of(self.served.app, email)[0]

    def guest(self) -> int:
        """Somebody with second factors whom an admin helps."""
        return people.id_of(self.served.app, GUEST)

    def tier(self) -> str:
        """A tier that no vendor has."""
        return people.tier(self.served.app, self.shop.acme.id)

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
        "role_id": lambda stock: people.role(stock.served.app, stock.shop.acme.id),
        "token_id": lambda stock: people.token(stock.served.app, stock.shop.acme.id),
        "passkey_id": lambda stock: people.with_factors(stock.served.app, KEEPER),
        "key": lambda stock: f"delivery-{rest(stock.served.app, stock.shop.acme.id)[0]}",
        "slug": lambda _stock: "red",
        "feature": lambda _stock: FEATURE,
        "frontend": lambda _stock: "admin",
        "session_id": Stock.session,
        "request_id": lambda stock: stock.asked("slow"),
        "form": lambda _stock: "csv",
    },
    "instance.token_revoke": {"token_id": lambda stock: people.token(stock.served.app, None)},
    "instance.user_logins": {"user_id": Stock.guest},
    "instance.user_login_end": {"user_id": Stock.guest, "session_id": lambda stock: stock.session(GUEST)},
    "instance.user_factors_reset": {"user_id": Stock.guest},
    "instance.user_unlock": {"user_id": Stock.guest},
    "pages.given_up_decide": {"decision": lambda _stock: "again"},
    "pages.tier": {"code": Stock.tier},
    "pages.tier_save": {"code": Stock.tier},
    "pages.tier_delete": {"code": Stock.tier},
    "pages.vendor_user_roles": {"user_id": lambda stock: stock.person(vendor="red")},
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
    added = folder.parent / "added-modules"
    added.mkdir(exist_ok=True)
    for name in ADDED:
        link = added / Path(name).name
        if not link.exists():  # a copy would be another module, and a process knows one of each name for good
            link.symlink_to((HOSTILE / name).resolve())
    settings = {
        "MODULES_PATH": str(added),
        "HOOK_ATTEMPTS": "1",
        "HOOK_TIMEOUT_S": "900",
        "WORKERS": "1",
        "RUNNERS": "2",
        "PROOF_S": "7200",
    }
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(VARIABLE, str(folder / "calls"))
        with serve(folder / "data", **settings) as served:
            try:
                stock = Stock(served, build_shop(served.app), make_platform(served.app, "initech", "Initech"))
                people.let_in(served)
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
    people.tier(shop.app, shop.acme.id, TIER)
    rest(shop.app, shop.acme.id)
    for email in (ROOT, GUEST):
        stock.session(email)
    stock.person(vendor="red")
    stock.restore()
    stock.failed()
    stock.clinging()
    stock.moving()
