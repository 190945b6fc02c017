"""Rows that belong to a tenant: the mixins of module tables, and the conditions that keep tenants apart.

Every ORM statement gets the tenant's condition, every row that is written is judged, and ``scope.guard`` refuses what
comes by another road. Code outside a scope sees no module table at all.
"""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from functools import lru_cache

from flask import has_app_context
from sqlalchemy import Connection, ForeignKey, event, inspect, select
from sqlalchemy.orm import LoaderCriteriaOption, Mapped, Mapper, ORMExecuteState, mapped_column, with_loader_criteria
from sqlalchemy.orm.context import QueryContext
from sqlalchemy.sql import Update

from console.errors import OutsideScope
from console.storage.base import db
from console.storage.scope import SCOPED, Everyone, Scope, Tenant, current_scope, entered, own_table
from console.storage.session import SEEN_IN, UNIT, ConsoleSession
from console.storage.tables import Vendor

__all__ = ["PlatformOwned", "VendorOwned", "current_scope", "scope", "system_scope"]
_TENANT_COLUMNS = {"platform_id", "vendor_id"}


class PlatformOwned:
    """Mixin of a table whose rows belong to a platform."""

    platform_id: Mapped[int] = mapped_column(ForeignKey("platforms.id"), index=True)

    def __init_subclass__(cls, **options: object) -> None:
        super().__init_subclass__(**options)
        own_table(getattr(cls, "__tablename__", ""))


class VendorOwned:
    """Mixin of a table whose rows belong to a vendor, and so to the vendor's platform."""

    vendor_id: Mapped[int] = mapped_column(ForeignKey("vendors.id"), index=True)

    def __init_subclass__(cls, **options: object) -> None:
        super().__init_subclass__(**options)
        own_table(getattr(cls, "__tablename__", ""))


@contextmanager
def scope(*, platform_id: int, vendor_id: int | None = None) -> Generator[None]:
    """Inside the block module tables hold only the rows of this platform, or of this vendor of it."""
    with _bordered(Tenant(platform_id, vendor_id)):
        yield


@contextmanager
def system_scope() -> Generator[None]:
    """Inside the block module tables hold the rows of all tenants; for the console's own work, not for pages."""
    with _bordered(Everyone()):
        yield


@contextmanager
def _bordered(wanted: Scope) -> Generator[None]:
    """Changes are flushed at both borders, so that each row is judged in the scope in which it was changed."""
    _flush_pending()
    with entered(wanted):
        yield
        _flush_pending()


def _flush_pending() -> None:
    if current_scope() is not None and has_app_context():
        session = db.session()
        if UNIT in session.info:
            session.flush()


# --- reading, and statements that change many rows --------------------------------------------------------------------


@event.listens_for(ConsoleSession, "do_orm_execute")
def _narrow(state: ORMExecuteState) -> None:
    tenant = current_scope()
    if not isinstance(tenant, Tenant) or not state.is_orm_statement or not _may_be_owned(state):
        return
    _refuse_what_cannot_be_narrowed(state)
    state.statement = state.statement.options(*_conditions(tenant))
    state.update_execution_options(**{SCOPED: True})


def _may_be_owned(state: ORMExecuteState) -> bool:
    """Spares the console's own tables the condition; the guard holds whatever hides a module's table in a subquery."""
    mapper = state.bind_mapper
    if mapper is None or issubclass(mapper.class_, PlatformOwned | VendorOwned):
        return True
    return any(issubclass(each.class_, PlatformOwned | VendorOwned) for each in state.all_mappers)


@lru_cache(maxsize=10_000)
def _conditions(tenant: Tenant) -> tuple[LoaderCriteriaOption, ...]:
    platform_id, vendor_id = tenant.platform_id, tenant.vendor_id
    platform = with_loader_criteria(
        PlatformOwned,
        lambda cls: cls.platform_id == platform_id,
        include_aliases=True,
        propagate_to_loaders=False,
    )
    if vendor_id is not None:
        vendor = with_loader_criteria(
            VendorOwned, lambda cls: cls.vendor_id == vendor_id, include_aliases=True, propagate_to_loaders=False
        )
    else:
        vendor = with_loader_criteria(
            VendorOwned,
            lambda cls: cls.vendor_id.in_(select(Vendor.id).where(Vendor.platform_id == platform_id)),
            include_aliases=True,
            propagate_to_loaders=False,
        )
    return platform, vendor


def _refuse_what_cannot_be_narrowed(state: ORMExecuteState) -> None:
    """Inserts and updates by primary key take no condition, and an update must not give rows away."""
    mapper = state.bind_mapper
    if mapper is None or not issubclass(mapper.class_, PlatformOwned | VendorOwned):
        return
    if state.is_insert:
        raise OutsideScope("An insert statement knows no tenant.", hint="Use session.add() or add_all().")
    if isinstance(state.statement, Update):
        if isinstance(state.parameters, list):
            raise OutsideScope("An update by primary keys knows no tenant.", hint="Change the loaded rows.")
        given = _assigned(state.statement) | (set(state.parameters) if isinstance(state.parameters, dict) else set())
        if given & _TENANT_COLUMNS:
            raise OutsideScope("An update statement may not give rows to another tenant.")


def _assigned(statement: Update) -> set[str]:
    """The columns that an update sets, however they were given."""
    return {str(getattr(column, "key", column)) for column in statement._values or ()}


# --- single rows ------------------------------------------------------------------------------------------------------


def _remember(row: object, _context: QueryContext) -> None:
    inspect(row, raiseerr=True).info[SEEN_IN] = current_scope()


def _judge(_mapper: Mapper[object], connection: Connection, row: object) -> None:
    """Let the row be written only by its tenant; a new one that names none gets the tenant of the scope."""
    tenant = current_scope()
    if tenant is None:
        raise OutsideScope(f"{type(row).__name__} was written outside a scope.", hint="Use scope(platform_id=…).")
    state = inspect(row, raiseerr=True)
    seen_in = state.info.setdefault(SEEN_IN, tenant)
    if isinstance(tenant, Everyone):
        return
    if seen_in != tenant:
        raise OutsideScope(f"{type(row).__name__} was loaded in another scope than it is written in.")
    if isinstance(row, PlatformOwned):
        row.platform_id = _filled(row, row.platform_id, tenant.platform_id)
    if isinstance(row, VendorOwned) and tenant.vendor_id is not None:
        row.vendor_id = _filled(row, row.vendor_id, tenant.vendor_id)
    elif isinstance(row, VendorOwned):
        owner = select(Vendor.platform_id).where(Vendor.id == row.vendor_id)
        _filled(row, connection.execute(owner).scalar() or 0, tenant.platform_id)


def _filled(row: object, given: int | None, wanted: int) -> int:
    if given is not None and given != wanted:
        raise OutsideScope(f"{type(row).__name__} belongs to another tenant than the scope.")
    return wanted


for _owned in (PlatformOwned, VendorOwned):
    event.listen(_owned, "load", _remember, propagate=True)
    for _when in ("before_insert", "before_update", "before_delete"):
        event.listen(_owned, _when, _judge, propagate=True)
