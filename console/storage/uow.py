"""The unit of work: the only way to write, for the console and for modules."""

from __future__ import annotations

import logging
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import cast

from sqlalchemy import select
from sqlalchemy.orm import Session, SessionTransaction

from console.errors import OutsideUnitOfWork, StorageUnavailable, Unknown
from console.storage.base import db
from console.storage.engine import WRITE, taken_back
from console.storage.session import MAY_COMMIT, UNIT, has_changes
from console.storage.tables import AuditEntry, Platform

log = logging.getLogger(__name__)
Action = Callable[[], object]


@dataclass(slots=True)
class UnitOfWork:
    """One writing transaction, and what leaves the process only once it is committed.

    Args:
        entries: Entries of the audit that wait for the end, to get their places under the locks of their chains.
    """

    session: Session
    _transaction: SessionTransaction | None
    entries: list[AuditEntry] = field(default_factory=list[AuditEntry])
    _before: list[Action] = field(default_factory=list[Action])
    _after: list[Action] = field(default_factory=list[Action])

    def before_commit(self, action: Action) -> None:
        """Run ``action`` as the last thing before the commit; when it raises, nothing is kept."""
        self._before.append(action)

    def after_commit(self, action: Action) -> None:
        """Run ``action`` if, and only if, this transaction commits; in the order of these calls."""
        self._after.append(action)

    def lock_platform(self, platform_id: int) -> Platform:
        """The platform as it is now, locked until the unit of work ends: writers of one platform take turns.

        Raises:
            Unknown: There is no such platform.
            Busy: Another writer held it for longer than the busy time-out.
        """
        found = select(Platform).where(Platform.id == platform_id).with_for_update()
        platform = self.session.scalars(found.execution_options(populate_existing=True)).one_or_none()
        if platform is None:
            raise Unknown("platform", str(platform_id))
        return platform


@contextmanager
def unit_of_work() -> Generator[UnitOfWork]:
    """A writing transaction: commits when the block ends, rolls back when it raises.

    What was read before belongs to an older transaction, which ends here; rows read then are read again. Inside an
    open unit of work this joins it, and the outermost block commits.

    Raises:
        Busy: The database was locked for longer than the busy time-out; nothing was written.
        OutsideUnitOfWork: The session holds changes from before the block.
    """
    session = read_session()
    outer = session.info.get(UNIT)
    if outer is not None:
        yield cast("UnitOfWork", outer)
        return
    uow = _begin(session)
    try:
        yield uow
        _commit(uow)
    except BaseException:
        session.rollback()
        raise
    finally:
        session.info.pop(UNIT, None)
    _leave(uow)


def _begin(session: Session) -> UnitOfWork:
    if has_changes(session):
        raise OutsideUnitOfWork("Rows were changed before the unit of work began.", hint="Change them inside.")
    session.rollback()
    session.expire_all()
    try:
        session.connection(execution_options={WRITE: True})
    except BaseException:
        session.rollback()
        raise
    uow = UnitOfWork(session, session.get_transaction())
    session.info[UNIT] = uow
    return uow


def _commit(uow: UnitOfWork) -> None:
    session = uow.session
    for action in uow._before:
        action()
    if session.get_transaction() is not uow._transaction:
        raise OutsideUnitOfWork("The transaction was ended inside its unit of work; nothing of it is kept.")
    if session.is_active and taken_back(session.connection()):
        raise StorageUnavailable("The database has taken the transaction back: an error of its own was passed over.")
    session.info[MAY_COMMIT] = True
    try:
        session.commit()
    finally:
        session.info.pop(MAY_COMMIT, None)


def _leave(uow: UnitOfWork) -> None:
    """The effect is committed, so one action that fails keeps neither the caller nor the others from going on."""
    for action in uow._after:
        try:
            action()
        except Exception:
            log.exception("an action after the commit failed")


def current_uow() -> UnitOfWork:
    """The unit of work that is open.

    Raises:
        OutsideUnitOfWork: None is.
    """
    found = read_session().info.get(UNIT)
    if found is None:
        raise OutsideUnitOfWork("There is no open unit of work.", hint="Open one: `with unit_of_work() as uow:`.")
    return cast("UnitOfWork", found)


def read_session() -> Session:
    """The session of this request or piece of work, for reading; its transaction sees one moment."""
    return db.session()


def end_read() -> None:
    """End the reading transaction, so that the next read sees what was committed since; nothing inside a unit."""
    session = read_session()
    if UNIT not in session.info:
        session.rollback()
        session.expire_all()
