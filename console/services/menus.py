"""Arranging the menus of a platform: the order as it stands, and saving another one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from console.domain.actor import Actor
from console.domain.menu_draft import BUILT_IN, tidy_name
from console.domain.menu_order import Slot, Stand, all_slots, arrange, differences, groups, places_of
from console.domain.words import FrontendType
from console.errors import Conflict, RuleRefused, UsageError
from console.phrases import say
from console.services import audit, menu_store
from console.services.locked import lock
from console.services.operations import must_be_alive
from console.services.runtime import Runtime
from console.storage.uow import UnitOfWork


@dataclass(frozen=True, slots=True)
class MenuChange:
    """A menu as somebody wants it.

    Args:
        pages: Endpoints of the console's own pages, in their own order.
        seen: The menu as it stood when they began.
        stands: The menu as it shall be; an item that is missing in it is not taken away but refused.
    """

    frontend: FrontendType
    pages: tuple[str, ...]
    seen: tuple[Stand, ...]
    stands: tuple[Stand, ...]


def save(uow: UnitOfWork, rt: Runtime, platform_id: int, change: MenuChange, *, actor: Actor, now: datetime) -> bool:
    """Keep the order of a menu; False when it stands like that already, and nothing was written.

    An order that is the modules' own again is not stored but forgotten, so that it follows them from then on.

    Raises:
        Conflict: ``menu_stale``: somebody else saved it since; ``changes`` says what is different now.
        RuleRefused: ``menu_item_mandatory`` names items that cannot be hidden; ``platform_archived``.
        UsageError: The order names items or groups that cannot be.
    """
    held = lock(uow, rt, platform_id, now)
    must_be_alive(held)
    stored = menu_store.load(uow.session, platform_id).get(change.frontend, {})
    slots = all_slots(rt.registry, change.frontend, pages=change.pages, placed=stored)
    current = arrange(slots, stored)
    _check(slots, change.stands)
    _must_be_fresh(change.seen, current)
    if change.stands == current:
        return False
    places = {} if change.stands == arrange(slots, {}) else places_of(change.stands)
    menu_store.replace(uow, platform_id, change.frontend, places)
    held.bump()
    audit.record(
        uow,
        actor,
        action="menu.save" if places else "menu.reset",
        target=change.frontend.value,
        now=now,
        platform_id=platform_id,
        before=_facts(slots, current),
        after=_facts(slots, change.stands),
    )
    return True


def _must_be_fresh(seen: Sequence[Stand], current: Sequence[Stand]) -> None:
    if tuple(seen) != tuple(current):
        raise Conflict(
            say("Somebody else arranged this menu in the meantime."),
            code="menu_stale",
            hint=say("Look at what is different now, and save again."),
            changes=differences(seen, current),
        )


def _check(slots: Sequence[Slot], stands: Sequence[Stand]) -> None:
    keys = [each.key for each in stands]
    if len(set(keys)) != len(keys) or set(keys) != {slot.key for slot in slots}:
        text = say("The order does not name every item of the menu once.")
        raise UsageError(text, hint=say("Load the page again."))
    for group in groups(stands):
        if group not in BUILT_IN and (not group or tidy_name(group) != group):
            text = say("A group cannot be called %(name)s.", name=repr(group))
            raise UsageError(text, hint=say("Write one line of at most 60 characters."))
    mandatory = {slot.key for slot in slots if slot.mandatory}
    refused = [each.key for each in stands if each.hidden and each.key in mandatory]
    if refused:
        raise RuleRefused(
            say("%(items)s cannot be hidden.", items=", ".join(refused)),
            code="menu_item_mandatory",
            hint=say("The console's own pages and the items of core modules always show."),
            items=refused,
        )


def _facts(slots: Sequence[Slot], stands: Sequence[Stand]) -> dict[str, object]:
    """A menu as the audit keeps it."""
    home = {slot.key: slot.home for slot in slots}
    return {
        "order": [each.key for each in stands],
        "groups": {each.key: each.group for each in stands if each.group != home.get(each.key)},
        "hidden": [each.key for each in stands if each.hidden],
    }
