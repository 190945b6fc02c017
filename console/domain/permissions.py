"""Who may do what: roles on the instance, on a platform or on a vendor, and the permissions that follow."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from console.domain.words import FrontendType, Role
from console.phrases import say

CONSOLE_PERMISSIONS: Mapping[str, str] = MappingProxyType(
    {
        "instance.manage": say("Platforms, users and settings of the whole instance."),
        "platform.view": say("The overview of the platform."),
        "modules.view": say("See the modules and their plans."),
        "modules.toggle": say("Switch modules on and off."),
        "modules.configure": say("Change the configuration of modules."),
        "modules.purge": say("Export and delete what a module that is off keeps."),
        "operations.view": say("Follow operations."),
        "operations.manage": say("Retry, undo, keep, cancel or force operations."),
        "vendors.view": say("See the vendors."),
        "vendors.manage": say("Create vendors and their logins."),
        "tiers.view": say("See the tiers and what vendors have."),
        "tiers.manage": say("Change tiers, and what single vendors have."),
        "requests.view": say("See which modules vendors ask for."),
        "requests.answer": say("Answer what vendors ask for."),
        "menu.view": say("See how the menus are arranged."),
        "menu.manage": say("Arrange the menus."),
        "audit.view": say("Read who did what."),
        "health.view": say("See health reports."),
        "health.run": say("Ask for a new health report."),
        "users.view": say("See who has access, and the roles."),
        "users.manage": say("Give and take access to the platform."),
        "tokens.view": say("See the API tokens, never their text."),
        "tokens.manage": say("Make and revoke API tokens."),
    }
)
VENDOR_PERMISSIONS: Mapping[str, str] = MappingProxyType(
    {
        "vendor.view": say("The home of the shop and the catalog."),
        "vendor.ask": say("Ask for modules."),
    }
)
INSTANCE = "instance.manage"
ENTRY = {FrontendType.ADMIN: "platform.view", FrontendType.VENDOR: "vendor.view"}
"""What every role of a frontend holds, so that its start page opens."""
READING = (".view", ".read")
STRENGTH = (Role.PLATFORM_VIEWER, Role.PLATFORM_ADMIN, Role.VENDOR_MEMBER, Role.VENDOR_OWNER)


@dataclass(frozen=True, slots=True)
class RoleGrant:
    """One role that somebody holds, on a platform, on a vendor or (``instance-admin``) everywhere."""

    role: Role
    platform_id: int | None = None
    vendor_id: int | None = None


@dataclass(frozen=True, slots=True)
class PermissionGrant:
    """One permission that somebody holds by a role which an admin made, on a platform or on a vendor."""

    permission: str
    platform_id: int | None = None
    vendor_id: int | None = None


@dataclass(frozen=True, slots=True)
class Grants:
    """All that a person or token may do.

    Args:
        is_instance_admin: Acts as admin on every platform; a vendor's pages still need a membership.
        platforms: Platform id → strongest built-in role there; None for who has only roles that admins made.
        vendors: Vendor id → strongest built-in role there; None as for platforms.
        on_platforms: Platform id → single permissions there.
        on_vendors: Vendor id → single permissions there.
        only: All that a token was made for; None: whatever its scope has.
        giver: Who made a token: it may do nothing that they may not give.
    """

    is_instance_admin: bool = False
    platforms: Mapping[int, Role | None] = field(default_factory=dict)
    vendors: Mapping[int, Role | None] = field(default_factory=dict)
    on_platforms: Mapping[int, frozenset[str]] = field(default_factory=dict)
    on_vendors: Mapping[int, frozenset[str]] = field(default_factory=dict)
    only: frozenset[str] | None = None
    giver: Grants | None = None

    def sees_platform(self, platform_id: int) -> bool:
        """Whether the platform's admin pages exist for this person."""
        return self.is_instance_admin or platform_id in self.platforms

    def sees_vendor(self, vendor_id: int) -> bool:
        """Whether the vendor's pages exist for this person."""
        return vendor_id in self.vendors

    def allows(self, permission: str, *, platform_id: int | None = None, vendor_id: int | None = None) -> bool:
        """Whether ``permission`` holds, on the vendor when one is named, else on the platform.

        Permissions of a module are ``<module>.<verb>``: admins and owners have all of them, viewers and members
        those that only read. The console's own permissions never hold on a vendor.
        """
        if self.only is not None and permission not in self.only:
            return False
        if self.giver is not None and not self.giver.may_give(permission, platform_id=platform_id, vendor_id=vendor_id):
            return False
        if vendor_id is not None:
            return self._holds_at_vendor(permission, vendor_id)
        return self._holds_on_platform(permission, platform_id)

    def may_give(self, permission: str, *, platform_id: int | None = None, vendor_id: int | None = None) -> bool:
        """Whether they may hand ``permission`` on: nobody can give what they do not have.

        For a vendor of the platform, whoever has a module's permission on the platform has it to give.
        """
        if vendor_id is not None and platform_id is not None:
            of_console = permission in VENDOR_PERMISSIONS
            if self.allows("vendors.manage" if of_console else permission, platform_id=platform_id):
                return permission not in CONSOLE_PERMISSIONS
        return self.allows(permission, platform_id=platform_id, vendor_id=vendor_id)

    def may_give_role(self, role: Role, *, platform_id: int | None = None, vendor_id: int | None = None) -> bool:
        """Whether they may give or take a built-in role: only one that holds no more than they do."""
        if self.only is not None or (
            self.giver is not None and not self.giver.may_give_role(role, platform_id=platform_id, vendor_id=vendor_id)
        ):
            return False
        if self.is_instance_admin:
            return True
        if role is Role.INSTANCE_ADMIN:
            return False
        here = self.platforms.get(platform_id) if platform_id is not None else None
        if role in (Role.PLATFORM_ADMIN, Role.PLATFORM_VIEWER):
            return here is not None and STRENGTH.index(here) >= STRENGTH.index(role)
        own = self.vendors.get(vendor_id) if vendor_id is not None else None
        at_vendor = own is not None and STRENGTH.index(own) >= STRENGTH.index(role)
        return here is Role.PLATFORM_ADMIN or at_vendor

    def _holds_at_vendor(self, permission: str, vendor_id: int) -> bool:
        if vendor_id not in self.vendors or permission in CONSOLE_PERMISSIONS:
            return False
        made = self.on_vendors.get(vendor_id, frozenset())
        return permission in made or _reaches(self.vendors[vendor_id], Role.VENDOR_OWNER, permission)

    def _holds_on_platform(self, permission: str, platform_id: int | None) -> bool:
        if self.is_instance_admin:
            return True
        if platform_id is None or platform_id not in self.platforms or permission == INSTANCE:
            return False
        made = self.on_platforms.get(platform_id, frozenset())
        return permission in made or _reaches(self.platforms[platform_id], Role.PLATFORM_ADMIN, permission)


