"""What a plan was asked for: the words and addresses of its page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from flask import url_for

from console.domain.plan_types import ChangeRequest
from console.domain.registry import Registry
from console.web.admin import texts
from console.web.babel import gettext as _
from console.web.babel import ngettext

NAMED = 3


@dataclass(frozen=True, slots=True)
class About:
    """What was asked for.

    Args:
        icon: Of the module, or of what is done.
        enabling: Whether nothing goes off by what was asked.
        want: ``on`` or ``off``; empty when it is not about one module.
        url: Where the plan is shown and accepted.
        back_url: Where *Cancel* leads.
        above_url: What the page stands under.
        prune_url: Where the same is planned without what nothing needs any more; None when that is not offered.
    """

    name: str
    icon: str
    enabling: bool
    want: Literal["on", "off", ""]
    title: str
    url: str
    back_url: str
    above_url: str
    prune_url: str | None = None


def request_of(code: str, *, turn_on: bool, prune: bool = False) -> ChangeRequest:
    """The request that a page makes: people were shown everything, so cascades are allowed."""
    return ChangeRequest({code: turn_on}, prune=prune)


def about_module(registry: Registry, code: str, *, enabling: bool) -> About:
    """What the page of switching ``code`` is called and where it leads."""
    name = texts.module_name(registry, code)
    endpoint = "pages.module_enable" if enabling else "pages.module_disable"
    return About(
        name=name,
        icon=texts.module_icon(registry, code),
        enabling=enabling,
        want="on" if enabling else "off",
        title=_("Enable %(module)s", module=name) if enabling else _("Disable %(module)s", module=name),
        url=url_for(endpoint, code=code),
        back_url=url_for("pages.modules"),
        above_url=url_for("pages.module", code=code),
        prune_url=url_for(endpoint, code=code, prune="1"),
    )


def about_many(registry: Registry, want: Mapping[str, bool]) -> About:
    """What the page of switching several modules by one plan is called and where it leads."""
    on = [code for code, turn_on in want.items() if turn_on]
    off = [code for code, turn_on in want.items() if not turn_on]
    back = url_for("pages.modules")
    return About(
        name=_("Modules"),
        icon="list-checks",
        enabling=not off,
        want="",
        title=_title_of_many(registry, on, off),
        url=url_for("pages.operations_plan", on=on, off=off),
        back_url=back,
        above_url=back,
        prune_url=url_for("pages.operations_plan", on=on, off=off, prune="1"),
    )


def _title_of_many(registry: Registry, on: list[str], off: list[str]) -> str:
    if on and off:
        return ngettext("Change %(num)s module", "Change %(num)s modules", len(on) + len(off))
    codes = on or off
    if len(codes) > NAMED:
        if on:
            return ngettext("Enable %(num)s module", "Enable %(num)s modules", len(codes))
        return ngettext("Disable %(num)s module", "Disable %(num)s modules", len(codes))
    names = ", ".join(texts.module_name(registry, code) for code in codes)
    return _("Enable %(module)s", module=names) if on else _("Disable %(module)s", module=names)


def about_undo(operation_id: int, title: str) -> About:
    """What the page of undoing an operation is called and where it leads."""
    above = url_for("pages.operation", operation_id=operation_id)
    return About(
        name=title,
        icon="undo-2",
        enabling=True,
        want="",
        title=_("Undo “%(operation)s”", operation=title),
        url=url_for("pages.operation_undo", operation_id=operation_id),
        back_url=above,
        above_url=above,
    )
