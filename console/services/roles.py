"""Roles that admins make of permissions, for the people of a platform or for those of its vendors."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from console.domain.actor import Actor
from console.domain.permissions import CONSOLE_PERMISSIONS, ENTRY, INSTANCE, VENDOR_PERMISSIONS, Grants
from console.domain.registry import Registry
from console.domain.words import FrontendType, Role
from console.errors import Forbidden, RuleRefused, Unknown, UsageError
from console.phrases import say
from console.services import audit, slugs
from console.services.locked import lock
from console.services.operations import must_be_alive
from console.services.runtime import Runtime
from console.storage.tables import MadeRole, RoleHolder, RolePermission, User
from console.storage.uow import UnitOfWork

LONGEST_NAME = 60


@dataclass(frozen=True, slots=True)
class Author:
    """Who acts, and what they may give: nobody can give what they do not have."""

    actor: Actor
    grants: Grants


@dataclass(frozen=True, slots=True)
class RoleDraft:
    """A role as somebody wants it."""

    name: str
    permissions: frozenset[str]


@dataclass(frozen=True, slots=True)
class MadeRoleView:
    """A role with its permissions, and how many hold it."""

    id: int
    platform_id: int
    frontend: FrontendType
    name: str
    permissions: frozenset[str]
    holders: int


def known_permissions(registry: Registry, frontend: FrontendType) -> tuple[str, ...]:
    """All that a role of that frontend can be made of: the console's own, then those of modules in their order."""
    own = CONSOLE_PERMISSIONS if frontend is FrontendType.ADMIN else VENDOR_PERMISSIONS
    first = [code for code in own if code not in (INSTANCE, ENTRY[frontend])]
    declared = [
        str(code)
        for each in registry.live()
        if frontend is FrontendType.ADMIN or not each.is_internal
        for code in each.permissions
    ]
    return (*first, *declared)


def create(
    uow: UnitOfWork,
    rt: Runtime,
    platform_id: int,
    draft: RoleDraft,
    *,
    frontend: FrontendType,
    author: Author,
    now: datetime,
) -> int:
    """The id of a new role.

    Raises:
        UsageError: ``name_invalid``, or no permission, or one that does not exist.
        Forbidden: It holds what its author does not have.
        RuleRefused: ``role_exists``, ``platform_archived``.
    """
    held = lock(uow, rt, platform_id, now)
    must_be_alive(held)
    _check(rt.registry, draft.permissions, frontend)
    must_hold(author.grants, draft.permissions, platform_id)
    name = _free_name(uow, platform_id, draft.name)
    role = MadeRole(platform_id=platform_id, frontend=frontend, name=name, created_at=now)
    uow.session.add(role)
    uow.session.flush()
    _store(uow, role.id, draft.permissions)
    after = {"name": name, "frontend": frontend.value, "permissions": sorted(draft.permissions)}
    audit.record(uow, author.actor, action="roles.create", target=name, now=now, platform_id=platform_id, after=after)
    held.bump()
    return role.id


def save(
    uow: UnitOfWork, rt: Runtime, platform_id: int, role_id: int, draft: RoleDraft, *, author: Author, now: datetime
) -> bool:
    """Change name and permissions of a role, for all who hold it at once; False when it is like that already.

    Raises:
        UsageError: As for ``create``.
        Forbidden: It holds, or would hold, what its author does not have.
        Unknown: The platform has no such role.
        RuleRefused: ``role_exists``, ``platform_archived``.
    """
    held = lock(uow, rt, platform_id, now)
    must_be_alive(held)
    before = get(uow.session, platform_id, role_id)
    kept = before.permissions - set(known_permissions(rt.registry, before.frontend))
    wanted = draft.permissions | kept  # what a module declared that is not there now comes back with it
    _check(rt.registry, draft.permissions - before.permissions, before.frontend)
    if not wanted:
        raise _empty()
    must_hold(author.grants, before.permissions | wanted, platform_id)
    name = _free_name(uow, platform_id, draft.name, but=role_id)
    if (name, wanted) == (before.name, before.permissions):
        return False
    uow.session.execute(update(MadeRole).where(MadeRole.id == role_id).values(name=name))
    _store(uow, role_id, wanted)
    _renew(uow, role_id)
    audit.record(
        uow,
        author.actor,
        action="roles.save",
        target=name,
        now=now,
        platform_id=platform_id,
        before={"name": before.name, "permissions": sorted(before.permissions)},
        after={"name": name, "permissions": sorted(wanted)},
    )
    held.bump()
    return True


def remove(uow: UnitOfWork, rt: Runtime, platform_id: int, role_id: int, *, author: Author, now: datetime) -> None:
    """Delete a role; whoever holds it loses it.

    Raises:
        Forbidden: It holds what the author does not have.
        Unknown: The platform has no such role.
    """
    held = lock(uow, rt, platform_id, now)
    must_be_alive(held)
    before = get(uow.session, platform_id, role_id)
    must_hold(author.grants, before.permissions, platform_id)
    _renew(uow, role_id)
    for table in (RoleHolder, RolePermission):
        uow.session.execute(delete(table).where(table.role_id == role_id))
    uow.session.execute(delete(MadeRole).where(MadeRole.id == role_id))
    facts = {"name": before.name, "permissions": sorted(before.permissions), "holders": before.holders}
    audit.record(
        uow, author.actor, action="roles.delete", target=before.name, now=now, platform_id=platform_id, before=facts
    )
    held.bump()


