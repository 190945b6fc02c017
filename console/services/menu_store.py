"""The rows of arranged menus: read for snapshots, replaced as a whole when somebody saves."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from console.domain.menu_order import Place
from console.domain.words import FrontendType
from console.storage.tables import MenuPlace
from console.storage.uow import UnitOfWork


def load(session: Session, platform_id: int) -> dict[FrontendType, dict[str, Place]]:
    """Frontend → item → where the platform's admins put it; a frontend that nobody arranged is not in it."""
    columns = select(MenuPlace.frontend, MenuPlace.item, MenuPlace.position, MenuPlace.hidden, MenuPlace.group)
    found: dict[FrontendType, dict[str, Place]] = {}
    for row in session.execute(columns.where(MenuPlace.platform_id == platform_id)):
        found.setdefault(row.frontend, {})[row.item] = Place(row.position, row.hidden, row.group)
    return found


def replace(uow: UnitOfWork, platform_id: int, frontend: FrontendType, places: Mapping[str, Place]) -> None:
    """Put ``places`` in the place of all that was stored for the frontend."""
    own = (MenuPlace.platform_id == platform_id, MenuPlace.frontend == frontend)
    uow.session.execute(delete(MenuPlace).where(*own).execution_options(synchronize_session="fetch"))
    uow.session.add_all(
        MenuPlace(
            platform_id=platform_id,
            frontend=frontend,
            item=key,
            position=place.position,
            hidden=place.hidden,
            group=place.group,
        )
        for key, place in places.items()
    )
    uow.session.flush()
