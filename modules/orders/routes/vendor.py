"""Orders, for the people of a vendor."""

from __future__ import annotations

from flask import Response, flash, request, url_for

from console.sdk import (
    ModuleBlueprint,
    current_platform,
    current_vendor,
    db,
    described,
    gettext,
    module_service,
    read_form,
    read_json,
    render_template,
    requires_feature,
    requires_permission,
    see_other,
    utc_now,
)
from modules.orders.config import OrdersConfig
from modules.orders.exceptions import MethodNeeded
from modules.orders.forms import OrderForm
from modules.orders.models import Order, OrderState
from modules.orders.routes.listing import as_json, asked_page, asked_state, pages_of, wanted_state
from modules.orders.schemas import OrderAnswer, OrderIn, OrderMove, OrderOut, OrdersAnswer
from modules.orders.services.orders import create_order, get_order, move_order
from modules.payments.api import usable_methods

vendor_router = ModuleBlueprint("orders", __name__, tags=["Vendor - Orders"])
vendor_pages = ModuleBlueprint("orders", __name__)


def _create(wish: OrderIn) -> Order:
    config = OrdersConfig.model_validate(module_service.get_module_config(db, current_platform.id, "orders"))
    return create_order(db.session(), current_vendor.id, wish=wish, config=config, now=utc_now())


def _mine(order_id: int) -> Order:
    return get_order(db.session(), order_id, vendor_id=current_vendor.id)


@vendor_router.get("/orders")
@requires_permission("orders.view")
@requires_feature("order_management")
@described(OrdersAnswer)
def list_own_orders() -> dict[str, object]:
    """List the vendor's orders."""
    return as_json(asked_page(current_vendor.id))


@vendor_router.post("/orders")
@requires_permission("orders.manage")
@requires_feature("order_management")
@described({201: OrderAnswer}, takes=OrderIn)
def add_order() -> tuple[dict[str, object], int]:
    """Create a draft."""
    return {"order": OrderOut.of(_create(read_json(OrderIn))).model_dump(mode="json")}, 201


@vendor_router.get("/orders/<int:order_id>")
@requires_permission("orders.view")
@requires_feature("order_management")
@described(OrderAnswer)
def show_order(order_id: int) -> dict[str, object]:
    """Give one order."""
    return {"order": OrderOut.of(_mine(order_id)).model_dump(mode="json")}


@vendor_router.put("/orders/<int:order_id>/state")
@requires_permission("orders.manage")
@requires_feature("order_management")
@described(OrderAnswer, takes=OrderMove)
def change_state(order_id: int) -> dict[str, object]:
    """Move one order to another state."""
    wish = read_json(OrderMove)
    order = move_order(_mine(order_id), wish.state, now=utc_now())
    return {"order": OrderOut.of(order).model_dump(mode="json")}


@vendor_pages.get("/")
@requires_permission("orders.view")
@requires_feature("order_management")
def orders() -> str:
    """The vendor's orders, newest first."""
    found = asked_page(current_vendor.id)
    return render_template(
        "vendor/orders.html", page=found, pages=pages_of(found), state=asked_state(), states=list(OrderState)
    )


@vendor_pages.get("/new")
@requires_permission("orders.manage")
@requires_feature("order_management")
def new_order() -> str:
    """The form for an order."""
    return _form(OrderForm())


@vendor_pages.post("/new")
@requires_permission("orders.manage")
@requires_feature("order_management")
def save_order() -> Response | tuple[str, int]:
    """On to the new order, or the form with what is wrong (422)."""
    form = OrderForm(request.form)
    wish = read_form(form, OrderIn)
    if wish is None:
        return _form(form), 422
    try:
        created = _create(wish)
    except MethodNeeded as error:
        form.payment_method.errors = (error.message,)
        return _form(form), error.status
    flash(gettext("orders.created", number=created.number))
    return see_other(url_for(".order", order_id=created.id))


@vendor_pages.get("/<int:order_id>")
@requires_permission("orders.view")
@requires_feature("order_management")
def order(order_id: int) -> str:
    """One order, with what can be done about it."""
    return render_template("vendor/order.html", order=_mine(order_id))


@vendor_pages.post("/<int:order_id>/move")
@requires_permission("orders.manage")
@requires_feature("order_management")
def move(order_id: int) -> Response:
    """Back to the order in its new state."""
    found = _mine(order_id)
    move_order(found, wanted_state(found), now=utc_now())
    flash(gettext(f"orders.moved.{found.state}", number=found.number))
    return see_other(url_for(".order", order_id=order_id))


def _form(form: OrderForm) -> str:
    methods = [(str(method.id), method.title) for method in usable_methods(current_vendor.id)]
    return render_template("vendor/order_form.html", form=form, methods=methods)
