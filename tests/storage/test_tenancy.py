"""Tenants are kept apart, whatever road a statement takes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Select, Table, delete, func, insert, inspect, select, text, update
from sqlalchemy.orm import Mapped, Session, aliased, mapped_column, relationship

from console.errors import OutsideScope
from console.storage.base import Base, db
from console.storage.engine import WRITE
from console.storage.tables import Platform
from console.storage.tenancy import PlatformOwned, VendorOwned, scope, system_scope
from console.storage.uow import read_session, unit_of_work
from tests.storage.made import add_tenants


class Shelf(PlatformOwned, Base):
    __tablename__ = "tenancy_shelves"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    books: Mapped[list[Book]] = relationship(
        primaryjoin="Shelf.id == foreign(Book.shelf_id)", back_populates="shelf", order_by="Book.id"
    )


class Book(VendorOwned, Base):
    __tablename__ = "tenancy_books"

    id: Mapped[int] = mapped_column(primary_key=True)
    shelf_id: Mapped[int]
    title: Mapped[str]
    shelf: Mapped[Shelf] = relationship(primaryjoin="Shelf.id == foreign(Book.shelf_id)", back_populates="books")


# Tables of these tests only: no migration makes them, and no other test compares them.
TABLES: list[Table] = [Base.metadata.tables[name] for name in ("tenancy_shelves", "tenancy_books")]
for _table in TABLES:
    Base.metadata.remove(_table)

NORTH = {"platform_id": 1}
SOUTH = {"platform_id": 2}
NORTH_SHOP = {"platform_id": 1, "vendor_id": 1}
SOUTH_SHOP = {"platform_id": 2, "vendor_id": 2}


@pytest.fixture
def shop(bare: Flask) -> Flask:
    """Two platforms with a shelf and a book each; the shelves and the books have the platform's number."""
    with bare.app_context():
        with db.engine.connect().execution_options(**{WRITE: True}) as connection, connection.begin():
            for table in TABLES:
                table.create(connection)
        add_tenants()
        for tenant, name in ((NORTH_SHOP, "north"), (SOUTH_SHOP, "south")):
            with unit_of_work() as uow, scope(**tenant):
                shelf = Shelf(name=name)
                uow.session.add(shelf)
                uow.session.flush()
                uow.session.add(Book(shelf_id=shelf.id, title=name))
    return bare


def titles(session: Session) -> list[str]:
    return list(session.scalars(select(Book.title).order_by(Book.title)))


@pytest.mark.parametrize(
    ("tenant", "shelves", "books"),
    [
        (NORTH, ["north"], ["north"]),
        (SOUTH, ["south"], ["south"]),
        (NORTH_SHOP, ["north"], ["north"]),
        (SOUTH_SHOP, ["south"], ["south"]),
        ({"platform_id": 3}, [], []),
    ],
)
def test_a_scope_shows_its_own_rows(shop: Flask, tenant: dict[str, int], shelves: list[str], books: list[str]) -> None:
    with shop.app_context(), scope(**tenant):
        session = read_session()
        assert list(session.scalars(select(Shelf.name))) == shelves
        assert titles(session) == books
        assert session.scalar(select(func.count()).select_from(Book)) == len(books)
        assert session.scalar(select(func.count(Shelf.id))) == len(shelves)


def test_the_console_itself_sees_all(shop: Flask) -> None:
    with shop.app_context(), system_scope():
        assert titles(read_session()) == ["north", "south"]
        assert len(read_session().execute(text("SELECT id FROM tenancy_books")).all()) == 2


def test_a_scope_inside_another_is_the_one_that_counts(shop: Flask) -> None:
    with shop.app_context(), scope(**NORTH):
        with scope(**SOUTH):
            assert titles(read_session()) == ["south"]
        assert titles(read_session()) == ["north"]


def by_the_engine() -> object:
    with db.engine.connect() as connection:
        return connection.execute(select(TABLES[1])).all()


