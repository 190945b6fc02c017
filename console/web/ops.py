"""What machines ask: is the process alive, and can it serve."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify
from sqlalchemy.exc import SQLAlchemyError

from console import jobs
from console.blueprint import public
from console.context import runtime
from console.errors import Busy
from console.services import audit_verify, migrations
from console.services.runtime import Runtime
from console.storage.uow import read_session

blueprint = Blueprint("ops", __name__)


@blueprint.get("/healthz")
@public
def healthz() -> Response:
    """200 while the process serves; asks nothing else."""
    return jsonify({"status": "ok"})


@blueprint.get("/readyz")
@public
def readyz() -> Response:
    """200 when the database answers and the console's tables fit this version; the rest stands beside it."""
    rt = runtime()
    try:
        at_head = migrations.console_at_head(read_session())
        worker = "ok" if at_head and jobs.alive(read_session(), rt.clock()) else "degraded"
        database = "ok"
    except (Busy, SQLAlchemyError) as error:
        return _answer("unavailable", 503, database=type(error).__name__)
    if not at_head:
        return _answer("unavailable", 503, database=database, schema="behind")
    modules = _broken_modules(rt)
    audit = "broken" if audit_verify.standing(read_session(), None).findings else "ok"
    status = "degraded" if modules or (worker, audit) != ("ok", "ok") else "ok"
    return _answer(status, 200, database=database, schema="ok", worker=worker, audit=audit, modules=modules)


def _broken_modules(rt: Runtime) -> dict[str, str]:
    """Code → why it is not on the air, or what its start did wrong."""
    found = {module.code: module.quarantine for module in rt.registry.modules() if module.quarantine is not None}
    found |= {code: notice.message for code, notice in rt.unavailable.items() if code not in found}
    return found | {code: text for code, text in rt.startup_failures.items() if code not in found}


def _answer(status: str, code: int, **facts: object) -> Response:
    response = jsonify({"status": status, **facts})
    response.status_code = code
    return response
