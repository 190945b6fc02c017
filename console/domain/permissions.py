"""Who may do what: roles on the instance, on a platform or on a vendor, and the permissions that follow."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from console.domain.words import Role
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
        "requests.view": say("See which modules vendors ask for."),
        "requests.answer": say("Answer what vendors ask for."),
        "menu.view": say("See how the menus are arranged."),
        "menu.manage": say("Arrange the menus."),
        "audit.view": say("Read who did what."),
        "health.view": say("See health reports."),
        "health.run": say("Ask for a new health report."),
        "users.manage": say("Give and take access to the platform."),
        "tokens.manage": say("Make and revoke API tokens."),
    }
)
INSTANCE = "instance.manage"
READING = (".view", ".read")
STRENGTH = (Role.PLATFORM_VIEWER, Role.PLATFORM_ADMIN, Role.VENDOR_MEMBER, Role.VENDOR_OWNER)


@dataclass(frozen=True, slots=True)
class RoleGrant:
    """One role that somebody holds, on a platform, on a vendor or (``instance-admin``) everywhere."""

    role: Role
    platform_id: int | None = None
    vendor_id: int | None = None


@dataclass(frozen=True, slots=True)
class Grants:
    """All that a person or token may do.

    Args:
        is_instance_admin: Acts as admin on every platform; a vendor's pages still need a membership.
        platforms: Platform id → strongest role there.
        vendors: Vendor id → strongest role there.
    """

    is_instance_admin: bool = False
    platforms: Mapping[int, Role] = field(default_factory=dict)
    vendors: Mapping[int, Role] = field(default_factory=dict)

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
        if vendor_id is not None:
            role = self.vendors.get(vendor_id)
            return permission not in CONSOLE_PERMISSIONS and _reaches(role, Role.VENDOR_OWNER, permission)
        if self.is_instance_admin:
            return True
        if platform_id is None or permission == INSTANCE:
            return False
        return _reaches(self.platforms.get(platform_id), Role.PLATFORM_ADMIN, permission)


NOBODY = Grants()


def grants(roles: Iterable[RoleGrant]) -> Grants:
    """What the roles add up to; of two roles in one place the stronger counts."""
    platforms: dict[int, Role] = {}
    vendors: dict[int, Role] = {}
    instance = False
    for each in roles:
        if each.role is Role.INSTANCE_ADMIN:
            instance = True
        elif each.vendor_id is not None:
            _add(vendors, each.vendor_id, each.role)
        elif each.platform_id is not None:
            _add(platforms, each.platform_id, each.role)
    return Grants(instance, MappingProxyType(platforms), MappingProxyType(vendors))


def _add(held: dict[int, Role], place: int, role: Role) -> None:
    if place not in held or STRENGTH.index(role) > STRENGTH.index(held[place]):
        held[place] = role


def _reaches(role: Role | None, full: Role, permission: str) -> bool:
    return role is full or (role is not None and permission.endswith(READING))
