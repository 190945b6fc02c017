"""The audit of the whole instance: every platform, and what belongs to none."""

from __future__ import annotations

from flask import make_response, render_template
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from console.blueprint import requires_permission
from console.services import platforms
from console.services.audit_export import Form
from console.storage.uow import read_session
from console.web.admin import audit_list, filters
from console.web.instance._blueprint import blueprint


@blueprint.get("/audit")
@requires_permission("instance.manage")
def audit() -> Response:
    """What was done anywhere, as the address asks for it, newest first."""
    session = read_session()
    chosen, platform_id = _platform(session)
    slugs = platforms.slug_by_id(session)
    listing = audit_list.listing(session, platform_id, endpoint="instance.audit", slugs=slugs)
    html = render_template(
        "instance/audit.html",
        listing=listing,
        platforms_of=[(each.slug, each.name) for each in platforms.listing(session, archived=True)],
        platform_of=chosen,
    )
    return make_response(html, 422 if listing.fields.days.error else 200)


@blueprint.get("/audit/export.<any(csv, json):form>")
@requires_permission("instance.manage")
def audit_export(form: Form) -> Response:
    """The same entries, all of them, as CSV or JSON."""
    session = read_session()
    chosen, platform_id = _platform(session)
    return audit_list.export(session, platform_id, form, platform=chosen or None)


def _platform(session: Session) -> tuple[str, int | None]:
    """Slug and id of the platform that the address narrows the list to; None without one."""
    slug = filters.text("platform")
    return slug, platforms.by_slug(session, slug).id if slug else None
