"""The forms of orders; the schemas decide what is valid."""

from __future__ import annotations

from wtforms import Form, StringField, TextAreaField

from console.sdk import lazy_gettext


class OrderForm(Form):
    """A new order."""

    customer = StringField(description=lazy_gettext("orders.wanted.customer"))
    total = StringField(description=lazy_gettext("orders.wanted.total"))
    payment_method = StringField(description=lazy_gettext("orders.wanted.payment_method"))
    note = TextAreaField(description=lazy_gettext("orders.wanted.note"))
