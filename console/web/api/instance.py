"""The whole instance: its platforms, what is installed, how migrations and settings stand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from flask import Flask, Response, current_app, jsonify, request
from pydantic import BaseModel, ConfigDict, Field

from console.blueprint import requires_permission
from console.context import current, runtime
from console.described import described
from console.domain.registry import InstalledModule
from console.inputs import read_json
from console.services import documents, migrations, operation_views, operations, vendors
from console.services import platforms as service
from console.services.runtime import Runtime
from console.services.shown_settings import setting_json
from console.settings import NAMES
from console.storage.uow import current_uow, read_session
from console.web.api import people_shapes as shapes
from console.web.api._blueprint import instance as blueprint
from console.web.api.queries import GraphQuery


class NewPlatform(BaseModel):
    """A platform to create."""

    model_config = ConfigDict(extra="forbid")

    slug: str = Field(max_length=63)
    name: str = Field(default="", max_length=200)


@blueprint.get("/platforms")
@requires_permission("instance.manage")
@described(shapes.PlatformsDocument)
def platforms() -> Response:
    """Every platform, the archived ones too, with how many modules are on and how many vendors it has."""
    session, rt = read_session(), runtime()
    counted = vendors.counts(session)
    lines = [
        {
            **documents.platform_json(each),
            "on": len(rt.snapshots.get(session, rt, each.id, each.revision).open),
            "vendors": counted.get(each.id, 0),
        }
        for each in service.listing(session, archived=True)
    ]
    return jsonify({"schema": 1, "platforms": lines})


@blueprint.post("/platforms")
@requires_permission("instance.manage")
@described({201: shapes.NewPlatformDocument}, takes=NewPlatform)
def platform_create() -> tuple[Response, int]:
    """Create a platform; its modules come on in the operation that the answer names."""
    wish, rt, uow = read_json(NewPlatform), runtime(), current_uow()
    made = service.create(uow, rt, wish.slug, wish.name, actor=current().actor, now=rt.clock())
    uow.session.flush()
    begun = operations.of_platform(uow.session, made.id, limit=1)
    operation = operation_views.operation_json(begun[0]) if begun else None
    return jsonify({"schema": 1, "platform": documents.platform_json(made), "operation": operation}), 201


@blueprint.get("/modules")
@requires_permission("instance.manage")
@described(shapes.RegistryDocument)
def registry() -> Response:
    """Every installed module in dependency order, the broken ones with their reasons."""
    rt, session = runtime(), read_session()
    alive = service.listing(session)
    opened = Counter(code for each in alive for code in rt.snapshots.get(session, rt, each.id, each.revision).open)
    lines = [_line(rt, module, on=opened[module.code]) for module in rt.registry.modules()]
    return jsonify({"schema": 1, "modules": lines})


@blueprint.get("/graph")
@requires_permission("instance.manage")
@described(shapes.GraphDocument, query=GraphQuery)
def graph() -> Response:
    """What requires what."""
    return jsonify(documents.graph_json(runtime().registry, reverse=request.args.get("reverse") == "true"))


@blueprint.get("/migrations")
@requires_permission("instance.manage")
@described(shapes.BranchesDocument)
def branches() -> Response:
    """How each branch of the migrations stands."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # a proxy has it
    return jsonify({"schema": 1, "branches": [documents.branch_json(each) for each in migrations.status(app)]})


@blueprint.get("/settings")
@requires_permission("instance.manage")
@described(shapes.SettingsDocument)
def settings() -> Response:
    """Every setting in force with its source; secrets are masked."""
    found = runtime().settings
    return jsonify({"schema": 1, "settings": {name: setting_json(found, name) for name in NAMES}})


def _line(rt: Runtime, module: InstalledModule, *, on: int) -> dict[str, object]:
    state, reason = next(_troubles(rt, module), ("loaded", ""))
    return {
        "code": module.code,
        "name": module.name,
        "version": module.version,
        "kind": "optional" if module.definition is None else module.definition.kind.value,
        "source": module.source,
        "package": module.package,
        "state": state,
        "reason": reason,
        "problems": [each.line for each in module.problems],
        "on": on,
    }


def _troubles(rt: Runtime, module: InstalledModule) -> Iterator[tuple[str, str]]:
    """What keeps a module from working, the worst first."""
    if module.quarantine is not None:
        yield "quarantined", module.quarantine
    if module.code in rt.unavailable:
        yield "needs_migration", rt.unavailable[module.code].message
    if module.code in rt.startup_failures:
        yield "startup_failed", rt.startup_failures[module.code]
