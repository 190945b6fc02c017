"""The lines of a configuration form: each key with its value's source, its default, its help and its fault."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import groupby

from console.domain.plain import equal
from console.domain.reasons import Reason
from console.domain.words import ConfigSource
from console.texts import reason_words
from console.web.admin import texts
from console.web.admin.config_desk import Desk
from console.web.admin.config_hints import View, hint_of, id_of
from console.web.admin.config_words import MASK, Words, words_of
from console.web.babel import gettext as _
from console.web.forms import Input, InputKind, Posted, text_of
from console.web.forms.inputs import SEPARATOR
from console.web.forms.read import clear_name_of
from console.web.forms.shown import fits_on_lines, inner_values, json_marker_of, marker_of


@dataclass(frozen=True, slots=True)
class Origin:
    """Where the value of a key comes from, in words and as a look."""

    text: str
    look: str
    resettable: bool = False


@dataclass(frozen=True, slots=True)
class ConfigLine:
    """One key of the form.

    Args:
        id: The end of the ids that belong to it.
        error: What is wrong with it, in the reader's language.
        default: What would be in force without a setting here, when that is something else.
        instead: What is in force instead of a stored value that is refused today.
        attributes: HTML attributes beyond those of the schema: what describes the input, whether it is locked.
        markers: Hidden inputs that say how the input stood on the page.
        clear: Name of the checkbox that removes a stored secret, "" for none.
    """

    key: str
    id: str
    name: str
    kind: InputKind
    label: str
    hint: str
    unit: str
    error: str
    locked: bool
    origin: Origin | None = None
    default: Words | None = None
    instead: Words | None = None
    clear: str = ""
    markers: tuple[str, ...] = ()
    attributes: Mapping[str, object] = field(default_factory=dict)
    children: tuple[ConfigLine, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """The keys of one group; those without one come first, under no title."""

    title: str
    lines: tuple[ConfigLine, ...]


def sections(view: View) -> tuple[Section, ...]:
    """The lines by group, groups in the order of their first key."""
    places = {title: place for place, title in enumerate({"": 0} | {each.group: 0 for each in view.desk.inputs})}
    inputs = sorted(view.desk.inputs, key=lambda each: places[each.group])
    return tuple(
        Section(title, tuple(line_of(view, each) for each in group))
        for title, group in groupby(inputs, lambda each: each.group)
    )


def line_named(view: View, name: str) -> ConfigLine | None:
    """The line of the input with that name in the form, None when there is none."""
    for each in view.desk.inputs:
        if name == each.name or name.startswith(each.name + SEPARATOR):
            return next((line for line in _walk(line_of(view, each)) if line.name == name), None)
    return None


def _walk(line: ConfigLine) -> Iterator[ConfigLine]:
    yield line
    for child in line.children:
        yield from _walk(child)


def is_set_here(desk: Desk, key: str) -> bool:
    """Whether the platform has its own value for the key, be it refused today."""
    return desk.effective.sources.get(key) is ConfigSource.PLATFORM or key in desk.effective.rejected


def line_of(view: View, each: Input) -> ConfigLine:
    """The line of a key."""
    desk, config = view.desk, view.desk.effective
    refused = each.key in config.rejected
    made = _line(
        view,
        each,
        desk.sheet.values.get(each.key),
        default=config.defaults.get(each.key) if config.sources.get(each.key) is not ConfigSource.DEFAULT else None,
        reason=view.errors.get(each.key, ""),
        locked=config.is_locked(each.key),
    )
    tellable = refused and each.kind not in (InputKind.SECRET, InputKind.GROUP)
    instead = words_of(each, text_of(each, config.values.get(each.key), desk.sheet.zone)) if tellable else None
    return replace(made, origin=_origin(view, each), instead=instead)


def _origin(view: View, each: Input) -> Origin:
    config = view.desk.effective
    source = config.sources.get(each.key, ConfigSource.DEFAULT)
    if config.is_locked(each.key):
        return Origin(texts.config_source(source), "locked")
    if is_set_here(view.desk, each.key):
        return Origin(texts.config_source(ConfigSource.PLATFORM), "platform", view.may_save)
    if config.values.get(each.key) is None and each.key in config.problems:
        return Origin(_("Not set"), "locked")
    return Origin(texts.config_source(source), source.value)


def _line(view: View, each: Input, value: object, *, default: object, reason: str, locked: bool) -> ConfigLine:
    own, inner = _split(each, reason)
    error = reason_words(own, view.desk.code)
    markers = () if locked else tuple(_markers(each, value, view.typed))
    line = ConfigLine(
        key=each.key,
        id=id_of(each),
        name=each.name,
        kind=each.kind,
        label=each.label,
        hint=hint_of(view, each, value, locked=locked, as_json=json_marker_of(each.name) in markers),
        unit=each.unit,
        error=error,
        locked=locked,
        default=_default(view, each, value, default),
        clear=_clear(view, each),
        markers=markers,
        children=tuple(_children(view, each, value, default=default, inner=inner, locked=locked)),
    )
    return replace(line, attributes=_attributes(view, each, line, value))


def _split(each: Input, reason: str) -> tuple[str, dict[str, Reason]]:
    """What is wrong with the whole, and what is wrong with which input of a nested model."""
    if each.kind is not InputKind.GROUP or not isinstance(reason, Reason):
        return reason, {}
    inner: dict[str, Reason] = {}
    keys = {child.key for child in each.children}
    whole = [fault for fault in reason.faults if not fault.path or fault.path[0] not in keys]
    for key in keys:
        faults = [replace(fault, path=fault.path[1:]) for fault in reason.faults if fault.path[:1] == (key,)]
        if faults:
            inner[key] = Reason(*faults)
    return Reason(*whole) if whole else "", inner


def _children(
    view: View, each: Input, value: object, *, default: object, inner: Mapping[str, str], locked: bool
) -> Iterator[ConfigLine]:
    values = inner_values(each, value)
    defaults = {} if default is None else inner_values(each, default)
    for child in each.children:
        found, usual = values.get(child.key), defaults.get(child.key)
        reason = inner.get(child.key, "")
        yield _line(view, child, found, default=usual, reason=reason, locked=locked)


def _default(view: View, each: Input, value: object, default: object) -> Words | None:
    if each.kind in (InputKind.SECRET, InputKind.GROUP) or default is None or equal(value, default):
        return None
    return words_of(each, text_of(each, default, view.desk.sheet.zone))


def _clear(view: View, each: Input) -> str:
    """A secret that is stored here can be removed; an empty input keeps it."""
    removable = each.kind is InputKind.SECRET and is_set_here(view.desk, each.key) and view.may_save
    return clear_name_of(each.name) if removable and not view.desk.effective.is_locked(each.key) else ""


def _markers(each: Input, value: object, typed: Posted | None) -> Iterator[str]:
    if each.kind is InputKind.SWITCH and isinstance(value, bool | None):
        yield marker_of(each.name)
    if each.kind is InputKind.LINES:
        marker = json_marker_of(each.name)
        if (marker in typed) if typed is not None and each.name in typed else not fits_on_lines(value):
            yield marker


def _attributes(view: View, each: Input, line: ConfigLine, value: object) -> dict[str, object]:
    found: dict[str, object] = {"data-testid": f"field-{line.id}", "disabled": line.locked}
    described = [f"error-{line.id}"] * bool(line.error) + [f"hint-{line.id}"] * bool(line.hint)
    if line.error:
        found["aria-invalid"] = "true"
    if view.focus == each.name:
        found["autofocus"] = True
    if described:
        found["aria-describedby"] = " ".join(described)
    if each.kind is InputKind.SECRET:
        if value or (view.typed is not None and view.typed.get(each.name)):
            found["placeholder"] = MASK
    elif each.kind is not InputKind.SWITCH and view.may_save and not line.locked:
        found |= _check(view.desk.url, line)
    return found


def _check(url: str, line: ConfigLine) -> dict[str, object]:
    """While somebody writes, the server says what it thinks of this one value."""
    return {
        "hx-post": url,
        "hx-trigger": "input changed delay:500ms",
        "hx-target": f"#field-{line.id}",
        "hx-swap": "outerMorph",
        "hx-sync": "this:replace",
        "hx-vals": f'{{"check": "{line.name}"}}',
    }
