"""The tables that the modules' migrations make are those of their models, on both databases."""

from __future__ import annotations

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask

from console.sdk import MODULES, Base, db


def test_migrations_and_models_of_the_modules_agree(app: Flask) -> None:
    with app.app_context():
        labels = tuple(f"{definition.label}_" for definition in MODULES.values())
        tables = {name for name in Base.metadata.tables if name.startswith(labels)}

        def ours(_thing: object, name: str | None, kind: str, _reflected: bool, _other: object) -> bool:
            return kind != "table" or name in tables

        with db.engine.connect() as connection:
            context = MigrationContext.configure(
                connection, opts={"compare_type": True, "include_object": ours, "target_metadata": Base.metadata}
            )
            found = compare_metadata(context, Base.metadata)
    assert {"cms_content_pages", "orders_orders", "payments_methods", "billing_subscriptions"} <= tables
    assert found == []
