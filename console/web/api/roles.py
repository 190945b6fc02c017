"""Roles that admins make of permissions."""

from __future__ import annotations

from typing import Literal

from flask import Response, jsonify
from pydantic import BaseModel, ConfigDict, Field

from console.blueprint import requires_permission, requires_proof
from console.context import current_platform, runtime
from console.described import described
from console.domain.words import FrontendType
from console.inputs import read_json
from console.services import roles as service
from console.services.roles import RoleDraft
from console.storage.uow import current_uow, read_session
from console.web.admin.people_page import author
from console.web.api import people_shapes as shapes
from console.web.api._blueprint import blueprint
from console.web.api.shapes import DeletedDocument


class RoleChange(BaseModel):
    """A role as it shall be."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(min_length=1, max_length=service.LONGEST_NAME)
    permissions: list[str] = Field(min_length=1)

    def draft(self) -> RoleDraft:
        """The role as the service takes it."""
        return RoleDraft(self.name, frozenset(self.permissions))


class NewRole(RoleChange):
    """A role to make, for the people of the platform or of its vendors."""

    frontend: Literal["admin", "vendor"]


@blueprint.get("/admin/users/roles")
@requires_permission("users.view")
@described(shapes.RolesDocument)
def roles() -> Response:
    """The roles that were made for this platform and for its vendors, and what one can be made of."""
    registry, found = runtime().registry, service.listing(read_session(), current_platform.id)
    known = {each.value: list(service.known_permissions(registry, each)) for each in FrontendType}
    return jsonify({"schema": 1, "roles": [service.role_json(each) for each in found], "permissions": known})


@blueprint.post("/admin/users/roles")
@requires_permission("users.manage")
@requires_proof
@described({201: shapes.RoleDocument}, takes=NewRole)
def role_create() -> tuple[Response, int]:
    """Make a role."""
    wish, rt = read_json(NewRole), runtime()
    frontend = FrontendType(wish.frontend)
    made = service.create(
        current_uow(), rt, current_platform.id, wish.draft(), frontend=frontend, author=author(), now=rt.clock()
    )
    return _shown(made), 201


@blueprint.get("/admin/users/roles/<int:role_id>")
@requires_permission("users.view")
@described(shapes.RoleDocument)
def role(role_id: int) -> Response:
    """A role with its permissions."""
    return _shown(role_id)


@blueprint.put("/admin/users/roles/<int:role_id>")
@requires_permission("users.manage")
@requires_proof
@described(shapes.RoleDocument, takes=RoleChange)
def role_save(role_id: int) -> Response:
    """Change a role for all who hold it."""
    wish, rt = read_json(RoleChange), runtime()
    service.save(current_uow(), rt, current_platform.id, role_id, wish.draft(), author=author(), now=rt.clock())
    return _shown(role_id)


@blueprint.delete("/admin/users/roles/<int:role_id>")
@requires_permission("users.manage")
@requires_proof
@described(DeletedDocument)
def role_delete(role_id: int) -> Response:
    """Delete a role; whoever holds it loses it."""
    rt = runtime()
    service.remove(current_uow(), rt, current_platform.id, role_id, author=author(), now=rt.clock())
    return jsonify({"schema": 1, "deleted": str(role_id)})


def _shown(role_id: int) -> Response:
    found = service.get(read_session(), current_platform.id, role_id)
    return jsonify({"schema": 1, "role": service.role_json(found)})
