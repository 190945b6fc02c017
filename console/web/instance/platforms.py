"""The platforms of the instance, and creating one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import make_response, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from console.blueprint import requires_permission
from console.context import current, runtime
from console.errors import RuleRefused, UsageError
from console.services import operations, vendors
from console.services import platforms as service
from console.services.runtime import Runtime
from console.storage.tables import Platform
from console.storage.uow import read_session, unit_of_work
from console.web import htmx
from console.web.instance._blueprint import blueprint

Answer = str | Response


@dataclass(frozen=True, slots=True)
class PlatformLine:
    """A platform as the list shows it."""

    slug: str
    name: str
    created_at: datetime
    archived: bool
    on: int
    vendors: int


@blueprint.get("/platforms")
@requires_permission("instance.manage")
def platforms() -> Answer:
    """Every platform with what is on and how many vendors it has."""
    return _show()


@blueprint.post("/platforms")
@requires_permission("instance.manage")
def platform_create() -> Answer:
    """Create a platform; that is an operation, and its page follows."""
    rt = runtime()
    slug = request.form.get("slug", "").strip()
    try:
        with unit_of_work() as uow:
            made = service.create(uow, rt, slug, request.form.get("name", ""), actor=current().actor, now=rt.clock())
            begun = operations.of_platform(uow.session, made.id, limit=1)
    except (UsageError, RuleRefused) as error:
        text = error.sentence
        return make_response(_show(error=text, typed=dict(request.form)), 422)
    if begun and begun[0].is_open:
        return htmx.redirect(url_for("pages.operation", platform=slug, operation_id=begun[0].id))
    return htmx.redirect(url_for("pages.overview", platform=slug))


def _show(*, error: str = "", typed: dict[str, str] | None = None) -> str:
    session = read_session()
    rt = runtime()
    found = vendors.counts(session)
    return render_template(
        "instance/platforms.html",
        lines=[
            _line(session, rt, each, vendor_count=found.get(each.id, 0))
            for each in service.listing(session, archived=True)
        ],
        error=error,
        typed=typed or {},
    )


def _line(session: Session, rt: Runtime, platform: Platform, *, vendor_count: int) -> PlatformLine:
    snapshot = rt.snapshots.get(session, rt, platform.id, platform.revision)
    return PlatformLine(
        slug=platform.slug,
        name=platform.name,
        created_at=platform.created_at,
        archived=platform.archived_at is not None,
        on=len(snapshot.open),
        vendors=vendor_count,
    )
