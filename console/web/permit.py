"""What comes between routing and the view: permission, features, further modules."""

from __future__ import annotations

from collections.abc import Callable

from flask import request

from console.blueprint import Demands, demands_of
from console.context import current, runtime
from console.domain.snapshot import Snapshot
from console.domain.words import FrontendType
from console.errors import DefinitionError, FeatureNotInTier, Forbidden, LoginRequired
from console.phrases import say
from console.web import gate

LOGGED_IN = "account"
"""The permission that everybody has who is logged in."""

MODULE_PARENTS = frozenset({"admin", "vendor", "api_admin", "api_vendor"})


def module_of(endpoint: str) -> str | None:
    """The code of the module whose view ``endpoint`` is, None for the console's own."""
    parts = endpoint.split(".")
    return parts[1] if len(parts) > 2 and parts[0] in MODULE_PARENTS else None


def check_registration(endpoint: str, view: Callable[..., object]) -> None:
    """Refuse a console view that says neither what it needs nor that anybody may call it.

    Raises:
        DefinitionError: Names the endpoint.
    """
    demands = demands_of(view)
    if module_of(endpoint) is None and not demands.public and demands.permission is None:
        raise DefinitionError("console", [f"the view {endpoint!r} declares no permission and is not public"])


def check_permission(view: Callable[..., object]) -> None:
    """Let the request through when the person may call ``view`` here.

    Raises:
        LoginRequired: The view is not public and nobody is logged in.
        Forbidden: Names the missing permission.
        FeatureNotInTier: A feature that the view needs is off here.
        ModuleOff: So is a further module that it needs.
    """
    scope = current()
    demands = demands_of(view)
    scope.module = module_of(request.endpoint or "")
    if demands.public and scope.module is None:
        return
    if scope.user is None or scope.grants is None:
        raise LoginRequired(say("Log in first."))
    permission = demands.permission or _usual(scope.module or "")
    if permission != LOGGED_IN and not scope.allows(permission):
        raise Forbidden(permission)
    _check_rest(demands)


def _usual(code: str) -> str:
    """What a module's view needs that says nothing: an admin of the platform, or a member of the vendor."""
    verb = "manage" if current().frontend is FrontendType.ADMIN else "view"
    return f"{code.replace('-', '_')}.{verb}"


def _owner_of(feature: str) -> str:
    """The name of the module that a feature belongs to."""
    registry = runtime().registry
    owner = next((each.code for each in registry.live() if feature in each.features), None)
    return feature if owner is None else registry[owner].name


def _check_rest(demands: Demands) -> None:
    scope = current()
    if scope.snapshot is None:
        return
    for code in demands.modules:
        gate.check_module(code, scope)
    for feature in demands.features:
        if feature not in scope.features:
            raise _not_on(scope.snapshot, feature)


def _not_on(snapshot: Snapshot, feature: str) -> FeatureNotInTier:
    """The refusal of a feature; names the tiers that have it when its module is on."""
    tiers = [each.name for each in snapshot.tiers.having(feature)] if feature in snapshot.features else []
    hint = say("Ask an admin of this platform.")
    if tiers:
        hint = say("Ask an admin of this platform for one of these tiers: %(tiers)s.", tiers=", ".join(tiers))
    owner = _owner_of(feature)
    return FeatureNotInTier(
        say("The feature %(feature)s of %(module)s is not on here.", feature=repr(feature), module=owner),
        hint=hint,
        feature=feature,
        tiers=tiers,
    )
