"""Who must have a second factor by the console's policy, and what stays open to them until they have one."""

from __future__ import annotations

from console.domain.permissions import Grants
from console.domain.words import Role
from console.services.runtime import Runtime

OPEN = frozenset(
    f"people.{name}"
    for name in ("second_factor", "app_connect", "app_connect_accept", "passkey_add", "passkey_add_accept")
) | {"people.logout", "people.language", "people.login", "people.login_accept"}
"""Endpoints that lead to a second factor, or out."""


def must_have(rt: Runtime, grants: Grants) -> bool:
    """Whether the policy wants a second factor from somebody with these grants."""
    policy = rt.settings.second_factor
    is_admin = grants.is_instance_admin or Role.PLATFORM_ADMIN in grants.platforms.values()
    return policy == "all" or (policy == "admins" and is_admin)
