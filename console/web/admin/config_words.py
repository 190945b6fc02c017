"""Values of a configuration in words, and differences between two states of it; no value looks like code of ours."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from pydantic import SecretStr

from console.domain.config import EffectiveConfig
from console.domain.plain import equal, plain
from console.domain.words import ConfigSource
from console.services.configs import Preview
from console.web.admin.config_desk import Desk
from console.web.babel import gettext as _
from console.web.forms import Input, InputKind
from console.web.forms.merge import Spot, spots_of
from console.web.forms.shown import Text, inner_values, text_of, written

MASK = "••••••••"
BLOCK_FROM = 80


@dataclass(frozen=True, slots=True)
class Words:
    """A value as people read it.

    Args:
        items: The entries of a list.
        quiet: Whether the words are ours ("empty", "default") and no value.
        block: Whether the text needs a block of its own.
    """

    text: str
    items: tuple[str, ...] = ()
    quiet: bool = False
    block: bool = False


@dataclass(frozen=True, slots=True)
class Difference:
    """One setting before and after."""

    key: str
    label: str
    before: Words
    after: Words
    note: str = ""


def words_of(each: Input, text: Text) -> Words:
    """What stands in an input, in words."""
    if isinstance(text, bool):
        return Words(_("On") if text else _("Off"))
    if not text:
        return Words(_("empty"), quiet=True)
    if each.kind is InputKind.SECRET:
        return Words(MASK, quiet=True)
    if each.kind is InputKind.CHOICE:
        return Words(next((choice.label or choice.text for choice in each.choices if choice.text == text), text))
    if each.kind is InputKind.LINES and not text.startswith("["):
        return Words("", items=tuple(line for line in text.splitlines() if line))
    if each.kind is InputKind.DATETIME:
        text = text.replace("T", " ")
    unit = f" {each.unit}" if each.unit else ""
    return Words(text + unit, block="\n" in text or len(text) > BLOCK_FROM)


def words_of_spot(spot: Spot) -> Words:
    """The value at a spot, in words."""
    return words_of(spot.input, spot.text)


def differences(desk: Desk, preview: Preview) -> tuple[Difference, ...]:
    """What a change would do, setting by setting."""
    before, after = spots_of(desk.sheet_of(preview.before)), spots_of(desk.sheet_of(preview.after))
    found = []
    for key in (each.key for each in desk.inputs if each.key in preview.keys):
        names = [name for name, spot in after.items() if spot.key == key]
        changed = [name for name in names if _differs(before[name], after[name])]
        for name in changed or names:
            found.append(_difference(before[name], after[name], _note(preview.after, key)))
    return tuple(found)


def _differs(before: Spot, after: Spot) -> bool:
    """Whether a review shows a spot: what a model that goes away holds is not worth a line, all of a new one is."""
    return not after.moot and (before.moot or not same_value(before, after))


def same_value(one: Spot, other: Spot) -> bool:
    """Whether two spots hold the same; secrets by what they are sealed as."""
    return one.text == other.text if _is_secret(one, other) else equal(one.value, other.value)


def _is_secret(*spots: Spot) -> bool:
    return any(isinstance(each.value, SecretStr) for each in spots)


def _difference(before: Spot, after: Spot, note: str) -> Difference:
    new = words_of_spot(after)
    if _is_secret(after) and after.text and before.text != after.text:
        new = Words(_("a new value"), quiet=True)
    old = Words(_("not set"), quiet=True) if before.moot else words_of_spot(before)
    return Difference(after.key, " · ".join(after.labels), old, new, note)


def _note(config: EffectiveConfig, key: str) -> str:
    return _("the default") if config.sources.get(key) is ConfigSource.DEFAULT else ""


def recorded(desk: Desk, diff: Mapping[str, object]) -> tuple[Difference, ...]:
    """A difference as it was recorded: what was not set then had the default."""
    known = {each.key: each for each in desk.inputs}
    found: list[Difference] = []
    for key in sorted(diff, key=lambda key: list(known).index(key) if key in known else len(known)):
        pair = diff[key]
        sides = pair if isinstance(pair, Mapping) else {}
        found += _recorded(desk, known.get(key), key, sides.get("before"), sides.get("after"))
    return tuple(found)


def _recorded(desk: Desk, each: Input | None, key: str, before: object, after: object) -> Iterable[Difference]:
    if each is None:
        yield Difference(key, key, _foreign(before), _foreign(after))
    elif each.kind is InputKind.GROUP:
        default = plain(desk.effective.defaults.get(key))
        sides = [default if side is None else side for side in (before, after)]
        old, new = (_leaves_of(each, side) for side in sides)
        absent = [Words(_("not set"), quiet=True) if _is_gone(each, side) else _default() for side in sides]
        for labels in dict.fromkeys(new if _is_gone(each, sides[1]) else (*old, *new)):
            one, other = old.get(labels, absent[0]), new.get(labels, absent[1])
            if one != other:
                yield Difference(key, " · ".join(labels), one, other)
    else:
        yield Difference(key, each.label, _past(each, before), _past(each, after))


def _is_gone(group: Input, value: object) -> bool:
    return group.optional and value is None


def _leaves_of(group: Input, value: object) -> dict[tuple[str, ...], Words]:
    if _is_gone(group, value):
        return {(group.label, group.children[0].label): words_of(group.children[0], False)}
    return dict(_inner(group, value, (group.label,))) if isinstance(value, Mapping) else {}


def _inner(
    group: Input, value: Mapping[str, object], labels: tuple[str, ...]
) -> Iterator[tuple[tuple[str, ...], Words]]:
    values = inner_values(group, value)
    for each in group.children:
        inner = values.get(each.key)
        if each.kind is InputKind.GROUP and isinstance(inner, Mapping):
            yield from _inner(each, inner, (*labels, each.label))
        elif each.kind is not InputKind.GROUP:
            yield (*labels, each.label), _past(each, inner)


def _past(each: Input, value: object) -> Words:
    if value is None:
        return _default()
    return Words(MASK, quiet=True) if each.kind is InputKind.SECRET else words_of(each, text_of(each, value))


def _default() -> Words:
    return Words(_("the default"), quiet=True)


def _foreign(value: object) -> Words:
    """A value of a key that today's schema lacks."""
    if value is None:
        return _default()
    if isinstance(value, bool):
        return Words(_("On") if value else _("Off"))
    if isinstance(value, list) and not any(isinstance(each, list | dict) for each in value):
        return Words("", items=tuple(map(written, value)))
    text = written(plain(value))
    return Words(text, block=len(text) > BLOCK_FROM)
