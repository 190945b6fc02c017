"""Payment gateways, for the admins of a platform."""

from __future__ import annotations

from flask import Response, flash, request, url_for

from console.sdk import (
    ModuleBlueprint,
    db,
    described,
    gettext,
    is_partial,
    read_json,
    render_template,
    requires_feature,
    requires_permission,
    see_other,
)
from modules.payments.schemas import GatewayAnswer, GatewayChange, GatewayOut, GatewaysAnswer
from modules.payments.services import gateways

admin_router = ModuleBlueprint("payments", __name__, tags=["Admin - Payments"])
admin_pages = ModuleBlueprint("payments", __name__)


@admin_router.get("/gateways")
@requires_permission("payments.view")
@requires_feature("payment_gateways")
@described(GatewaysAnswer)
def list_gateways() -> dict[str, object]:
    """List configured payment gateways."""
    found = gateways.list_gateways(db.session())
    return {"gateways": [GatewayOut.of(each).model_dump(mode="json") for each in found]}


@admin_router.put("/gateways/<gateway>")
@requires_permission("payments.manage")
@requires_feature("payment_gateways")
@described(GatewayAnswer, takes=GatewayChange)
def change_gateway(gateway: str) -> dict[str, object]:
    """Let one gateway take payments, or stop it."""
    wish = read_json(GatewayChange)
    changed = gateways.set_active(db.session(), gateway, active=wish.active)
    return {"gateway": GatewayOut.of(changed).model_dump(mode="json")}


@admin_pages.get("/")
@requires_permission("payments.view")
@requires_feature("payment_gateways")
def payment_gateways() -> str:
    """The gateways of the platform, each with its switch."""
    return render_template("admin/gateways.html", gateways=gateways.list_gateways(db.session()))


@admin_pages.post("/gateways/<gateway>")
@requires_permission("payments.manage")
@requires_feature("payment_gateways")
def switch_gateway(gateway: str) -> str | Response:
    """The gateway's row in its new state."""
    changed = gateways.set_active(db.session(), gateway, active=request.form.get("want") == "on")
    if is_partial():
        return render_template("admin/_gateway.html", gateway=changed)
    said = "payments.gateways.now_active" if changed.is_active else "payments.gateways.now_inactive"
    flash(gettext(said, name=gateways.name_of(changed.code)))
    return see_other(url_for(".payment_gateways"))
