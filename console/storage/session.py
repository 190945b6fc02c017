"""The session behind ``db.session``: it reads anywhere, writes only inside a unit of work, and keeps tenants apart."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NoReturn

from flask_sqlalchemy.session import Session as FlaskSession
from sqlalchemy import event, inspect
from sqlalchemy.orm import Mapper, ORMExecuteState, Session
from sqlalchemy.orm.unitofwork import UOWTransaction

from console.errors import OutsideScope, OutsideUnitOfWork
from console.storage.scope import current_scope, flushing

UNIT = "console_unit_of_work"  # in session.info: the open unit of work
MAY_COMMIT = "console_may_commit"  # in session.info: true while the unit of work itself commits
SEEN_IN = "console_scope"  # in a row's state: the scope in which it was loaded or made
_HINT = "Write inside `with unit_of_work() as uow:`."


class ConsoleSession(FlaskSession):
    """A session whose flush and commit belong to the unit of work, and whose rows belong to the scope."""

    def flush(self, objects: Sequence[Any] | None = None) -> None:
        """Write pending changes; the mappers judge each row of a tenant."""
        with flushing():
            super().flush(objects)

    def _identity_lookup(self, mapper: Mapper[Any], *args: Any, **options: Any) -> Any:  # as SQLAlchemy has it
        """A row that another scope loaded is asked for again, with this scope's condition."""
        found = super()._identity_lookup(mapper, *args, **options)
        state = inspect(found, raiseerr=False)
        seen_in = None if state is None else state.info.get(SEEN_IN)
        return found if seen_in is None or seen_in == current_scope() else None

    def bulk_save_objects(self, *_: object, **__: object) -> NoReturn:
        """Refused: it passes by every rule."""
        raise _bulk()

    def bulk_insert_mappings(self, *_: object, **__: object) -> NoReturn:
        """Refused: it passes by every rule."""
        raise _bulk()

    def bulk_update_mappings(self, *_: object, **__: object) -> NoReturn:
        """Refused: it passes by every rule."""
        raise _bulk()


def _bulk() -> OutsideScope:
    return OutsideScope("Bulk methods of the session know no tenant.", hint="Use session.add_all().")


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
