"""The orders of all vendors, for the admins of a platform."""

from __future__ import annotations

from flask import Response, flash, url_for

from console.sdk import (
    ModuleBlueprint,
    current_platform,
    db,
    described,
    gettext,
    read_json,
    render_template,
    requires_feature,
    requires_permission,
    see_other,
    utc_now,
    vendors_of,
)
from modules.orders.models import OrderState
from modules.orders.routes.listing import as_json, asked_page, asked_state, pages_of, wanted_state
from modules.orders.schemas import OrderAnswer, OrderMove, OrderOut, OrdersAnswer
from modules.orders.services.orders import get_order, move_order

admin_router = ModuleBlueprint("orders", __name__, tags=["Admin - Orders"])
admin_pages = ModuleBlueprint("orders", __name__)


@admin_router.get("/orders")
@requires_permission("orders.view")
@requires_feature("order_management")
@described(OrdersAnswer)
def list_all_orders() -> dict[str, object]:
    """List the orders of the platform's vendors."""
    return as_json(asked_page(None))


@admin_router.get("/orders/<int:order_id>")
@requires_permission("orders.view")
@requires_feature("order_management")
@described(OrderAnswer)
def show_order(order_id: int) -> dict[str, object]:
    """Give one order."""
    return {"order": OrderOut.of(get_order(db.session(), order_id)).model_dump(mode="json")}


@admin_router.put("/orders/<int:order_id>/state")
@requires_permission("orders.manage")
@requires_feature("order_management")
@described(OrderAnswer, takes=OrderMove)
def change_state(order_id: int) -> dict[str, object]:
    """Move one order to another state."""
    wish = read_json(OrderMove)
    order = move_order(get_order(db.session(), order_id), wish.state, now=utc_now())
    return {"order": OrderOut.of(order).model_dump(mode="json")}


@admin_pages.get("/")
@requires_permission("orders.view")
@requires_feature("order_management")
def orders() -> str:
    """The orders of the platform's vendors, newest first."""
    found = asked_page(None)
    return render_template(
        "admin/orders.html",
        page=found,
        pages=pages_of(found),
        state=asked_state(),
        states=list(OrderState),
        vendors=_names(),
    )


@admin_pages.get("/<int:order_id>")
@requires_permission("orders.view")
@requires_feature("order_management")
def order(order_id: int) -> str:
    """One order, with what can be done about it."""
    return render_template("admin/order.html", order=get_order(db.session(), order_id), vendors=_names())


@admin_pages.post("/<int:order_id>/move")
@requires_permission("orders.manage")
@requires_feature("order_management")
def move(order_id: int) -> Response:
    """Back to the order in its new state."""
    found = get_order(db.session(), order_id)
    move_order(found, wanted_state(found), now=utc_now())
    flash(gettext(f"orders.moved.{found.state}", number=found.number))
    return see_other(url_for(".order", order_id=order_id))


def _names() -> dict[int, str]:
    return {vendor.id: vendor.name for vendor in vendors_of(current_platform.id)}
