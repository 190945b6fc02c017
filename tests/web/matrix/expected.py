"""What one request has to answer, by the table alone."""

from __future__ import annotations

from dataclasses import dataclass

from tests.web.matrix.table import ALWAYS_ON, ANYBODY, AT_VENDOR, INTERNAL, LOGGED_IN, NEEDS, ON_PLATFORM, PEOPLE

REACHED, LOGIN, UNKNOWN, OFF = "reached", "login", "unknown", "off"
PARENTS = {"admin": "admin", "api_admin": "admin", "vendor": "vendor", "api_vendor": "vendor"}
CONSOLE = {
    **{"pages": "admin", "home": "vendor", "instance": "instance"},
    **{"api": "admin", "api_shop": "vendor", "api_instance": "instance"},
}


@dataclass(frozen=True)
class Place:
    """Where an endpoint lives.

    Args:
        area: ``admin``, ``vendor``, ``instance`` or ``people``.
        is_api: Whether it is JSON, for tokens too.
        module: The module whose it is; empty for the console's own.
    """

    area: str
    is_api: bool
    module: str


def place_of(endpoint: str) -> Place:
    """The place, read from the endpoint's name."""
    parts = endpoint.split(".")
    if len(parts) == 3:
        return Place(PARENTS[parts[0]], parts[0].startswith("api"), parts[1])
    if endpoint == "api.openapi":
        return Place("people", is_api=True, module="")
    return Place(CONSOLE.get(parts[0], "people"), parts[0].startswith("api"), "")


def expected(endpoint: str, role: str | None, *, own: bool, on: bool) -> str:
    """The one right answer: ``reached``, ``login``, ``unknown``, ``off`` or the permission that a 403 names.

    Args:
        role: None for somebody who is not logged in.
        own: Whether the tenant that the request names is the role's own.
        on: Whether the modules that can be off are on at the roles' own tenant; at the foreign one they never are.
    """
    need, place = NEEDS[endpoint], place_of(endpoint)
    if need == ANYBODY:
        return REACHED
    if role is None or (role == "robot" and not place.is_api):
        return LOGIN
    if need == LOGGED_IN:
        return REACHED
    if place.area == "instance":
        return REACHED if need in ON_PLATFORM.get(role, ()) else need
    if not own and role != "instance-admin":
        return UNKNOWN
    on = on and own
    if place.area == "vendor":
        return _at_vendor(place, need, role, on=on)
    return _on_platform(place, need, role, on=on)


def _at_vendor(place: Place, need: str, role: str, *, on: bool) -> str:
    if _is_off(place, on=on):
        return OFF
    return REACHED if need in AT_VENDOR.get(role, ()) else need


def _on_platform(place: Place, need: str, role: str, *, on: bool) -> str:
    if place.module in INTERNAL and role.startswith("vendor"):
        return UNKNOWN
    if _is_off(place, on=on):
        return OFF
    return REACHED if need in ON_PLATFORM.get(role, ()) else need


def _is_off(place: Place, *, on: bool) -> bool:
    return bool(place.module) and place.module not in ALWAYS_ON and not on


__all__ = ["LOGIN", "OFF", "PEOPLE", "REACHED", "UNKNOWN", "Place", "expected", "place_of"]
