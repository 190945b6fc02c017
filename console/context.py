"""What a request knows about itself; the proxies that module code reads come from here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, cast

from flask import current_app, g
from werkzeug.local import LocalProxy

from console.domain.actor import SYSTEM, Actor
from console.domain.words import FrontendType
from console.errors import LoginRequired, OutsideScope
from console.phrases import say

if TYPE_CHECKING:
    from console.domain.permissions import Grants
    from console.domain.snapshot import Snapshot
    from console.services.runtime import Runtime
    from console.services.views import PlatformView, UserView, VendorView


@dataclass(frozen=True, slots=True)
class TokenInUse:
    """The API token that a request bears.

    Args:
        owner_id: The account that made it; None: it was made on the server.
        ends_at: When its life ends.
    """

    owner_id: int | None
    ends_at: datetime


@dataclass(slots=True)
class RequestScope:
    """Who asks, for which tenant, and what is open there; filled by the access layer before the view.

    Args:
        features: The features that are on: a vendor's own, for admins those of every open module.
    """

    user: UserView | None = None
    grants: Grants | None = None
    snapshot: Snapshot | None = None
    platform: PlatformView | None = None
    vendor: VendorView | None = None
    frontend: FrontendType | None = None
    module: str | None = None
    actor: Actor = SYSTEM
    session_id: int | None = None
    token: TokenInUse | None = None
    proved_at: datetime | None = None
    open_requests: int = 0
    features: frozenset[str] = frozenset()

    def look_at(self, snapshot: Snapshot, now: datetime) -> None:
        """What is open from here on is what ``snapshot`` says, features included."""
        self.snapshot = snapshot
        self.features = snapshot.features_of(self.vendor.id if self.vendor else None, now)

    def allows(self, permission: str) -> bool:
        """Whether the person holds ``permission`` here; what a module declares only while the module is on."""
        if self.grants is None or (self.snapshot is not None and permission in self.snapshot.asleep):
            return False
        platform_id = self.platform.id if self.platform else None
        return self.grants.allows(
            permission, platform_id=platform_id, vendor_id=self.vendor.id if self.vendor else None
        )


def runtime() -> Runtime:
    """The runtime of the application that is active."""
    return cast("Runtime", current_app.extensions["console"])


def current() -> RequestScope:
    """The scope of this request or piece of work; empty until the access layer has filled it."""
    scope = g.get("console_scope")
    if scope is None:
        scope = g.console_scope = RequestScope()
    return cast("RequestScope", scope)


def _platform() -> PlatformView:
    found = current().platform
    if found is None:
        raise OutsideScope("There is no platform here.", hint="Read current_platform in a view of a module.")
    return found


def _vendor() -> VendorView:
    found = current().vendor
    if found is None:
        raise OutsideScope("There is no vendor here.", hint="Read current_vendor in a vendor view of a module.")
    return found


def _user() -> UserView:
    found = current().user
    if found is None:
        raise LoginRequired(say("Nobody is logged in."))
    return found


current_platform: PlatformView = cast("PlatformView", LocalProxy(_platform))
current_vendor: VendorView = cast("VendorView", LocalProxy(_vendor))
current_user: UserView = cast("UserView", LocalProxy(_user))
