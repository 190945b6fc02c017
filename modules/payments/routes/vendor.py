"""Payment methods, for the people of a vendor."""

from __future__ import annotations

from flask import Response, flash, request, url_for

from console.sdk import (
    ModuleBlueprint,
    ModuleError,
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
from modules.payments.config import PaymentsConfig
from modules.payments.forms import MethodForm
from modules.payments.models import PaymentMethod
from modules.payments.schemas import MethodAnswer, MethodIn, MethodOut, MethodsAnswer
from modules.payments.services import gateways, methods

vendor_router = ModuleBlueprint("payments", __name__, tags=["Vendor - Payments"])
vendor_pages = ModuleBlueprint("payments", __name__)


def _add(wish: MethodIn) -> PaymentMethod:
    config = PaymentsConfig.model_validate(module_service.get_module_config(db, current_platform.id, "payments"))
    limit = config.max_methods_per_vendor
    return methods.add_method(db.session(), current_vendor.id, wish=wish, limit=limit, now=utc_now())


@vendor_router.get("/methods")
@requires_permission("payments.view")
@requires_feature("payment_methods")
@described(MethodsAnswer)
def list_payment_methods() -> dict[str, object]:
    """List vendor's stored payment methods."""
    found = methods.list_methods(db.session(), current_vendor.id)
    return {"methods": [MethodOut.of(each).model_dump(mode="json") for each in found]}


@vendor_router.post("/methods")
@requires_permission("payments.manage")
@requires_feature("payment_methods")
@described({201: MethodAnswer}, takes=MethodIn)
def add_payment_method() -> tuple[dict[str, object], int]:
    """Keep a new payment method."""
    method = _add(read_json(MethodIn))
    return {"method": MethodOut.of(method).model_dump(mode="json")}, 201


@vendor_router.delete("/methods/<int:method_id>")
@requires_permission("payments.manage")
@requires_feature("payment_methods")
@described({204: ()})
def delete_payment_method(method_id: int) -> tuple[str, int]:
    """Forget a payment method."""
    methods.remove_method(db.session(), current_vendor.id, method_id=method_id)
    return "", 204


@vendor_pages.get("/")
@requires_permission("payments.view")
@requires_feature("payment_methods")
def payment_methods() -> str:
    """The vendor's methods, and the form for one more."""
    return _page(MethodForm())


@vendor_pages.post("/")
@requires_permission("payments.manage")
@requires_feature("payment_methods")
def create_method() -> Response | tuple[str, int]:
    """Back to the list with the new method in it, or the form with what is wrong (422, 409)."""
    form = MethodForm(request.form)
    wish = read_form(form, MethodIn)
    if wish is None:
        return _page(form), 422
    try:
        method = _add(wish)
    except ModuleError as error:
        form.gateway.errors = (error.message,)
        return _page(form), error.status
    flash(gettext("payments.methods.added", label=method.label))
    return see_other(url_for(".payment_methods"))


@vendor_pages.post("/methods/<int:method_id>/remove")
@requires_permission("payments.manage")
@requires_feature("payment_methods")
def remove_method(method_id: int) -> Response:
    """Back to the list, without the method."""
    gone = methods.remove_method(db.session(), current_vendor.id, method_id=method_id)
    flash(gettext("payments.methods.removed", label=gone.label))
    return see_other(url_for(".payment_methods"))


def _page(form: MethodForm) -> str:
    session = db.session()
    return render_template(
        "vendor/methods.html",
        form=form,
        gateways=[
            (each.code, gateways.name_of(each.code)) for each in gateways.list_gateways(session, active_only=True)
        ],
        methods=methods.list_methods(session, current_vendor.id),
    )
