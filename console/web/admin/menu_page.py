"""What the page of a menu shows: groups with their items, why one does not show now, and the menu as people see it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from console.domain.menu import MenuEntry
from console.domain.menu_draft import Draft, Section, stands_of, unnamed
from console.domain.menu_order import Differences, Slot, Stand
from console.domain.registry import Registry
from console.domain.snapshot import Snapshot
from console.domain.words import FrontendType
from console.web.admin import texts
from console.web.admin.menu_form import seen_text
from console.web.babel import gettext as _
from console.web.babel import ngettext
from console.web.nav import PAGES, title_of


@dataclass(frozen=True, slots=True)
class Item:
    """An item as it is arranged.

    Args:
        module: The name of the module whose item it is; empty for a page of the console.
        away: Why it does not show at the moment, whatever its place; empty when it does.
    """

    key: str
    id: str
    label: str
    icon: str
    module: str = ""
    away: str = ""
    hidden: bool = False
    mandatory: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """A group as it is arranged."""

    index: int
    origin: str
    name: str
    title: str
    items: tuple[Item, ...]
    nameless: bool = False

    @property
    def shown(self) -> tuple[Item, ...]:
        """What people see of it."""
        return tuple(each for each in self.items if not each.hidden and not each.away)


@dataclass(frozen=True, slots=True)
class MenuPage:
    """One menu of a platform while it is arranged."""

    frontend: FrontendType
    groups: tuple[Group, ...]
    seen: str
    unsaved: bool
    changes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Menu:
    """A menu of one platform: what can stand in it, and how it is stored."""

    registry: Registry
    snapshot: Snapshot
    frontend: FrontendType
    slots: tuple[Slot, ...]
    stands: tuple[Stand, ...]


def menu_page(menu: Menu, draft: Draft, *, seen: Sequence[Stand], since: Differences | None = None) -> MenuPage:
    """The page of ``draft``.

    Args:
        seen: The stored menu that a later save begins with.
        since: What somebody else changed meanwhile, to be told.
    """
    items = {each.key: each for each in _items(menu)}
    nameless = unnamed(draft)
    groups = (
        _group(menu, index, section, draft, items=items, nameless=index in nameless)
        for index, section in enumerate(draft.sections)
    )
    return MenuPage(
        frontend=menu.frontend,
        groups=tuple(groups),
        seen=seen_text(seen),
        unsaved=stands_of(draft) != menu.stands,
        changes=() if since is None else tuple(_told(items, since)),
    )


def _group(menu: Menu, index: int, section: Section, draft: Draft, *, items: dict[str, Item], nameless: bool) -> Group:
    mandatory = {slot.key for slot in menu.slots if slot.mandatory}
    found = (
        _with(items[key], hidden=key in draft.hidden and key not in mandatory, mandatory=key in mandatory)
        for key in section.keys
        if key in items
    )
    usual = title_of(section.origin, menu.frontend) if section.origin else ""
    return Group(index, section.origin, section.name, section.name or usual, tuple(found), nameless)


def _with(item: Item, *, hidden: bool, mandatory: bool) -> Item:
    return Item(item.key, item.id, item.label, item.icon, item.module, item.away, hidden, mandatory)


def _items(menu: Menu) -> Iterator[Item]:
    pages = {page.endpoint: page for page in PAGES[menu.frontend]}
    entries = {
        entry.id: (module.name, entry)
        for module in menu.registry.modules()
        for entry in module.entries
        if entry.frontend is menu.frontend
    }
    for slot in menu.slots:
        if slot.key in pages:
            page = pages[slot.key]
            yield Item(slot.key, slot.key.replace(".", "-"), str(page.label), page.icon)
        elif slot.key in entries:
            name, entry = entries[slot.key]
            away = _away(menu.snapshot, entry)
            yield Item(slot.key, slot.key, texts.entry_label(entry), entry.icon, name, away)
        else:
            yield Item(slot.key, slot.key.replace(".", "-"), slot.key, "package", away=_("not installed"))


def _away(snapshot: Snapshot, entry: MenuEntry) -> str:
    if not snapshot.is_open(entry.module):
        return _("off")
    if entry.feature is not None and entry.feature not in snapshot.features:
        return _("feature off")
    return ""


def _told(items: dict[str, Item], since: Differences) -> Iterator[str]:
    """What somebody else did, a sentence each."""

    def names(keys: Sequence[str]) -> str:
        return ", ".join(items[key].label if key in items else key for key in keys)

    if since.hidden:
        yield ngettext("%(names)s is hidden", "%(names)s are hidden", len(since.hidden), names=names(since.hidden))
    if since.shown:
        yield ngettext("%(names)s shows again", "%(names)s show again", len(since.shown), names=names(since.shown))
    if since.regrouped:
        count = len(since.regrouped)
        yield ngettext(
            "%(names)s is in another group", "%(names)s are in other groups", count, names=names(since.regrouped)
        )
    if since.moved:
        count = len(since.moved)
        yield ngettext(
            "%(names)s is in another place", "%(names)s are in other places", count, names=names(since.moved)
        )
