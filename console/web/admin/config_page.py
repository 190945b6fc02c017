"""A module's configuration as a form: what is in force, or what somebody posted and must correct."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from wtforms.form import BaseForm

from console.domain.reasons import WHOLE
from console.texts import reason_words
from console.web.admin.config_desk import Desk, sealed_secrets
from console.web.admin.config_hints import View, id_of
from console.web.admin.config_lines import Section, is_set_here, sections
from console.web.forms import Posted, config_form, leaves


@dataclass(frozen=True, slots=True)
class Attempt:
    """What somebody posted, and why it was not stored; without errors they only went back to the form."""

    typed: Posted
    errors: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something that is wrong: where the page has it ("" for nowhere), which setting, and why."""

    id: str
    label: str
    why: str


@dataclass(frozen=True, slots=True)
class ConfigPage:
    """The form with everything around it.

    Args:
        troubles: What is wrong, in the order of the form.
        rejected: Whether somebody's edits were refused; else the troubles are those of stored values.
        overridden: Whether the platform has values of its own.
        hidden: Name and value of hidden inputs: secrets that were typed before.
    """

    code: str
    name: str
    sections: tuple[Section, ...]
    form: BaseForm
    revision: int
    may_save: bool
    url: str
    note: str
    troubles: tuple[Trouble, ...]
    rejected: bool
    overridden: bool
    hidden: tuple[tuple[str, str], ...]


def config_page(desk: Desk, *, may_save: bool, attempt: Attempt | None = None) -> ConfigPage:
    """The form of what is in force, or of an attempt that was not stored."""
    errors = desk.effective.problems if attempt is None else attempt.errors
    typed = None if attempt is None else attempt.typed
    return ConfigPage(
        code=desk.code,
        name=desk.name,
        sections=sections(View(desk, errors, typed, may_save, focus=_first(desk, errors) if typed is not None else "")),
        form=config_form(desk.sheet, typed),
        revision=desk.revision,
        may_save=may_save,
        url=desk.url,
        note=typed.get("note", "") if typed is not None else "",
        troubles=tuple(troubles(desk, errors)),
        rejected=bool(errors) and attempt is not None,
        overridden=any(is_set_here(desk, each.key) for each in desk.inputs),
        hidden=tuple(sealed_secrets(desk, typed)) if typed is not None else (),
    )


def _first(desk: Desk, errors: Mapping[str, str]) -> str:
    """The input where somebody goes on: the first that is wrong, else the first that can be edited."""
    free = [each for each in desk.inputs if not desk.effective.is_locked(each.key)]
    wrong = [each for each in free if each.key in errors]
    return next((each.name for each in leaves(tuple(wrong or free))), "")


def troubles(desk: Desk, errors: Mapping[str, str]) -> Iterator[Trouble]:
    """What is wrong in words: first by the order of the form, then what is about no key of it."""
    for each in desk.inputs:
        if each.key in errors:
            yield Trouble(id_of(each), each.label, reason_words(errors[each.key], desk.code))
    known = {each.key for each in desk.inputs}
    for key, why in errors.items():
        if key not in known:
            yield Trouble("", "" if key in ("", WHOLE) else key, reason_words(why, desk.code))