NOBODY = Grants()
OPERATOR = Grants(is_instance_admin=True)
"""Whoever has a shell on the server."""


def grants(roles: Iterable[RoleGrant], made: Iterable[PermissionGrant] = ()) -> Grants:
    """What the roles add up to; of two built-in roles in one place the stronger counts.

    Args:
        roles: Built-in roles.
        made: The permissions of roles that admins made.
    """
    platforms: dict[int, Role | None] = {}
    vendors: dict[int, Role | None] = {}
    instance = False
    for each in roles:
        if each.role is Role.INSTANCE_ADMIN:
            instance = True
        elif each.vendor_id is not None:
            _add(vendors, each.vendor_id, each.role)
        elif each.platform_id is not None:
            _add(platforms, each.platform_id, each.role)
    on_platforms, on_vendors = _single(made)
    platforms |= dict.fromkeys(on_platforms.keys() - platforms.keys())
    vendors |= dict.fromkeys(on_vendors.keys() - vendors.keys())
    return Grants(instance, MappingProxyType(platforms), MappingProxyType(vendors), on_platforms, on_vendors)


def _single(made: Iterable[PermissionGrant]) -> tuple[dict[int, frozenset[str]], dict[int, frozenset[str]]]:
    """Place → permissions, on platforms and on vendors."""
    on_platforms: dict[int, frozenset[str]] = {}
    on_vendors: dict[int, frozenset[str]] = {}
    for each in made:
        if each.vendor_id is not None:
            entry = {each.permission, ENTRY[FrontendType.VENDOR]}
            on_vendors[each.vendor_id] = on_vendors.get(each.vendor_id, frozenset()) | entry
        elif each.platform_id is not None:
            entry = {each.permission, ENTRY[FrontendType.ADMIN]}
            on_platforms[each.platform_id] = on_platforms.get(each.platform_id, frozenset()) | entry
    return on_platforms, on_vendors


def _add(held: dict[int, Role | None], place: int, role: Role) -> None:
    known = held.get(place)
    if known is None or STRENGTH.index(role) > STRENGTH.index(known):
        held[place] = role


def _reaches(role: Role | None, full: Role, permission: str) -> bool:
    return role is full or (role is not None and permission.endswith(READING))
