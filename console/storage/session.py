"""The session behind ``db.session``: it reads anywhere and writes only inside a unit of work."""

from __future__ import annotations

from flask_sqlalchemy.session import Session as FlaskSession
from sqlalchemy import event
from sqlalchemy.orm import ORMExecuteState, Session
from sqlalchemy.orm.unitofwork import UOWTransaction

from console.errors import OutsideUnitOfWork

UNIT = "console_unit_of_work"  # in session.info: the open unit of work
MAY_COMMIT = "console_may_commit"  # in session.info: true while the unit of work itself commits
_HINT = "Write inside `with unit_of_work() as uow:`."


class ConsoleSession(FlaskSession):
    """A session whose flush and commit belong to the unit of work."""


@event.listens_for(ConsoleSession, "before_flush")
def _refuse_flush(session: Session, _flush: UOWTransaction, _instances: object) -> None:
    if UNIT not in session.info and has_changes(session):
        raise OutsideUnitOfWork("Rows were changed outside a unit of work.", hint=_HINT)


@event.listens_for(ConsoleSession, "before_commit")
def _refuse_commit(session: Session) -> None:
    if not session.info.get(MAY_COMMIT) and not session.in_nested_transaction():
        raise OutsideUnitOfWork("Only a unit of work commits, when it ends.", hint=_HINT)


@event.listens_for(ConsoleSession, "do_orm_execute")
def _refuse_statement(state: ORMExecuteState) -> None:
    if (state.is_insert or state.is_update or state.is_delete) and UNIT not in state.session.info:
        raise OutsideUnitOfWork("A statement that writes was executed outside a unit of work.", hint=_HINT)


def has_changes(session: Session) -> bool:
    """Whether the session holds rows that a flush would write."""
    return bool(session.new or session.deleted or any(session.is_modified(row) for row in session.dirty))
