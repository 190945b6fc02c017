"""Texts of modules: each message is looked up in the catalog of the module whose code asks for it.

The catalog is found from the caller's package, not from the request: one module's ``api`` runs in another's view.
"""

from __future__ import annotations

import sys
from typing import Protocol, cast

from flask import current_app
from flask_babel.speaklater import LazyString  # type: ignore[import-untyped]  # flask-babel has no types

from console.context import runtime
from console.domain.reasons import Fault, Reason


class Translator(Protocol):
    """Looks texts up; the web layer puts one at ``app.extensions["console_texts"]``."""

    def gettext(self, module: str | None, key: str, **variables: object) -> str:
        """The text of ``key`` from the module's catalog, then the console's."""

    def ngettext(self, module: str | None, one: str, many: str, number: int, **variables: object) -> str:
        """The same with the plural form that fits ``number``."""


def _translator() -> Translator:
    return cast("Translator", current_app.extensions["console_texts"])


def owner_of(python_name: str) -> str | None:
    """Code of the module that the dotted Python name belongs to."""
    for module in runtime().registry.modules():
        if python_name == module.package or python_name.startswith(f"{module.package}."):
            return module.code
    return None


def _caller() -> str:
    return str(sys._getframe(2).f_globals.get("__name__", ""))  # the way to a caller's package


def gettext(key: str, **variables: object) -> str:
    """The text of ``key`` in the language of this request, from the calling module's catalog."""
    return _translator().gettext(owner_of(_caller()), key, **variables)


def ngettext(one: str, many: str, number: int, **variables: object) -> str:
    """The text for ``number`` things, with the right plural form, from the calling module's catalog."""
    return _translator().ngettext(owner_of(_caller()), one, many, number, **variables)


def lazy_gettext(key: str, **variables: object) -> LazyString:
    """A text that is looked up when it is shown; for menus, forms and other things made at import."""
    caller = _caller()
    return LazyString(lambda: _translator().gettext(owner_of(caller), key, **variables))


def module_text(module: str, text: str) -> str:
    """A text of a module's schema in the language of this request: a key of its catalog, or a text to translate."""
    return _translator().gettext(module, text) if text else ""


def reason_words(reason: str, module: str | None = None) -> str:
    """Why a value was refused, in the language of this request.

    Args:
        module: Whose catalog has the words of its own validators.
    """
    if not isinstance(reason, Reason):
        return reason
    return "; ".join(dict.fromkeys(_fault_words(each, module) for each in reason.faults))


def _fault_words(fault: Fault, module: str | None) -> str:
    look_up = _translator()
    place = [_place(part) for part in fault.path]
    if fault.own:
        words = look_up.gettext(module, fault.text)
    elif fault.plural:
        words = look_up.ngettext(None, fault.text, fault.plural, fault.number)
    else:
        words = look_up.gettext(None, fault.text, **{key: _listed(value) for key, value in fault.values.items()})
    return ": ".join((*place, words))


def _place(part: int | str) -> str:
    """A key, or the number of an entry as people count them."""
    return _translator().gettext(None, "entry %(number)s", number=part + 1) if isinstance(part, int) else part


def _listed(value: object) -> object:
    """Pydantic lists what it expects with an English ``or``."""
    if not isinstance(value, str) or " or " not in value:
        return value
    some, _or, last = value.rpartition(" or ")
    return _translator().gettext(None, "%(some)s or %(last)s", some=some, last=last)
