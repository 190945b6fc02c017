"""The menus of a platform: how one stands, and another order."""

from __future__ import annotations

from typing import Literal

from flask import Response, request
from pydantic import BaseModel, ConfigDict, Field

from console.blueprint import requires_permission
from console.context import current, current_platform, runtime
from console.described import described
from console.domain import menu_order
from console.domain.menu_order import Slot, Stand, together
from console.domain.words import FrontendType
from console.inputs import read_json
from console.services import menus, snapshots
from console.services.menus import MenuChange
from console.storage.uow import current_uow, read_session
from console.web.api import people_shapes as shapes
from console.web.api._blueprint import answer, blueprint, must_match
from console.web.api.queries import FrontendQuery
from console.web.nav import page_keys


class MenuItemIn(BaseModel):
    """An item where it shall stand.

    Attributes:
        group: What people call its group; ``*console`` and ``*modules`` are the console's own.
    """

    model_config = ConfigDict(extra="forbid")

    key: str = Field(max_length=200)
    group: str = Field(max_length=60)
    hidden: bool = False


class MenuOrder(BaseModel):
    """The whole menu of one frontend, every item once, in its order.

    Attributes:
        items: Null: the modules' own order.
    """

    model_config = ConfigDict(extra="forbid")

    frontend: Literal["admin", "vendor"]
    items: list[MenuItemIn] | None


@blueprint.get("/admin/menu")
@requires_permission("menu.view")
@described(shapes.MenuDocument, query=FrontendQuery)
def menu() -> Response:
    """The menu of admins, or with ``?frontend=vendor`` of vendors, as it stands."""
    return _shown(FrontendType.VENDOR if request.args.get("frontend") == "vendor" else FrontendType.ADMIN)


@blueprint.put("/admin/menu")
@requires_permission("menu.manage")
@described(shapes.MenuDocument, takes=MenuOrder, matches=True)
def menu_save() -> Response:
    """Arrange a menu; without ``If-Match`` the last writer wins."""
    wish, rt, uow = read_json(MenuOrder), runtime(), current_uow()
    must_match(uow.lock_platform(current_platform.id).revision)
    frontend = FrontendType(wish.frontend)
    slots, stands = _standing(frontend)
    if wish.items is None:
        wanted = menu_order.arrange(slots, {})
    else:
        wanted = together(Stand(each.key, each.group, each.hidden) for each in wish.items)
    change = MenuChange(frontend, page_keys(frontend), stands, wanted)
    menus.save(uow, rt, current_platform.id, change, actor=current().actor, now=rt.clock())
    return _shown(frontend)


def _standing(frontend: FrontendType) -> tuple[tuple[Slot, ...], tuple[Stand, ...]]:
    snapshot, registry = snapshots.current(read_session(), runtime(), current_platform.id), runtime().registry
    return menu_order.standing(registry, frontend, snapshot.places.get(frontend, {}), pages=page_keys(frontend))


def _shown(frontend: FrontendType) -> Response:
    snapshot = snapshots.current(read_session(), runtime(), current_platform.id)
    slots, stands = _standing(frontend)
    fixed = {slot.key for slot in slots if slot.mandatory}
    items = [
        {"key": each.key, "group": each.group, "hidden": each.hidden, "mandatory": each.key in fixed} for each in stands
    ]
    return answer(
        {
            "schema": 1,
            "platform": current_platform.slug,
            "revision": snapshot.revision,
            "frontend": frontend.value,
            "items": items,
        }
    )
