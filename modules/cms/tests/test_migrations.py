"""Migrations meet the rows that the ones before them made."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import sqlalchemy as sa
from alembic.migration import MigrationContext
from alembic.operations import Operations
from flask import Flask

from console.sdk import VendorView, db

VERSIONS = Path(__file__).parents[1] / "migrations" / "versions"


def migration(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, VERSIONS / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    found = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(found)
    return found


def test_rows_of_the_first_migration_survive_and_addresses_become_unique() -> None:
    engine = sa.create_engine("sqlite://")
    with engine.connect() as connection, Operations.context(MigrationContext.configure(connection)):
        connection.execute(sa.text("CREATE TABLE vendors (id INTEGER PRIMARY KEY)"))
        migration("cms_001_create_content_pages").upgrade()
        for number, vendor in ((1, 1), (2, 1), (3, 2)):
            connection.execute(
                sa.text("INSERT INTO cms_content_pages (id, vendor_id, title, slug) VALUES (:n, :v, 'A', 'about')"),
                {"n": number, "v": vendor},
            )
        migration("cms_002_add_seo_fields").upgrade()
        rows = connection.execute(sa.text("SELECT slug, language, is_published FROM cms_content_pages ORDER BY id"))
        assert [tuple(row) for row in rows] == [("about", "en", 0), ("about-2", "en", 0), ("about", "en", 0)]
        migration("cms_002_add_seo_fields").downgrade()
        columns = [column["name"] for column in sa.inspect(connection).get_columns("cms_content_pages")]
        assert columns == ["id", "vendor_id", "title", "slug", "content", "created_at", "updated_at"]
    engine.dispose()


def test_pictures_from_before_get_random_names_and_keep_the_numbers_they_are_shown_by(
    console_app: Flask, console_vendor: VendorView
) -> None:
    step = migration("cms_004_name_media_at_random")
    picture = sa.text(
        "INSERT INTO cms_media (id, vendor_id, name, content_type, size_bytes, data, created_at)"
        " VALUES (:id, :vendor, 'a', :kind, 1, :data, '2026-03-01 12:00:00')"
    )
    with console_app.app_context():
        engine = sa.create_engine(db.engine.url)
    with engine.begin() as connection, Operations.context(MigrationContext.configure(connection)):
        step.downgrade()
        for number, kind in ((7, "png"), (8, "jpeg"), (9, "gif"), (70, "webp")):
            values = {"id": number, "vendor": console_vendor.id, "kind": f"image/{kind}", "data": b"x"}
            connection.execute(picture, values)
        step.upgrade()
        rows = connection.execute(sa.text("SELECT earlier_name, file_name FROM cms_media ORDER BY id")).all()
        assert [row.earlier_name for row in rows] == ["7", "8", "9", "70"]
        names = [row.file_name.split(".") for row in rows]
        assert [ending for _name, ending in names] == ["png", "jpg", "gif", "webp"]
        assert all(re.fullmatch("[0-9a-f]{32}", name) for name, _ending in names)
        assert len({name for name, _ending in names}) == 4
        step.downgrade()
        columns = [column["name"] for column in sa.inspect(connection).get_columns("cms_media")]
        assert {"file_name", "earlier_name"}.isdisjoint(columns)
        step.upgrade()
        again = connection.execute(sa.text("SELECT file_name FROM cms_media ORDER BY id")).scalars().all()
        assert set(again).isdisjoint(row.file_name for row in rows)
    engine.dispose()
