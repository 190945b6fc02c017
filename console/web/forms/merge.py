"""What two people changed in one form, value by value, and the form that comes of choosing between them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from pydantic import SecretStr

from console.web.forms.inputs import PREFIX, SET, Input, InputKind
from console.web.forms.read import Posted, clear_name_of
from console.web.forms.shown import (
    Sheet,
    Text,
    fits_on_lines,
    inner_values,
    json_marker_of,
    marker_of,
    normal,
    text_of,
)


class Side(StrEnum):
    """Whose value is taken."""

    BEGAN = "began"
    THEIRS = "theirs"
    YOURS = "yours"
    BOTH = "both"


@dataclass(frozen=True, slots=True)
class Spot:
    """An input with its value on one sheet.

    Args:
        key: The key of the schema that it belongs to.
        labels: Its label, after those of the models around it.
        moot: Whether a model around it is not set, so that the value is only what it would begin with.
    """

    key: str
    labels: tuple[str, ...]
    input: Input
    value: object
    text: Text
    moot: bool = False


@dataclass(frozen=True, slots=True)
class Parting:
    """A value that is not the same on all three sides.

    Args:
        both: For a list that both changed: its lines with what each added and without what each removed.
    """

    began: Spot
    theirs: Spot
    yours: Text
    both: str | None = None

    @property
    def name(self) -> str:
        """The name of the input."""
        return self.theirs.input.name

    @property
    def clashes(self) -> bool:
        """Whether both changed it, each in another way."""
        return not same(self.began.text, self.theirs.text) and not same(self.began.text, self.yours)

    @property
    def natural(self) -> Side | None:
        """The side that alone changed it; None when somebody must choose."""
        if self.clashes:
            return None
        return Side.THEIRS if same(self.began.text, self.yours) else Side.YOURS


def pick_name_of(name: str) -> str:
    """The radio buttons of an input on the page that compares."""
    return "pick_" + name.removeprefix(PREFIX)


def same(one: Text, other: Text) -> bool:
    """Whether two texts are the same but for their kind of newline."""
    return normal(str(one)) == normal(str(other))


def spots_of(sheet: Sheet) -> dict[str, Spot]:
    """Form name → the input with its value, those of nested models included; a secret by what it is sealed as."""
    return dict(_spots(sheet.inputs, sheet, sheet.values, around=None))


def _spots(
    inputs: tuple[Input, ...], sheet: Sheet, values: Mapping[str, object], *, around: Spot | None
) -> list[tuple[str, Spot]]:
    found: list[tuple[str, Spot]] = []
    for each in inputs:
        spot = _spot(each, sheet, values.get(each.key), around)
        if each.kind is InputKind.GROUP:
            inner = inner_values(each, spot.value)
            around_it = replace(spot, moot=spot.moot or not inner.get(SET, True))
            found += _spots(each.children, sheet, inner, around=around_it)
        else:
            found.append((each.name, spot))
    return found


def _spot(each: Input, sheet: Sheet, value: object, around: Spot | None) -> Spot:
    text = value.get_secret_value() if isinstance(value, SecretStr) else text_of(each, value, sheet.zone)
    if around is None:
        return Spot(each.key, (each.label,), each, value, text)
    return Spot(around.key, (*around.labels, each.label), each, value, text, around.moot and each.key != SET)


def partings(began: Sheet, theirs: Sheet, typed: Posted, *, defaults: Sheet) -> tuple[Parting, ...]:
    """Where the three sides differ; what both changed alike is no parting."""
    before, now, plain = spots_of(began), spots_of(theirs), spots_of(defaults)
    found = []
    for name, spot in now.items():
        yours = _yours(before[name], typed, plain[name])
        if not same(yours, spot.text):
            found.append(Parting(before[name], spot, yours, _both(before[name], spot, yours)))
    return tuple(found)


def _yours(began: Spot, typed: Posted, default: Spot) -> Text:
    name, kind = began.input.name, began.input.kind
    if began.key in typed.getlist("unset") or clear_name_of(name) in typed:
        return default.text
    if kind is InputKind.SECRET:
        return typed.get(name) or began.text
    if kind is InputKind.SWITCH and marker_of(name) in typed:
        return name in typed
    return typed.get(name, began.text)


def _both(began: Spot, theirs: Spot, yours: Text) -> str | None:
    on_lines = fits_on_lines(began.value) and fits_on_lines(theirs.value)
    if began.input.kind is not InputKind.LINES or not on_lines or not isinstance(yours, str) or "[" in yours[:1]:
        return None
    old, now, mine = (str(text).splitlines() for text in (began.text, theirs.text, normal(yours)))
    kept = [line for line in now if line in mine or line not in old]
    return "\n".join((*kept, *(line for line in mine if line.strip() and line not in old and line not in kept)))


def settle(parted: tuple[Parting, ...], typed: Posted) -> tuple[Posted, tuple[Parting, ...]]:
    """The form with the chosen values in it, and where nobody has chosen yet."""
    made, open_ones = Posted(typed), []
    for each in parted:
        wish = typed.get(pick_name_of(each.name), "")
        side = Side(wish) if wish in set(Side) else each.natural
        if side is None:
            open_ones.append(each)
        elif side is not Side.YOURS:
            _put(made, each, side)
    return made, tuple(open_ones)


def _put(made: Posted, each: Parting, side: Side) -> None:
    """Another side's value in place of what was typed."""
    spot, name = (each.began if side is Side.BEGAN else each.theirs), each.name
    made.setlist("unset", [key for key in made.getlist("unset") if key != spot.key])
    for gone in (name, clear_name_of(name), json_marker_of(name)):
        made.poplist(gone)
    text = each.both if side is Side.BOTH and each.both is not None else spot.text
    if spot.input.kind is InputKind.SECRET:
        return
    if isinstance(text, bool):
        made[marker_of(name)] = "1"
        if text:
            made[name] = "y"
        return
    made[name] = text
    if spot.input.kind is InputKind.LINES and side is not Side.BOTH and not fits_on_lines(spot.value):
        made[json_marker_of(name)] = "1"
