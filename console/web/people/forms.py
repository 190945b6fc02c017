"""The forms of people; the macros of the templates render them."""

from __future__ import annotations

from typing import cast

from wtforms import BooleanField, EmailField, Form, HiddenField, PasswordField, StringField
from wtforms.validators import EqualTo, InputRequired, Length, Optional

from console.services.passwords import LONGEST, SHORTEST
from console.web.babel import lazy_gettext


def _(text: str, **values: object) -> str:
    """A lazy text where WTForms says ``str``; it is looked up when the form is shown."""
    return cast("str", lazy_gettext(text, **values))


_needed = InputRequired(_("This is needed."))
_password_length = Length(
    SHORTEST, LONGEST, _("Take at least %(count)s characters; several words are easy to keep.", count=SHORTEST)
)


class LoginForm(Form):
    """E-mail address and password, and where to go afterwards."""

    email = EmailField(_("E-mail address"), [_needed, Length(max=254)])
    password = PasswordField(_("Password"), [_needed])
    next = HiddenField()


class SetupForm(Form):
    """The first admin."""

    token = HiddenField()
    name = StringField(_("Name"), [Optional(), Length(max=200)])
    email = EmailField(_("E-mail address"), [_needed, Length(max=254)])
    password = PasswordField(_("Password"), [_needed, _password_length])
    vendor_logins = BooleanField(_("Make a login for each vendor"), default=True)


class PasswordForm(Form):
    """A new password, and the old one as proof."""

    current = PasswordField(_("Current password"), [_needed])
    password = PasswordField(_("New password"), [_needed, _password_length])
    repeated = PasswordField(_("New password again"), [_needed, EqualTo("password", _("The two are not the same."))])


class ProfileForm(Form):
    """How the console addresses a person, in which language and with which clock."""

    name = StringField(_("Name"), [Optional(), Length(max=200)])
    locale = StringField(_("Language"), [Optional(), Length(max=16)])
    timezone = StringField(_("Time zone"), [Optional(), Length(max=64)])
