"""The forms of orders; the schemas decide what is valid."""

from __future__ import annotations

from collections.abc import Sequence

from wtforms import Form, SelectField, StringField, TextAreaField

from console.sdk import lazy_gettext
from modules.payments.api import Method


class OrderForm(Form):
    """A new order."""

    customer = StringField(description=lazy_gettext("orders.wanted.customer"))
    total = StringField(description=lazy_gettext("orders.wanted.total"))
    payment_method = SelectField(description=lazy_gettext("orders.wanted.payment_method"))
    note = TextAreaField(description=lazy_gettext("orders.wanted.note"))

    def offer(self, methods: Sequence[Method]) -> OrderForm:
        """The form, with the payment methods that may be chosen."""
        self.payment_method.choices = [(str(method.id), method.title) for method in methods]
        return self
