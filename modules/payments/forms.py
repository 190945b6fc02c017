"""The forms of payments; the schemas decide what is valid."""

from __future__ import annotations

from wtforms import Form, StringField

from console.sdk import lazy_gettext


class MethodForm(Form):
    """A new payment method."""

    label = StringField(description=lazy_gettext("payments.wanted.label"))
    gateway = StringField(description=lazy_gettext("payments.wanted.gateway"))
    last_four = StringField(description=lazy_gettext("payments.wanted.last_four"))
