"""The order of a menu: where a platform's admins put each item, and where one stands that nobody has placed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from console.domain.registry import Registry
from console.domain.words import FrontendType

CONSOLE = "*console"
"""The group of the console's own pages; no name that people give begins with a star."""
MODULES = "*modules"
"""The group of the modules' items."""
NAME_LIMIT = 60


@dataclass(frozen=True, slots=True)
class Place:
    """Where an item was put.

    Args:
        group: A name, or one of the two groups of the console's own; empty means the item's own.
    """

    position: int
    hidden: bool = False
    group: str = ""


@dataclass(frozen=True, slots=True)
class Slot:
    """An item that can be placed.

    Args:
        key: The id of a module's item, the endpoint of a page of the console.
        home: The group in which it stands until somebody places it.
        mandatory: Whether it can never be hidden.
    """

    key: str
    home: str = MODULES
    mandatory: bool = False


@dataclass(frozen=True, slots=True)
class Stand:
    """An item where it stands; a whole menu is a sequence of them."""

    key: str
    group: str
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Differences:
    """Keys of what differs between two orders of one menu, each in one list only."""

    hidden: tuple[str, ...] = ()
    shown: tuple[str, ...] = ()
    regrouped: tuple[str, ...] = ()
    moved: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return any((self.hidden, self.shown, self.regrouped, self.moved))


@lru_cache(maxsize=64)
def module_slots(registry: Registry, frontend: FrontendType) -> tuple[Slot, ...]:
    """The items of all installed modules, in the modules' own order; those of core modules are mandatory."""
    found = [
        (entry.order, Slot(entry.id, mandatory=module.is_core))
        for module in registry.modules()
        for entry in module.entries
        if entry.frontend is frontend
    ]
    return tuple(slot for _order, slot in sorted(found, key=lambda pair: pair[0]))


def arrange(slots: Sequence[Slot], places: Mapping[str, Place]) -> tuple[Stand, ...]:
    """The menu, group by group: placed items by position, each other one behind the item of its home before it.

    What is mandatory shows whatever its place says: a module may have become core since.
    """
    if not places:
        return together(Stand(slot.key, slot.home) for slot in slots)
    known = {slot.key: slot for slot in slots}
    order = sorted((key for key in known if key in places), key=lambda key: places[key].position)
    before: dict[str, str] = {}
    for slot in slots:
        if slot.key not in places:
            order.insert(_index(order, known, slot, before.get(slot.home)), slot.key)
        before[slot.home] = slot.key
    return together(_stand(known[key], places.get(key)) for key in order)


def _index(order: Sequence[str], known: Mapping[str, Slot], slot: Slot, before: str | None) -> int:
    """Where an item without a place goes; the first of its home before the others of it."""
    if before is not None:
        return order.index(before) + 1
    alike = (index for index, key in enumerate(order) if known[key].home == slot.home)
    return next(alike, len(order))


def _stand(slot: Slot, place: Place | None) -> Stand:
    if place is None:
        return Stand(slot.key, slot.home)
    return Stand(slot.key, place.group or slot.home, place.hidden and not slot.mandatory)


def places_of(stands: Iterable[Stand]) -> dict[str, Place]:
    """The places that make ``arrange`` give exactly ``stands``, when all items are among them."""
    return {each.key: Place(index, each.hidden, each.group) for index, each in enumerate(stands)}


def groups(stands: Iterable[Stand]) -> dict[str, tuple[Stand, ...]]:
    """The items by group; groups in the order of their first items."""
    found: dict[str, list[Stand]] = {}
    for each in stands:
        found.setdefault(each.group, []).append(each)
    return {group: tuple(items) for group, items in found.items()}


def hidden_keys(slots: Iterable[Slot], places: Mapping[str, Place]) -> frozenset[str]:
    """The items that do not show."""
    return frozenset(
        each.key for each in slots if each.key in places and places[each.key].hidden and not each.mandatory
    )


def differences(before: Sequence[Stand], after: Sequence[Stand]) -> Differences:
    """What is different for the items that both have: hidden or shown first, then the group, then the order."""
    old, new = {each.key: each for each in before}, {each.key: each for each in after}
    both = [key for key in new if key in old]
    turned = [key for key in both if old[key].hidden is not new[key].hidden]
    regrouped = [key for key in both if old[key].group != new[key].group and key not in turned]
    moved = [key for key in _moved(old, new) if key not in turned and key not in regrouped]
    return Differences(
        hidden=tuple(key for key in turned if new[key].hidden),
        shown=tuple(key for key in turned if not new[key].hidden),
        regrouped=tuple(regrouped),
        moved=tuple(moved),
    )


def together(stands: Iterable[Stand]) -> tuple[Stand, ...]:
    """The items with those of one group side by side, as people read a menu."""
    return tuple(each for items in groups(stands).values() for each in items)


def _moved(old: Mapping[str, Stand], new: Mapping[str, Stand]) -> list[str]:
    """The fewest items that have to be taken out for the rest to stand in its former order."""
    rank = {key: index for index, key in enumerate(old)}
    order = [key for key in new if key in rank]
    stays = _longest_rising([rank[key] for key in order])
    return [key for key in order if rank[key] not in stays]


def _longest_rising(numbers: Sequence[int]) -> frozenset[int]:
    """The longest rising subsequence of different numbers."""
    best: list[tuple[int, ...]] = []
    for index, number in enumerate(numbers):
        behind = [best[each] for each in range(index) if numbers[each] < number]
        best.append((*_longest(behind), number))
    return frozenset(_longest(best))


def _longest(found: Sequence[tuple[int, ...]]) -> tuple[int, ...]:
    return max(found, key=len) if found else ()


def all_slots(
    registry: Registry, frontend: FrontendType, *, pages: Iterable[str], placed: Iterable[str]
) -> tuple[Slot, ...]:
    """Everything that a menu arranges: the console's pages, the modules' items, and what was placed and is gone."""
    own = [*(Slot(page, CONSOLE, mandatory=True) for page in pages), *module_slots(registry, frontend)]
    known = {slot.key for slot in own}
    return (*own, *(Slot(key) for key in placed if key not in known))


def standing(
    registry: Registry, frontend: FrontendType, places: Mapping[str, Place], *, pages: Iterable[str]
) -> tuple[tuple[Slot, ...], tuple[Stand, ...]]:
    """Everything that the menu arranges, and where it stands."""
    slots = all_slots(registry, frontend, pages=pages, placed=places)
    return slots, arrange(slots, places)
