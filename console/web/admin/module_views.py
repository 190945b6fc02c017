"""A module's page: the overview of what it is and adds, and its operations."""

from __future__ import annotations

from flask import render_template, request, url_for
from werkzeug.wrappers import Response

from console.blueprint import requires_permission
from console.context import current_platform, runtime
from console.services import operations
from console.services.operation_views import OperationView
from console.storage.uow import read_session
from console.toolbox import may
from console.web.admin._blueprint import blueprint
from console.web.admin.causes import causes
from console.web.admin.module_adds import additions
from console.web.admin.module_page import module_facts, module_tabs
from console.web.admin.operation_page import OperationPage, operation_page
from console.web.admin.relations import relations
from console.web.admin.rows import line
from console.web.admin.sources import read_sources

Answer = str | Response
PAGE_SIZE = 50
LATEST = 5


@blueprint.get("/modules/<code>")
@requires_permission("modules.view")
def module(code: str) -> Answer:
    """What the module is, how it stands and why, what it adds, and what hangs together with it."""
    session = read_session()
    src = read_sources(session)
    src.registry[code]
    latest = operations.of_module(session, current_platform.id, code, limit=LATEST)
    return render_template(
        "admin/module.html",
        row=line(src, code),
        tabs=module_tabs(src, code, here="overview"),
        facts=module_facts(src, code),
        causes=causes(src, code, latest[0] if latest else None),
        adds=additions(session, src, code),
        relations=relations(src, code),
        operations=[_page(view) for view in latest] if may("operations.view") else [],
    )


@blueprint.get("/modules/<code>/operations")
@requires_permission("operations.view")
def module_operations(code: str) -> Answer:
    """The operations that switched the module, or took it along, newest first."""
    session = read_session()
    src = read_sources(session)
    before = request.args.get("before", type=int)
    found = operations.of_module(session, current_platform.id, code, limit=PAGE_SIZE + 1, before=before)
    older = None
    if len(found) > PAGE_SIZE:
        older = url_for("pages.module_operations", code=code, before=found[PAGE_SIZE - 1].id)
    return render_template(
        "admin/module_operations.html",
        row=line(src, code),
        tabs=module_tabs(src, code, here="operations"),
        operations=[_page(view) for view in found[:PAGE_SIZE]],
        older_url=older,
    )


def _page(view: OperationView) -> OperationPage:
    rt = runtime()
    return operation_page(rt.registry, view, now=rt.clock(), may_manage=False)
