"""The help that stands below the inputs of a configuration form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from console.domain.words import ConfigSource
from console.web.admin.config_desk import Desk
from console.web.babel import gettext as _
from console.web.forms import Input, InputKind, Posted
from console.web.forms.inputs import PREFIX


@dataclass(frozen=True, slots=True)
class View:
    """What the lines are made from.

    Args:
        errors: Key → what is wrong.
        typed: What somebody posted, None for the form as it begins.
        may_save: Whether the person may change anything.
        focus: Name of the input that gets the focus, "" for none.
    """

    desk: Desk
    errors: Mapping[str, str]
    typed: Posted | None
    may_save: bool
    focus: str = ""


def id_of(each: Input) -> str:
    """The end of the ids of an input: the key, after those of the models around it."""
    return each.name.removeprefix(PREFIX)


def hint_of(view: View, each: Input, value: object, *, locked: bool, as_json: bool) -> str:
    """The help below an input: the author's, its bounds, how to write it, and where it is locked."""
    manner = _manner(view, each, value, as_json=as_json)
    parts = (each.hint, _bounds(each), manner, _lock(view, each) if locked else "")
    return " ".join(part for part in parts if part)


def _bounds(each: Input) -> str:
    low, high = map(_without_point, each.bounds)
    if each.kind not in (InputKind.INTEGER, InputKind.NUMBER):
        return ""
    if low is not None and high is not None:
        return _("From %(low)s to %(high)s.", low=low, high=high)
    if low is not None:
        return _("%(low)s or more.", low=low)
    return "" if high is None else _("%(high)s or less.", high=high)


def _without_point(bound: object) -> object:
    return int(bound) if isinstance(bound, float) and bound.is_integer() else bound


def _manner(view: View, each: Input, value: object, *, as_json: bool) -> str:
    """How to write a value of this kind."""
    if each.kind is InputKind.SECRET:
        if view.typed is not None and view.typed.get(each.name):
            return _("A new value was typed. It is kept sealed until you save.")
        return _("Stored encrypted and never shown. Leave empty to keep it.") if value else _("Stored encrypted.")
    if each.kind is InputKind.DATETIME and each.zone != "naive":
        return _("Time in %(zone)s.", zone=str(view.desk.sheet.zone))
    if each.kind is InputKind.LINES and not as_json:
        return _("One per line.")
    if each.kind is InputKind.DURATION:
        return _("A duration, such as PT30M or P1D.")
    return _("As JSON.") if each.kind in (InputKind.JSON, InputKind.LINES) else ""


def _lock(view: View, each: Input) -> str:
    top = id_of(each).partition("-")[0]
    if view.desk.effective.sources.get(top) is ConfigSource.ENV:
        code = view.desk.definition.label.upper()
        return _("Set as %(name)s; change it there.", name=f"CONSOLE_MODULE__{code}__{top.upper()}")
    return _("Set in console.toml; change it there.")