READS: dict[str, Callable[[Session], object]] = {
    "select": lambda session: session.scalars(select(Book)).all(),
    "get": lambda session: session.get(Book, 1),
    "query": lambda session: session.query(Book).all(),
    "core": lambda session: session.execute(select(TABLES[1])).all(),
    "text": lambda session: session.execute(text("SELECT * FROM tenancy_books")).all(),
    "connection": lambda session: session.connection().execute(select(TABLES[1])).all(),
    "driver": lambda session: session.connection().exec_driver_sql('SELECT * FROM "tenancy_books"').all(),
    "engine": lambda session: by_the_engine(),
    "hidden": lambda session: session.scalars(select(Platform).where(Platform.id.in_(select(Book.id)))).all(),
}
# Statements over a model that name another table without its model: the condition would not reach it.
MIXED: dict[str, Callable[[], Select[Any]]] = {
    "column": lambda: select(Shelf).where(Shelf.id.in_(select(TABLES[1].c.shelf_id))),
    "table": lambda: select(Shelf, TABLES[1]).where(TABLES[1].c.shelf_id == Shelf.id),
    "join": lambda: select(Shelf.id).join(TABLES[1], TABLES[1].c.shelf_id == Shelf.id),
    "compared": lambda: select(Shelf.id).where(TABLES[1].c.shelf_id == Shelf.id),
    "counted": lambda: select(Shelf.id, select(func.count()).select_from(TABLES[1]).scalar_subquery()),
    "the same table": lambda: select(Book.id).where(Book.id.in_(select(TABLES[1].c.id))),
    "text": lambda: select(Shelf).where(text("id IN (SELECT shelf_id FROM tenancy_books)")),
}
NARROWED = {"select", "get", "query"}


@pytest.mark.parametrize("road", READS)
def test_no_road_leads_to_tenants_without_a_scope(shop: Flask, road: str) -> None:
    with shop.app_context(), pytest.raises(OutsideScope):
        READS[road](read_session())


@pytest.mark.parametrize("road", sorted(set(READS) - NARROWED))
def test_a_road_that_knows_no_tenant_is_closed_inside_a_scope_too(shop: Flask, road: str) -> None:
    with shop.app_context(), scope(**NORTH), pytest.raises(OutsideScope):
        READS[road](read_session())


@pytest.mark.parametrize("road", MIXED)
def test_a_plain_table_beside_a_model_is_refused(shop: Flask, road: str) -> None:
    with shop.app_context(), scope(**NORTH):
        for _ in range(2):
            with pytest.raises(OutsideScope):
                read_session().execute(MIXED[road]()).all()


def test_the_identity_map_gives_no_row_of_another_tenant(shop: Flask) -> None:
    with shop.app_context():
        session = read_session()
        with scope(**NORTH):
            kept = session.get_one(Book, 1)
        with scope(**SOUTH):
            assert session.get(Book, 1) is None
            assert session.get(Book, 2) is not None
        with scope(**NORTH_SHOP):
            assert session.get(Book, 1) is kept


def test_joins_aliases_and_subqueries_are_narrowed(shop: Flask) -> None:
    other = aliased(Book)
    with shop.app_context(), scope(**NORTH):
        session = read_session()
        assert session.execute(select(Book.title, other.title).join(other, other.id >= 0)).all() == [("north", "north")]
        inside = select(Book.id).subquery()
        assert session.scalars(select(Shelf.name).where(Shelf.id.in_(select(inside.c.id)))).all() == ["north"]
        assert session.scalars(select(Book.title).where(Book.id.in_(select(Book.id)))).all() == ["north"]


def test_relations_are_narrowed(shop: Flask) -> None:
    with shop.app_context():
        with unit_of_work() as uow, system_scope():
            uow.session.add(Book(shelf_id=1, title="south on north's shelf", vendor_id=2))
        with scope(**NORTH):
            shelf = read_session().scalars(select(Shelf)).one()
            assert [book.title for book in shelf.books] == ["north"]
            assert shelf.books[0].shelf is shelf


def test_a_new_row_gets_the_tenant_of_the_scope(shop: Flask) -> None:
    with shop.app_context(), unit_of_work() as uow, scope(**SOUTH_SHOP):
        shelf, book = Shelf(name="new"), Book(shelf_id=9, title="new")
        uow.session.add_all([shelf, book])
        uow.session.flush()
        assert (shelf.platform_id, book.vendor_id) == (2, 2)


