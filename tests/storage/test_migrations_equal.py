"""The migrations make what the models say, and the same on both databases."""

from __future__ import annotations

from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from flask import Flask
from sqlalchemy import Engine, Table, inspect

from console.services.migrations.scan import table_owner
from console.services.schema import label_of
from console.settings import load_settings
from console.storage import tables
from console.storage.base import Base, db
from tests.support.databases import Template, bare_app, close
from tests.support.postgres import Server

Shape = dict[str, object]


def tables_here(app: Flask) -> set[str]:
    """The console's tables and those of the installed modules; other tests may have declared more."""
    labels = [label_of(module) for module in app.extensions["console"].registry.modules()]
    console = {each.name for each in vars(tables).values() if isinstance(each, Table)}
    console |= {
        each.__tablename__ for each in vars(tables).values() if isinstance(each, type) and issubclass(each, Base)
    }
    return console | {name for name in Base.metadata.tables if table_owner(name, labels) is not None}


def test_nothing_is_left_to_generate(bare: Flask) -> None:
    ours = tables_here(bare)
    assert {"platforms", "huey_queue", "orders_orders"} <= ours

    def kept(_item: object, name: str, kind: str, reflected: bool, _other: object) -> bool:
        return kind != "table" or reflected or name in ours

    with bare.app_context(), db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "include_object": kept})
        assert compare_metadata(context, Base.metadata) == []


def shape(engine: Engine) -> dict[str, Shape]:
    """Table → columns, keys, constraints and indexes, in words that both databases share."""
    look = inspect(engine)
    return {name: _shape_of(engine, name) for name in look.get_table_names()}


def _shape_of(engine: Engine, table: str) -> Shape:
    look = inspect(engine)
    unique = look.get_unique_constraints(table)
    indexes = [each for each in look.get_indexes(table) if not each.get("duplicates_constraint")]
    return {
        "columns": [(column["name"], column["nullable"]) for column in look.get_columns(table)],
        "key": look.get_pk_constraint(table)["constrained_columns"],
        "foreign keys": sorted(
            (str(each["name"]), each["constrained_columns"], each["referred_table"], each["referred_columns"])
            for each in look.get_foreign_keys(table)
        ),
        "unique": sorted((str(each["name"]), each["column_names"]) for each in unique),
        "indexes": sorted((str(each["name"]), each["column_names"], bool(each["unique"])) for each in indexes),
        "checks": sorted(str(each["name"]) for each in look.get_check_constraints(table)),
    }


def test_both_databases_have_one_schema(
    template: Template, postgres: Server, postgres_template: tuple[Template, str], tmp_path: Path
) -> None:
    shapes = []
    for url in (f"sqlite:///{template.file}", postgres.url(postgres_template[1])):
        app = bare_app(load_settings({"data_dir": tmp_path, "database_url": url}, {}))
        with app.app_context():
            shapes.append(shape(db.engine))
        close(app)
    sqlite, server = shapes
    assert {"platforms", "cms_content_pages", "alembic_version"} <= sqlite.keys()
    for name in sqlite.keys() | server.keys():
        assert sqlite[name] == server[name], name


def test_every_constraint_has_a_name_to_drop_it_by(bare: Flask) -> None:
    with bare.app_context():
        found = shape(db.engine)
    for name, table in found.items():
        for kind in ("foreign keys", "unique", "indexes"):
            names = [each[0] for each in table[kind]]  # type: ignore[attr-defined]
            assert all(each.startswith(("fk_", "uq_", "ix_")) for each in names), (name, names)
