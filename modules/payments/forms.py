"""The forms of payments; the schemas decide what is valid."""

from __future__ import annotations

from collections.abc import Sequence

from wtforms import Form, SelectField, StringField

from console.sdk import lazy_gettext
from modules.payments.models import Gateway


class MethodForm(Form):
    """A new payment method."""

    label = StringField(description=lazy_gettext("payments.wanted.label"))
    gateway = SelectField(description=lazy_gettext("payments.wanted.gateway"))
    last_four = StringField(description=lazy_gettext("payments.wanted.last_four"))

    def offer(self, gateways: Sequence[Gateway]) -> MethodForm:
        """The form, with the gateways that may be chosen."""
        self.gateway.choices = [(gateway.code, gateway.name) for gateway in gateways]
        return self