def holds(grants: Grants, permission: str, platform_id: int, vendor_id: int | None = None) -> bool:
    """Whether an author has it to give there; who manages vendors has what is the console's own for a vendor."""
    if vendor_id is None and permission in VENDOR_PERMISSIONS:
        permission = "vendors.manage"
    return grants.may_give(permission, platform_id=platform_id, vendor_id=vendor_id)


def must_hold(grants: Grants, permissions: Collection[str], platform_id: int, vendor_id: int | None = None) -> None:
    """Refuse an author who lacks one of the permissions.

    Raises:
        Forbidden: Names the first.
    """
    for each in sorted(permissions):
        if not holds(grants, each, platform_id, vendor_id):
            raise Forbidden(each)


def must_reach(grants: Grants, role: Role, *, platform_id: int | None, vendor_id: int | None = None) -> None:
    """Refuse an author whose own role holds less than a built-in one.

    Raises:
        Forbidden: Names the role.
    """
    if not grants.may_give_role(role, platform_id=platform_id, vendor_id=vendor_id):
        text = say("Nobody can give or take the role %(role)s who holds less than it.", role=role.value)
        raise Forbidden(role.value, text)


def _check(registry: Registry, permissions: Collection[str], frontend: FrontendType) -> None:
    unknown = sorted(set(permissions) - set(known_permissions(registry, frontend)))
    if unknown:
        raise UsageError(
            say("There is no permission %(permission)s for such a role.", permission=repr(unknown[0])),
            hint=say("Choose from those that the page shows."),
        )


def _empty() -> UsageError:
    return UsageError(say("A role without permissions lets nobody do anything."), hint=say("Choose at least one."))


def _free_name(uow: UnitOfWork, platform_id: int, text: str, *, but: int | None = None) -> str:
    name = slugs.checked_name(text, longest=LONGEST_NAME)
    if not name:
        raise UsageError(say("A role needs a name."), hint=say("Say what its holders do."))
    found = select(MadeRole.id).where(MadeRole.platform_id == platform_id, MadeRole.name == name)
    if uow.session.scalar(found) not in (None, but):
        text = say("There is a role %(name)s already.", name=repr(name))
        raise RuleRefused(text, code="role_exists", hint=say("Choose another name."))
    return name


def _store(uow: UnitOfWork, role_id: int, permissions: Collection[str]) -> None:
    if not permissions:
        raise _empty()
    uow.session.execute(delete(RolePermission).where(RolePermission.role_id == role_id))
    uow.session.add_all(RolePermission(role_id=role_id, permission=each) for each in sorted(permissions))


def _renew(uow: UnitOfWork, role_id: int) -> None:
    """Let every holder's cached grants be read afresh."""
    holders = select(RoleHolder.user_id).where(RoleHolder.role_id == role_id)
    uow.session.execute(update(User).where(User.id.in_(holders)).values(generation=User.generation + 1))


def get(session: Session, platform_id: int, role_id: int) -> MadeRoleView:
    """The role of that platform.

    Raises:
        Unknown: It has none such.
    """
    for each in listing(session, platform_id):
        if each.id == role_id:
            return each
    raise Unknown("role", str(role_id))


def listing(session: Session, platform_id: int, frontend: FrontendType | None = None) -> list[MadeRoleView]:
    """The roles of a platform by name; two statements for all."""
    holders = select(RoleHolder.role_id, func.count(RoleHolder.user_id.distinct()).label("count"))
    counted = holders.group_by(RoleHolder.role_id).subquery()
    found = (
        select(MadeRole, func.coalesce(counted.c.count, 0).label("holders"))
        .outerjoin(counted, counted.c.role_id == MadeRole.id)
        .where(MadeRole.platform_id == platform_id)
        .order_by(MadeRole.name)
        .execution_options(populate_existing=True)
    )
    if frontend is not None:
        found = found.where(MadeRole.frontend == frontend)
    rows = session.execute(found).all()
    parts = select(RolePermission.role_id, RolePermission.permission).join(MadeRole)
    permissions: dict[int, set[str]] = {}
    for row in session.execute(parts.where(MadeRole.platform_id == platform_id)):
        permissions.setdefault(row.role_id, set()).add(row.permission)
    return [
        MadeRoleView(
            id=row.MadeRole.id,
            platform_id=platform_id,
            frontend=row.MadeRole.frontend,
            name=row.MadeRole.name,
            permissions=frozenset(permissions.get(row.MadeRole.id, ())),
            holders=row.holders,
        )
        for row in rows
    ]


def role_json(role: MadeRoleView) -> dict[str, object]:
    """One role, as it stands in documents."""
    return {
        "id": str(role.id),
        "name": role.name,
        "frontend": role.frontend.value,
        "permissions": sorted(role.permissions),
        "holders": role.holders,
    }
