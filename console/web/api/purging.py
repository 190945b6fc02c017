"""What a module keeps for a platform: counted, exported, deleted; and a health report on request."""

from __future__ import annotations

from flask import Response, jsonify, stream_with_context
from pydantic import BaseModel, ConfigDict, Field

from console.blueprint import requires_permission, requires_proof
from console.context import current, current_platform, runtime
from console.described import described
from console.inputs import read_json
from console.services import health, purge, purge_export
from console.storage.uow import current_uow, read_session
from console.web.api import shapes
from console.web.api._blueprint import blueprint


class Confirmation(BaseModel):
    """What is to be deleted, written out: ``PLATFORM/CODE``."""

    model_config = ConfigDict(extra="forbid")

    confirm: str = Field(max_length=200)


@blueprint.get("/admin/modules/<code>/purge")
@requires_permission("modules.purge")
@described(shapes.PurgeDocument)
def module_purge(code: str) -> Response:
    """What would be deleted, and what stands in the way."""
    view = purge.look(read_session(), runtime(), current_platform.id, code)
    return jsonify(purge.as_json(view, purged=False))


@blueprint.get("/admin/modules/<code>/purge/export")
@requires_permission("modules.purge")
@described(shapes.PurgeExport)
def module_purge_export(code: str) -> Response:
    """What would be deleted, sent while it is read; secrets are masked."""
    rt = runtime()
    pieces = purge_export.export(read_session(), rt, current_platform.id, code, now=rt.clock())
    headers = {"Cache-Control": "no-store"}
    return Response(stream_with_context(pieces), mimetype="application/json", headers=headers)


@blueprint.post("/admin/modules/<code>/purge")
@requires_permission("modules.purge")
@requires_proof
@described(shapes.PurgeDocument, takes=Confirmation)
def module_purge_accept(code: str) -> Response:
    """Delete the rows and settings of a module that is off, for good."""
    rt, wish = runtime(), read_json(Confirmation)
    actor, now = current().actor, rt.clock()
    done = purge.purge(current_uow(), rt, current_platform.id, code, confirm=wish.confirm, actor=actor, now=now)
    return jsonify(purge.as_json(done, purged=not done.is_empty))


@blueprint.post("/admin/modules/<code>/health")
@requires_permission("health.run")
@described({202: shapes.HealthAskedDocument})
def module_health_run(code: str) -> Response:
    """Have a runner check the module now: 202, and the report is the last one when it is there."""
    health.ask(current_uow(), runtime(), current_platform.id, code)
    response = jsonify({"schema": 1, "module": code, "asked": True})
    response.status_code = 202
    return response
