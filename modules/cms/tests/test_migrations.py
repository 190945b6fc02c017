"""The second migration meets rows that only the guide's first one made."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import sqlalchemy as sa
from alembic.migration import MigrationContext
from alembic.operations import Operations

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
