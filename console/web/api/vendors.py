"""The vendors of a platform."""

from __future__ import annotations

from flask import Response, jsonify
from pydantic import BaseModel, ConfigDict, Field

from console.blueprint import requires_permission
from console.context import current, current_platform, runtime
from console.inputs import read_json
from console.services import vendors as service
from console.services.operation_views import time_json
from console.storage.tables import Vendor
from console.storage.uow import current_uow, read_session
from console.web.api._blueprint import blueprint


class NewVendor(BaseModel):
    """A vendor to create."""

    model_config = ConfigDict(extra="forbid")

    slug: str = Field(max_length=63)
    name: str = Field(default="", max_length=200)


@blueprint.get("/admin/vendors")
@requires_permission("vendors.view")
def vendors() -> Response:
    """The platform's vendors by slug."""
    return jsonify(
        {"schema": 1, "vendors": [_json(each) for each in service.listing(read_session(), current_platform.id)]}
    )


@blueprint.post("/admin/vendors")
@requires_permission("vendors.manage")
def vendor_create() -> tuple[Response, int]:
    """Create a vendor on the platform."""
    wish = read_json(NewVendor)
    rt = runtime()
    made = service.create(
        current_uow(), rt, current_platform.id, wish.slug, name=wish.name, actor=current().actor, now=rt.clock()
    )
    return jsonify({"schema": 1, "vendor": _json(made)}), 201


def _json(vendor: Vendor) -> dict[str, object]:
    return {
        "slug": vendor.slug,
        "name": vendor.name,
        "platform": current_platform.slug,
        "created_at": time_json(vendor.created_at),
    }
