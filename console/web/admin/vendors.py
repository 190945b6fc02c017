"""The vendors of a platform, and creating one."""

from __future__ import annotations

from flask import make_response, render_template, request, url_for
from werkzeug.wrappers import Response

from console.blueprint import requires_permission
from console.context import current, current_platform, runtime
from console.errors import RuleRefused, UsageError
from console.services import snapshots
from console.services import vendors as service
from console.storage.uow import read_session, unit_of_work
from console.web import htmx
from console.web.admin._blueprint import blueprint
from console.web.babel import gettext as _

Answer = str | Response


@blueprint.get("/vendors")
@requires_permission("vendors.view")
def vendors() -> Answer:
    """The platform's vendors."""
    created = request.args.get("created", "")
    names = {vendor.slug: vendor.name for vendor in service.listing(read_session(), current_platform.id)}
    return _show(toast=_("Vendor %(name)s was created", name=names[created]) if created in names else "")


@blueprint.post("/vendors")
@requires_permission("vendors.manage")
def vendor_create() -> Answer:
    """Create a vendor on the platform."""
    slug = request.form.get("slug", "").strip()
    rt = runtime()
    try:
        with unit_of_work() as uow:
            service.create(
                uow,
                rt,
                current_platform.id,
                slug,
                name=request.form.get("name", ""),
                actor=current().actor,
                now=rt.clock(),
            )
    except (UsageError, RuleRefused) as error:
        return make_response(_show(error=error.message, typed=dict(request.form)), 422)
    return htmx.redirect(url_for("pages.vendors", created=slug))


def _show(*, error: str = "", typed: dict[str, str] | None = None, toast: str = "") -> str:
    session = read_session()
    found = service.listing(session, current_platform.id)
    tiers = snapshots.current(session, runtime(), current_platform.id).tiers
    return render_template(
        "admin/vendors.html",
        vendors=found,
        tiers={each.id: tiers.tier(each.id) for each in found},
        error=error,
        typed=typed or {},
        toast_text=toast,
    )
