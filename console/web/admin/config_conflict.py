"""Two people saved the same form: three versions side by side, and the form that comes of choosing."""

from __future__ import annotations

from dataclasses import dataclass

from console.web.admin.config_desk import Desk
from console.web.admin.config_words import Words, words_of
from console.web.babel import gettext as _
from console.web.forms import InputKind, Posted
from console.web.forms.merge import Parting, Side, partings, pick_name_of, settle
from console.web.forms.shown import Text


@dataclass(frozen=True, slots=True)
class Option:
    """One version of a value; without a side it can only be looked at."""

    title: str
    words: Words
    side: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class ConflictLine:
    """A setting whose versions differ.

    Args:
        clashes: Whether both changed it, so that somebody must choose.
        missing: Whether nobody has chosen yet although they were asked.
    """

    id: str
    label: str
    pick: str
    options: tuple[Option, ...]
    clashes: bool
    missing: bool


def parted(desk: Desk, typed: Posted, began: int) -> tuple[Parting, ...]:
    """Where what was typed, what is in force and what was in force at revision ``began`` differ."""
    return partings(desk.began(began), desk.sheet, typed, defaults=desk.defaults)


def is_overtaken(found: tuple[Parting, ...]) -> bool:
    """Whether the person changed anything that is not in force already."""
    return any(each.natural is not Side.THEIRS for each in found)


def settled(found: tuple[Parting, ...], typed: Posted) -> tuple[Posted, bool]:
    """The form with the choices in it, and whether a choice is still missing."""
    made, still_open = settle(found, typed)
    return made, bool(still_open)


def conflict_lines(found: tuple[Parting, ...], typed: Posted, *, asked: bool) -> tuple[ConflictLine, ...]:
    """The lines of the comparing page; those that clash come first.

    Args:
        asked: Whether the person had the chance to choose already.
    """
    lines = [_line(each, typed, asked=asked) for each in found]
    return tuple(sorted(lines, key=lambda line: not line.clashes))


def _line(each: Parting, typed: Posted, *, asked: bool) -> ConflictLine:
    wish = typed.get(pick_name_of(each.name), "")
    chosen = wish or (each.natural.value if each.natural is not None else "")
    secret = each.theirs.input.kind is InputKind.SECRET
    sides: list[tuple[Side, str, Text]] = [
        (Side.BEGAN, _("When you began"), each.began.text),
        (Side.THEIRS, _("Theirs, in force now"), each.theirs.text),
        (Side.YOURS, _("Yours"), each.yours),
    ]
    options = [
        Option(
            title,
            _secret_words(each, side) if secret else words_of(each.theirs.input, text),
            "" if secret and side is Side.BEGAN else side.value,  # a stored secret cannot be typed again
            chosen == side.value,
        )
        for side, title, text in sides
    ]
    if each.both is not None and each.clashes:
        both = words_of(each.theirs.input, each.both)
        options.append(Option(_("Both together"), both, Side.BOTH.value, chosen == Side.BOTH.value))
    return ConflictLine(
        id=pick_name_of(each.name),
        label=" · ".join(each.theirs.labels),
        pick=pick_name_of(each.name),
        options=tuple(options),
        clashes=each.clashes,
        missing=asked and not chosen,
    )


def _secret_words(each: Parting, side: Side) -> Words:
    """Of a secret only whether somebody changed it."""
    began, now = each.began.text, each.theirs.text if side is Side.THEIRS else each.yours
    if side is Side.BEGAN:
        return words_of(each.began.input, began)
    if not now:
        return Words(_("empty"), quiet=True)
    return Words(_("a new value") if now != began else _("unchanged"), quiet=True)
