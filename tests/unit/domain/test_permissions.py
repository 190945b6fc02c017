"""Roles and what they permit."""

from __future__ import annotations

from dataclasses import replace

import pytest

from console.domain.permissions import (
    CONSOLE_PERMISSIONS,
    INSTANCE,
    NOBODY,
    OPERATOR,
    VENDOR_PERMISSIONS,
    Grants,
    PermissionGrant,
    RoleGrant,
    grants,
)
from console.domain.words import Role

A, B, VENDOR = 1, 2, 5
ADMIN = grants([RoleGrant(Role.PLATFORM_ADMIN, platform_id=A)])
VIEWER = grants([RoleGrant(Role.PLATFORM_VIEWER, platform_id=A)])
OWNER = grants([RoleGrant(Role.VENDOR_OWNER, vendor_id=VENDOR)])
MEMBER = grants([RoleGrant(Role.VENDOR_MEMBER, vendor_id=VENDOR)])
INSTANCE_ADMIN = grants([RoleGrant(Role.INSTANCE_ADMIN)])


def test_an_instance_admin_may_everything_on_every_platform_but_is_no_vendor() -> None:
    assert all(INSTANCE_ADMIN.allows(name, platform_id=B) for name in (*CONSOLE_PERMISSIONS, "orders.refund"))
    assert INSTANCE_ADMIN.allows(INSTANCE)
    assert INSTANCE_ADMIN.sees_platform(B)
    assert not INSTANCE_ADMIN.sees_vendor(VENDOR)
    assert not INSTANCE_ADMIN.allows("orders.view", vendor_id=VENDOR)


def test_a_platform_admin_may_everything_there_and_nothing_elsewhere() -> None:
    here = [name for name in CONSOLE_PERMISSIONS if ADMIN.allows(name, platform_id=A)]
    assert here == [name for name in CONSOLE_PERMISSIONS if name != INSTANCE]
    assert ADMIN.allows("orders.refund", platform_id=A)
    assert not any(ADMIN.allows(name, platform_id=B) for name in CONSOLE_PERMISSIONS)
    assert not any(ADMIN.allows(name) for name in CONSOLE_PERMISSIONS)
    assert (ADMIN.sees_platform(A), ADMIN.sees_platform(B)) == (True, False)


def test_a_viewer_only_reads() -> None:
    allowed = {name for name in CONSOLE_PERMISSIONS if VIEWER.allows(name, platform_id=A)}
    assert allowed == {name for name in CONSOLE_PERMISSIONS if name.endswith(".view")}
    assert VIEWER.allows("orders.read", platform_id=A)
    assert not VIEWER.allows("orders.refund", platform_id=A)


@pytest.mark.parametrize(("who", "refund"), [(OWNER, True), (MEMBER, False)])
def test_owners_may_all_of_a_module_and_members_what_reads(who: Grants, refund: bool) -> None:
    assert who.allows("orders.view", vendor_id=VENDOR)
    assert who.allows("orders.refund", vendor_id=VENDOR) is refund
    assert not who.allows("orders.view", vendor_id=VENDOR + 1)
    assert not who.allows("orders.view", platform_id=A)
    assert who.sees_vendor(VENDOR)


def test_the_consoles_own_permissions_never_hold_on_a_vendor() -> None:
    assert not any(OWNER.allows(name, vendor_id=VENDOR) for name in CONSOLE_PERMISSIONS)


def test_of_two_roles_in_one_place_the_stronger_counts() -> None:
    both = [RoleGrant(Role.PLATFORM_ADMIN, platform_id=A), RoleGrant(Role.PLATFORM_VIEWER, platform_id=A)]
    assert grants(both) == grants(both[::-1]) == ADMIN


def test_nobody_may_nothing() -> None:
    assert not any(NOBODY.allows(name, platform_id=A) for name in CONSOLE_PERMISSIONS)
    assert grants([]) == NOBODY


CLERK = grants([], [PermissionGrant(name, platform_id=A) for name in ("users.manage", "orders.view")])
CASHIER = grants([], [PermissionGrant("orders.refund", vendor_id=VENDOR)])
EVERYBODY = (INSTANCE_ADMIN, ADMIN, VIEWER, OWNER, MEMBER, CLERK, CASHIER, NOBODY)
NAMES = (*CONSOLE_PERMISSIONS, *VENDOR_PERMISSIONS, "orders.view", "orders.refund")


def test_a_made_role_holds_its_permissions_and_the_way_in() -> None:
    assert {name for name in NAMES if CLERK.allows(name, platform_id=A)} == {
        "platform.view",
        "users.manage",
        "orders.view",
    }
    assert {name for name in NAMES if CASHIER.allows(name, vendor_id=VENDOR)} == {"vendor.view", "orders.refund"}
    assert not any(CLERK.allows(name, platform_id=B) for name in NAMES)


@pytest.mark.parametrize("who", EVERYBODY)
@pytest.mark.parametrize("name", NAMES)
def test_on_a_platform_one_may_give_just_what_one_holds(who: Grants, name: str) -> None:
    assert who.may_give(name, platform_id=A) is who.allows(name, platform_id=A)


@pytest.mark.parametrize("who", [VIEWER, MEMBER, CLERK, CASHIER, NOBODY])
def test_only_full_roles_may_give_full_roles(who: Grants) -> None:
    for role in (Role.INSTANCE_ADMIN, Role.PLATFORM_ADMIN, Role.VENDOR_OWNER):
        assert not who.may_give_role(role, platform_id=A, vendor_id=VENDOR)
    assert ADMIN.may_give_role(Role.VENDOR_OWNER, platform_id=A, vendor_id=VENDOR)
    assert not ADMIN.may_give_role(Role.INSTANCE_ADMIN, platform_id=A)
    assert not ADMIN.may_give_role(Role.PLATFORM_VIEWER, platform_id=B)


@pytest.mark.parametrize("giver", EVERYBODY)
def test_a_token_may_what_it_was_made_for_and_its_creator_has(giver: Grants) -> None:
    only = frozenset({"orders.view", "modules.toggle"})
    token = replace(ADMIN, only=only, giver=giver)
    for name in NAMES:
        assert token.allows(name, platform_id=A) is (name in only and giver.allows(name, platform_id=A))
    assert not token.may_give_role(Role.PLATFORM_VIEWER, platform_id=A)


def test_who_has_a_shell_on_the_server_may_give_everything() -> None:
    assert all(OPERATOR.may_give(name, platform_id=A) for name in CONSOLE_PERMISSIONS)
    assert all(OPERATOR.may_give(name, platform_id=A, vendor_id=VENDOR) for name in VENDOR_PERMISSIONS)
