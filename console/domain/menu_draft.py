"""A menu while it is arranged: groups with their items, changed a step at a time, and the order that comes of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from console.domain.menu_order import CONSOLE, MODULES, NAME_LIMIT, Stand, groups, together

BUILT_IN = (CONSOLE, MODULES)


@dataclass(frozen=True, slots=True)
class Section:
    """A group as it is arranged.

    Args:
        origin: ``CONSOLE`` or ``MODULES`` for the groups of the console's own, empty for one that people made.
        name: What people call it; empty leaves a group of the console's own its usual title.
    """

    origin: str
    name: str = ""
    keys: tuple[str, ...] = ()

    @property
    def group(self) -> str:
        """The group as it is stored; empty when it has no name and is not the console's own."""
        return tidy_name(self.name) or self.origin


@dataclass(frozen=True, slots=True)
class Draft:
    """All groups of one menu, with what is hidden; an empty group is forgotten when the draft is saved."""

    sections: tuple[Section, ...]
    hidden: frozenset[str] = frozenset()


def tidy_name(name: str) -> str:
    """A group's name as it is kept: printable, one line, without the star that marks the console's own."""
    words = "".join(char if char.isprintable() else " " for char in name).split()
    return " ".join(words).lstrip("* ")[:NAME_LIMIT].rstrip()


def draft_of(stands: Sequence[Stand]) -> Draft:
    """The draft that a menu begins with; both groups of the console's own are there, also when they are empty."""
    found = groups(stands)
    sections = [_section(group, tuple(each.key for each in items)) for group, items in found.items()]
    sections += [Section(group) for group in BUILT_IN if group not in found]
    return Draft(tuple(sections), frozenset(each.key for each in stands if each.hidden))


def _section(group: str, keys: tuple[str, ...]) -> Section:
    return Section(group, "", keys) if group in BUILT_IN else Section("", group, keys)


def stands_of(draft: Draft) -> tuple[Stand, ...]:
    """The menu that a draft means; groups of one name become one."""
    return together(Stand(key, each.group, key in draft.hidden) for each in draft.sections for key in each.keys)


def unnamed(draft: Draft) -> tuple[int, ...]:
    """Indexes of the groups that have items and no name."""
    return tuple(index for index, each in enumerate(draft.sections) if each.keys and not each.group)


def completed(draft: Draft, stands: Sequence[Stand]) -> Draft:
    """The draft with exactly the items of ``stands``: what it does not know goes where it stands by itself."""
    known = {each.key: each for each in stands}
    sections = [replace(each, keys=tuple(dict.fromkeys(k for k in each.keys if k in known))) for each in draft.sections]
    taken: set[str] = set()
    for index, each in enumerate(sections):
        sections[index] = replace(each, keys=tuple(key for key in each.keys if key not in taken))
        taken |= set(each.keys)
    for key in (each for each in known if each not in taken):
        at = next((i for i, each in enumerate(sections) if each.group == known[key].group), len(sections))
        if at == len(sections):
            sections.append(_section(known[key].group, ()))
        sections[at] = replace(sections[at], keys=(*sections[at].keys, key))
    return Draft(tuple(sections), draft.hidden & known.keys())


def moved(draft: Draft, key: str, *, by: int) -> Draft:
    """The draft with an item one place up (-1) or down (1); beyond the end of its group it enters the next one."""
    at = next((index for index, each in enumerate(draft.sections) if key in each.keys), None)
    if at is None:
        return draft
    keys = list(draft.sections[at].keys)
    place = keys.index(key)
    if 0 <= place + by < len(keys):
        keys[place], keys[place + by] = keys[place + by], keys[place]
        return _with(draft, {at: tuple(keys)})
    if not 0 <= at + by < len(draft.sections):
        return draft
    keys.remove(key)
    there = draft.sections[at + by].keys
    return _with(draft, {at: tuple(keys), at + by: (*there, key) if by < 0 else (key, *there)})


def _with(draft: Draft, keys: dict[int, tuple[str, ...]]) -> Draft:
    sections = (replace(each, keys=keys.get(index, each.keys)) for index, each in enumerate(draft.sections))
    return replace(draft, sections=tuple(sections))


def moved_section(draft: Draft, index: int, *, by: int) -> Draft:
    """The draft with a group one place up or down; at the end it stays."""
    sections = list(draft.sections)
    if 0 <= index < len(sections) and 0 <= index + by < len(sections):
        sections[index], sections[index + by] = sections[index + by], sections[index]
    return replace(draft, sections=tuple(sections))


def with_section(draft: Draft, name: str) -> Draft:
    """The draft with a new, empty group at its end."""
    return replace(draft, sections=(*draft.sections, Section("", name)))


def turned(draft: Draft, keys: Iterable[str], *, hidden: bool) -> Draft:
    """The draft with those items hidden, or shown."""
    return replace(draft, hidden=draft.hidden | set(keys) if hidden else draft.hidden - set(keys))
