"""What the instance holds, as it stands in documents: those of the command line and those of the API."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from console.domain.registry import Registry
from console.services import platforms, vendors
from console.services.operation_views import time_json
from console.services.tokens import TokenView
from console.services.users import RoleView
from console.storage.tables import Platform, User, Vendor

if TYPE_CHECKING:
    from console.services.migrations.standing import BranchStatus

Names = tuple[dict[int, str], dict[int, str]]
"""Id → slug, of platforms and of vendors."""


def names(session: Session) -> Names:
    """The slugs that tokens are written with, archived platforms and vendors too; two statements."""
    return (
        {each.id: each.slug for each in platforms.listing(session, archived=True)},
        {each.id: each.slug for each in vendors.listing(session, archived=True)},
    )


def platform_json(platform: Platform) -> dict[str, object]:
    """A platform."""
    return {
        "slug": platform.slug,
        "name": platform.name,
        "revision": platform.revision,
        "created_at": time_json(platform.created_at),
        "archived_at": time_json(platform.archived_at),
    }


def vendor_json(vendor: Vendor, platform: str) -> dict[str, object]:
    """A vendor of the platform with that slug."""
    created_at = time_json(vendor.created_at)
    return {"slug": vendor.slug, "name": vendor.name, "platform": platform, "created_at": created_at}


def user_json(user: User, roles: list[RoleView]) -> dict[str, object]:
    """An account with its built-in roles."""
    return {
        "id": str(user.id),
        "email": user.email,
        "name": user.name,
        "active": user.is_active,
        "has_password": user.password_hash is not None,
        "created_at": time_json(user.created_at),
        "roles": [{"role": each.role.value, "platform": each.platform, "vendor": each.vendor} for each in roles],
    }


def token_json(token: TokenView, names: Names) -> dict[str, object]:
    """A token without its text."""
    return {
        "id": str(token.id),
        "name": token.name,
        "platform": None if token.platform_id is None else names[0][token.platform_id],
        "vendor": None if token.vendor_id is None else names[1][token.vendor_id],
        "permissions": None if token.permissions is None else list(token.permissions),
        "creator": token.creator,
        "created_at": time_json(token.created_at),
        "expires_at": time_json(token.expires_at),
        "revoked_at": time_json(token.revoked_at),
        "last_used_at": time_json(token.last_used_at),
    }


def branch_json(branch: BranchStatus) -> dict[str, object]:
    """How a branch of the migrations stands."""
    return {
        "module": branch.module,
        "branch": branch.branch,
        "head": branch.head,
        "current": branch.current,
        "state": branch.state,
        "pending": list(branch.pending),
        "error": branch.error,
    }


def graph_json(registry: Registry, *, reverse: bool = False) -> dict[str, object]:
    """What requires what, over all installed modules."""
    modules = [
        {"code": module.code, "name": module.name, "version": module.version, "live": module.live}
        for module in registry.modules()
    ]
    pairs = edges(registry, reverse=reverse)
    return {
        "schema": 1,
        "reverse": reverse,
        "modules": modules,
        "edges": [{"from": one, "to": other} for one, other in pairs],
    }


def edges(registry: Registry, *, reverse: bool = False) -> list[tuple[str, str]]:
    """Pairs of a module and one that it requires, or the other way round."""
    found = sorted((code, need) for code in registry for need in registry.requires(code))
    return sorted((need, code) for code, need in found) if reverse else found