@pytest.mark.parametrize(
    ("tenant", "make"),
    [
        (NORTH, lambda: Shelf(name="x", platform_id=2)),
        (NORTH_SHOP, lambda: Book(shelf_id=1, title="x", vendor_id=2)),
        (NORTH, lambda: Book(shelf_id=1, title="x", vendor_id=2)),
        (NORTH, lambda: Book(shelf_id=1, title="x")),
    ],
)
def test_a_row_for_another_tenant_is_refused(shop: Flask, tenant: dict[str, int], make: Callable[[], Base]) -> None:
    with shop.app_context():
        with pytest.raises(OutsideScope), unit_of_work() as uow, scope(**tenant):
            uow.session.add(make())
        with system_scope():
            assert titles(read_session()) == ["north", "south"]


def test_a_row_written_outside_a_scope_is_refused(shop: Flask) -> None:
    with shop.app_context(), pytest.raises(OutsideScope), unit_of_work() as uow:
        uow.session.add(Shelf(name="x", platform_id=1))


def test_a_row_cannot_be_given_to_another_tenant(shop: Flask) -> None:
    with shop.app_context(), pytest.raises(OutsideScope), unit_of_work() as uow, scope(**NORTH):
        uow.session.get_one(Shelf, 1).platform_id = 2


def test_a_row_of_one_scope_cannot_be_changed_in_another(shop: Flask) -> None:
    with shop.app_context(), pytest.raises(OutsideScope), unit_of_work() as uow:
        with scope(**NORTH):
            shelf = uow.session.get_one(Shelf, 1)
        with scope(**SOUTH):
            shelf.name = "taken"


def test_changes_are_judged_in_the_scope_that_made_them(shop: Flask) -> None:
    with shop.app_context():
        with unit_of_work() as uow:
            with scope(**NORTH):
                uow.session.get_one(Shelf, 1).name = "mine"
            with scope(**SOUTH):
                uow.session.get_one(Shelf, 2).name = "yours"
        with system_scope():
            assert set(read_session().scalars(select(Shelf.name))) == {"mine", "yours"}


WRITES: dict[str, Callable[[Session], object]] = {
    "insert": lambda session: session.execute(insert(Book).values(shelf_id=1, title="x", vendor_id=1)),
    "bulk insert": lambda session: session.execute(insert(Book), [{"shelf_id": 1, "title": "x", "vendor_id": 2}]),
    "core insert": lambda session: session.execute(insert(TABLES[1]).values(shelf_id=1, title="x", vendor_id=2)),
    "bulk update": lambda session: session.execute(update(Book), [{"id": 2, "title": "x"}]),
    "core update": lambda session: session.execute(update(TABLES[1]).values(title="x")),
    "gift": lambda session: session.execute(update(Book).values(vendor_id=2)),
    "gift by parameter": lambda session: session.execute(update(Book), {"vendor_id": 2}),
    "text": lambda session: session.execute(text("DELETE FROM tenancy_books")),
    "connection": lambda session: session.connection().execute(delete(TABLES[1])),
    "save objects": lambda session: session.bulk_save_objects([Book(shelf_id=1, title="x", vendor_id=2)]),
    "insert mappings": lambda session: session.bulk_insert_mappings(inspect(Book), [{"shelf_id": 1}]),
    "update mappings": lambda session: session.bulk_update_mappings(inspect(Book), [{"id": 2, "title": "x"}]),
}


@pytest.mark.parametrize("road", WRITES)
def test_a_statement_that_knows_no_tenant_writes_nothing(shop: Flask, road: str) -> None:
    with shop.app_context():
        with pytest.raises(OutsideScope), unit_of_work() as uow, scope(**NORTH_SHOP):
            WRITES[road](uow.session)
        with system_scope():
            assert titles(read_session()) == ["north", "south"]


def test_updates_and_deletes_of_many_rows_stay_with_the_tenant(shop: Flask) -> None:
    with shop.app_context():
        with unit_of_work() as uow, scope(**NORTH):
            uow.session.execute(update(Book).values(title="changed"))
            uow.session.execute(delete(Shelf))
        with system_scope():
            assert titles(read_session()) == ["changed", "south"]
            assert list(read_session().scalars(select(Shelf.name))) == ["south"]


def test_tables_of_the_console_need_no_scope(shop: Flask) -> None:
    with shop.app_context():
        assert len(read_session().scalars(select(Platform)).all()) == 2
        with scope(**NORTH):
            assert len(read_session().execute(text("SELECT id FROM platforms")).all()) == 2
