"""The audit of one platform: the list, and the file to take away."""

from __future__ import annotations

from flask import make_response, render_template
from werkzeug.wrappers import Response

from console.blueprint import requires_permission
from console.context import current_platform
from console.services.audit_export import Form
from console.storage.uow import read_session
from console.web.admin import audit_list
from console.web.admin._blueprint import blueprint
from console.web.admin.audit_list import AuditLine, audit_lines

__all__ = ["AuditLine", "audit_lines"]


@blueprint.get("/audit")
@requires_permission("audit.view")
def audit() -> Response:
    """What was done to the platform, as the address asks for it, newest first."""
    listing = audit_list.listing(read_session(), current_platform.id, endpoint="pages.audit")
    status = 422 if listing.fields.days.error else 200
    return make_response(render_template("admin/audit.html", listing=listing), status)


@blueprint.get("/audit/export.<any(csv, json):form>")
@requires_permission("audit.view")
def audit_export(form: Form) -> Response:
    """The same entries, all of them, as CSV or JSON."""
    return audit_list.export(read_session(), current_platform.id, form, platform=current_platform.slug)
