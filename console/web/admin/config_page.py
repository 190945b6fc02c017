"""A module's configuration as a form: each key with its value, its source, its default and its fault."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pydantic import BaseModel
from werkzeug.datastructures import MultiDict
from wtforms import Form

from console.domain.config import EffectiveConfig
from console.domain.words import ConfigSource
from console.web.admin import texts
from console.web.babel import gettext as _
from console.web.forms import Input, InputKind, config_form, inputs_of
from console.web.forms.build import text_of
from console.web.forms.read import marker_of

MASK = "••••••••"


@dataclass(frozen=True, slots=True)
class ConfigLine:
    """One key of the form.

    Args:
        attributes: HTML attributes beyond those of the schema: what describes the input, whether it is locked.
        marker: The hidden input that says that a switch was on the page.
    """

    key: str
    name: str
    kind: InputKind
    label: str
    hint: str
    default: str
    source: str
    source_look: str
    locked: bool
    resettable: bool
    error: str
    marker: str
    attributes: Mapping[str, object]
    children: tuple[ConfigLine, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """A key that two people changed."""

    key: str
    theirs: str
    mine: str


@dataclass(frozen=True, slots=True)
class ConfigPage:
    """The form with everything around it."""

    lines: tuple[ConfigLine, ...]
    form: Form
    revision: int
    may_save: bool
    url: str
    note: str
    problems: tuple[tuple[str, str], ...]
    rejected: bool
    conflict: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class Attempt:
    """What somebody posted and why it was not stored.

    Args:
        typed: The form; None when an older revision was to be restored.
        errors: Key → reason of the schema.
        theirs: The values in force when somebody else saved first, else None.
    """

    typed: MultiDict[str, str] | None
    errors: Mapping[str, str]
    theirs: Mapping[str, object] | None = None


NO_ERRORS: Mapping[str, str] = {}


def config_page(
    schema: type[BaseModel],
    effective: EffectiveConfig,
    *,
    revision: int,
    may_save: bool,
    url: str,
    attempt: Attempt | None = None,
) -> ConfigPage:
    """The form of ``effective``, or of an attempt that was not stored."""
    errors = attempt.errors if attempt is not None else NO_ERRORS
    problems = errors if attempt is not None else effective.problems
    return ConfigPage(
        lines=tuple(_lines(inputs_of(schema), effective, errors)),
        form=config_form(schema, effective.values, attempt.typed if attempt is not None else None),
        revision=revision,
        may_save=may_save,
        url=url,
        note=attempt.typed.get("note", "") if attempt is not None and attempt.typed is not None else "",
        problems=tuple(problems.items()),
        rejected=bool(errors),
        conflict=tuple(_differences(schema, effective, attempt)) if attempt is not None else (),
    )


def _lines(inputs: tuple[Input, ...], effective: EffectiveConfig, errors: Mapping[str, str]) -> Iterator[ConfigLine]:
    for each in inputs:
        source = effective.sources.get(each.key, ConfigSource.DEFAULT)
        locked = effective.is_locked(each.key)
        yield _line(
            each,
            errors,
            locked=locked,
            source=texts.config_source(source),
            source_look="locked" if locked else source.value,
            resettable=source is ConfigSource.PLATFORM,
            default=_default(each, effective) if source is not ConfigSource.DEFAULT else "",
            filled=bool(effective.values.get(each.key)),
            children=tuple(_children(each, locked=locked)),
        )


def _children(parent: Input, *, locked: bool) -> Iterator[ConfigLine]:
    """The inputs of a nested model; what is wrong with one of them stands at the whole, naming it."""
    return (_line(each, NO_ERRORS, locked=locked) for each in parent.children)


def _line(
    each: Input,
    errors: Mapping[str, str],
    *,
    locked: bool,
    source: str = "",
    source_look: str = "",
    resettable: bool = False,
    default: str = "",
    filled: bool = False,
    children: tuple[ConfigLine, ...] = (),
) -> ConfigLine:
    error = errors.get(each.key, "")
    hint = _hint(each, filled=filled)
    described = [f"error-{each.name}"] * bool(error) + [f"hint-{each.name}"] * bool(hint or default)
    attributes: dict[str, object] = {"data-testid": f"field-{each.key}", "disabled": locked}
    if error:
        attributes["aria-invalid"] = "true"
    if described:
        attributes["aria-describedby"] = " ".join(described)
    if each.kind is InputKind.SECRET and filled:
        attributes["placeholder"] = MASK
    return ConfigLine(
        key=each.key,
        name=each.name,
        kind=each.kind,
        label=each.label,
        hint=hint,
        default=default,
        source=source,
        source_look=source_look,
        locked=locked,
        resettable=resettable,
        error=error,
        marker=marker_of(each.name),
        attributes=attributes,
        children=children,
    )


def _hint(each: Input, *, filled: bool) -> str:
    extra = ""
    if each.kind is InputKind.SECRET:
        extra = _("Stored encrypted and never shown. Leave empty to keep it.") if filled else _("Stored encrypted.")
    elif each.kind is InputKind.LINES:
        extra = _("One per line.")
    elif each.kind is InputKind.JSON:
        extra = _("As JSON.")
    return " ".join(part for part in (each.hint, extra) if part)


def _default(each: Input, effective: EffectiveConfig) -> str:
    if each.kind in (InputKind.SECRET, InputKind.GROUP):
        return ""
    return shown(each, effective.defaults.get(each.key))


def shown(each: Input, value: object) -> str:
    """A value in words, for hints and comparisons; a secret only says that it is there."""
    if each.kind is InputKind.SECRET:
        return MASK if value else _("empty")
    text = text_of(each, value)
    if isinstance(text, bool):
        return _("on") if text else _("off")
    return str(text) or _("empty")


def _differences(schema: type[BaseModel], effective: EffectiveConfig, attempt: Attempt) -> Iterator[Difference]:
    if attempt.theirs is None or attempt.typed is None:
        return
    form = config_form(schema, effective.values, attempt.typed)
    for each in _leaves(inputs_of(schema)):
        mine, theirs = form[each.name].data, dict(_texts(schema, attempt.theirs))[each.name]
        if each.kind is InputKind.SECRET:
            if mine:
                yield Difference(each.label, MASK, _("a new value"))
        elif str(mine or "").replace("\r\n", "\n") != str(theirs or ""):  # forms are sent with CRLF
            yield Difference(each.label, _words(theirs), _words(mine))


def _leaves(inputs: tuple[Input, ...]) -> Iterator[Input]:
    for each in inputs:
        yield from _leaves(each.children) if each.children else (each,)


def _texts(schema: type[BaseModel], values: Mapping[str, object]) -> Iterator[tuple[str, object]]:
    form = config_form(schema, values)
    return ((name, field.data) for name, field in form._fields.items())


def _words(value: object) -> str:
    if isinstance(value, bool):
        return _("on") if value else _("off")
    return str(value or "") or _("empty")
