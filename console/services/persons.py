"""What a request knows about a person, cached by the account's generation."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine, exists, or_, select
from sqlalchemy.orm import Session

from console.domain.permissions import Grants, PermissionGrant, RoleGrant, grants
from console.errors import Unknown
from console.services.views import UserView
from console.storage.tables import MadeRole, Membership, Passkey, RoleHolder, RolePermission, TotpSecret, User

_LIMIT = 4096


@dataclass(frozen=True, slots=True)
class Person:
    """An account as a request knows it: who it is and what it may do."""

    user: UserView
    grants: Grants
    has_second_factor: bool = False


def grants_of(session: Session, user_id: int) -> Grants:
    """What the account's roles add up to."""
    columns = select(Membership.role, Membership.platform_id, Membership.vendor_id)
    rows = session.execute(columns.where(Membership.user_id == user_id)).all()
    made = (
        select(RolePermission.permission, MadeRole.platform_id, RoleHolder.vendor_id)
        .join(MadeRole, MadeRole.id == RolePermission.role_id)
        .join(RoleHolder, RoleHolder.role_id == MadeRole.id)
        .where(RoleHolder.user_id == user_id)
    )
    return grants(
        (RoleGrant(row.role, row.platform_id, row.vendor_id) for row in rows),
        [PermissionGrant(row.permission, row.platform_id, row.vendor_id) for row in session.execute(made)],
    )


class _People:
    """The accounts that requests asked for last, by id and generation."""

    def __init__(self) -> None:
        self.kept: OrderedDict[tuple[int, int], Person] = OrderedDict()
        self.lock = Lock()


_people: WeakKeyDictionary[Engine | Connection, _People] = WeakKeyDictionary()


def view(session: Session, user_id: int, generation: int) -> Person:
    """The account with its grants as of ``generation``; costs no statement when it was asked for before.

    Raises:
        Unknown: There is no such account.
    """
    cache = _people.setdefault(session.get_bind(), _People())
    key = (user_id, generation)
    kept = cache.kept.get(key)
    if kept is not None:
        return kept
    more = or_(
        exists().where(TotpSecret.user_id == User.id).correlate(User),
        exists().where(Passkey.user_id == User.id).correlate(User),
    )
    found = select(User, more.label("more")).where(User.id == user_id)
    row = session.execute(found.execution_options(populate_existing=True)).one_or_none()
    if row is None:
        raise Unknown("user", str(user_id))
    user: User = row.User
    shown = UserView(user.id, user.email, user.name, user.generation, user.locale, user.timezone)
    person = Person(shown, grants_of(session, user_id), has_second_factor=row.more)
    if user.generation == generation:
        with cache.lock:
            cache.kept[key] = person
            while len(cache.kept) > _LIMIT:
                cache.kept.popitem(last=False)
    return person
