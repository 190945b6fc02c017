"""Roles that admins make of permissions: the list, a new one, changing one, deleting it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from flask import flash, make_response, render_template, request, url_for
from werkzeug.wrappers import Response

from console.blueprint import requires_permission, requires_proof
from console.context import current, current_platform, runtime
from console.domain.words import FrontendType
from console.errors import RuleRefused, UsageError
from console.services import roles as service
from console.services.roles import MadeRoleView, RoleDraft
from console.storage.uow import read_session, unit_of_work
from console.web import htmx
from console.web.admin import texts
from console.web.admin._blueprint import blueprint
from console.web.admin.people_page import author
from console.web.babel import gettext as _

Answer = str | Response


@dataclass(frozen=True, slots=True)
class PermissionLine:
    """A permission to choose.

    Args:
        sleeps: Whether its module is off, so that nobody has it now.
        can_give: Whether whoever looks has it to give.
    """

    code: str
    label: str
    sleeps: bool
    can_give: bool
    checked: bool


@dataclass(frozen=True, slots=True)
class PermissionGroup:
    """The permissions of the console, or of one module."""

    name: str
    lines: tuple[PermissionLine, ...]


@blueprint.get("/users/roles")
@requires_permission("users.view")
def roles() -> Answer:
    """The roles that were made for this platform and for its vendors."""
    return render_template("admin/roles.html", roles=service.listing(read_session(), current_platform.id))


@blueprint.get("/users/roles/new/<any(admin, vendor):frontend>")
@requires_permission("users.view")
def role_new(frontend: str) -> Answer:
    """An empty role, for the people of the platform or of its vendors."""
    return _show(FrontendType(frontend), RoleDraft("", frozenset()))


@blueprint.post("/users/roles/new/<any(admin, vendor):frontend>")
@requires_permission("users.manage")
@requires_proof
def role_create(frontend: str) -> Answer:
    """Make a role."""
    draft, rt = _draft(), runtime()
    try:
        with unit_of_work() as uow:
            service.create(
                uow,
                rt,
                current_platform.id,
                draft,
                frontend=FrontendType(frontend),
                author=author(),
                now=rt.clock(),
            )
    except (UsageError, RuleRefused) as error:
        return make_response(_show(FrontendType(frontend), draft, error=error.sentence), 422)
    flash(_("Role %(name)s was made", name=draft.name.strip()))
    return htmx.redirect(url_for("pages.roles"))


@blueprint.get("/users/roles/<int:role_id>")
@requires_permission("users.view")
def role(role_id: int) -> Answer:
    """A role with its permissions, to change."""
    found = service.get(read_session(), current_platform.id, role_id)
    return _show(found.frontend, RoleDraft(found.name, found.permissions), role=found)


@blueprint.post("/users/roles/<int:role_id>")
@requires_permission("users.manage")
@requires_proof
def role_save(role_id: int) -> Answer:
    """Change a role for all who hold it."""
    found = service.get(read_session(), current_platform.id, role_id)
    draft, rt = _draft(), runtime()
    try:
        with unit_of_work() as uow:
            service.save(uow, rt, current_platform.id, role_id, draft, author=author(), now=rt.clock())
    except (UsageError, RuleRefused) as error:
        return make_response(_show(found.frontend, draft, role=found, error=error.sentence), 422)
    flash(_("Role %(name)s was changed", name=draft.name.strip()))
    return htmx.redirect(url_for("pages.roles"))


@blueprint.post("/users/roles/<int:role_id>/delete")
@requires_permission("users.manage")
@requires_proof
def role_delete(role_id: int) -> Answer:
    """Delete a role; whoever holds it loses it."""
    rt = runtime()
    name = service.get(read_session(), current_platform.id, role_id).name
    with unit_of_work() as uow:
        service.remove(uow, rt, current_platform.id, role_id, author=author(), now=rt.clock())
    flash(_("Role %(name)s was deleted", name=name))
    return htmx.redirect(url_for("pages.roles"))


def _draft() -> RoleDraft:
    return RoleDraft(request.form.get("name", ""), frozenset(request.form.getlist("permission")))


def _show(frontend: FrontendType, draft: RoleDraft, *, role: MadeRoleView | None = None, error: str = "") -> str:
    return render_template(
        "admin/role.html",
        frontend=frontend.value,
        draft=draft,
        groups=list(permission_groups(frontend, draft.permissions)),
        role=role,
        error=error,
    )


def permission_groups(frontend: FrontendType, checked: frozenset[str] = frozenset()) -> Iterator[PermissionGroup]:
    """All permissions that can be given in a frontend, by whose they are."""
    registry = runtime().registry
    by_owner: dict[str, list[str]] = {}
    owners = {str(code): each.code for each in registry.live() for code in each.permissions}
    for code in service.known_permissions(registry, frontend):
        by_owner.setdefault(owners.get(code, ""), []).append(code)
    for owner, codes in by_owner.items():
        name = texts.module_name(registry, owner) if owner else _("Console")
        yield PermissionGroup(name, tuple(_permission(code, checked=code in checked) for code in codes))


def _permission(code: str, *, checked: bool) -> PermissionLine:
    scope, registry = current(), runtime().registry
    can_give = service.holds(author().grants, code, current_platform.id)
    sleeps = scope.snapshot is not None and code in scope.snapshot.asleep
    label = texts.permission(registry, code)
    return PermissionLine(code, label or code, sleeps, can_give, checked)
