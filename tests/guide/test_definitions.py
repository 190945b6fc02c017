"""The guide's blocks that stand alone: definitions, schema, migration; the installed modules say the same."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.migration import MigrationContext
from alembic.operations import Operations
from pydantic import BaseModel

from console.sdk import ModuleDefinition
from modules.analytics.definition import analytics_module
from modules.billing.config import BillingConfig
from modules.billing.definition import billing_module
from modules.cms.config import CMSConfig
from modules.cms.definition import cms_module
from modules.dev_tools.definition import devtools_module
from modules.orders.definition import orders_module
from modules.tenancy.definition import tenancy_module
from tests.guide.blocks import blocks, changed, run, table

ROOT = Path(__file__).parents[2]


def test_the_table_has_a_row_for_each_block_and_no_other() -> None:
    assert [block.section for block in blocks()] == [section for section, _changes in table()]
    assert len(blocks()) == 15


@pytest.mark.parametrize("section", [block.section for block in blocks()])
def test_each_block_is_python_after_its_changes(section: str) -> None:
    assert ast.parse(changed(section)).body


def test_a_block_without_a_row_fails() -> None:
    with pytest.raises(LookupError, match="no such row"):
        changed("A section that nobody wrote")


def definition(section: str, name: str) -> ModuleDefinition:
    found = run(section)[name]
    assert isinstance(found, ModuleDefinition)
    return found


def shared(one: ModuleDefinition, *fields: str) -> dict[str, object]:
    return {field: getattr(one, field) for field in fields}


def test_the_wrapper_is_the_installed_analytics_module() -> None:
    fields = ("code", "name", "description", "version", "features", "menu_items", "is_core", "is_internal")
    assert shared(definition("Quick Start: Wrapper Module", "analytics_module"), *fields) == shared(
        analytics_module, *fields
    )


@pytest.mark.parametrize(
    ("section", "name", "installed"),
    [
        ("Core Modules", "core_module", tenancy_module),
        ("Optional Modules", "billing_module", billing_module),
        ("Internal Modules", "devtools_module", devtools_module),
        ("Module Dependencies", "orders_module", orders_module),
    ],
)
def test_each_kind_is_that_of_the_installed_module(section: str, name: str, installed: ModuleDefinition) -> None:
    said = definition(section, name)
    fields = ("code", "name", "version", "requires", "kind", "is_core", "is_internal")
    assert shared(said, *fields) == shared(installed, *fields)


def test_the_self_contained_definition_is_the_installed_cms_module() -> None:
    names = run("Self-Contained Definition")
    said = names["cms_module"]
    assert isinstance(said, ModuleDefinition)
    fields = (
        *("code", "name", "description", "version", "is_core", "is_self_contained", "features", "menu_items"),
        *("default_config", "services_path", "models_path", "schemas_path", "templates_path", "exceptions_path"),
        *("locales_path", "migrations_path"),
    )
    assert shared(said, *fields) == shared(cms_module, *fields)
    assert said.health_check is not None
    assert cms_module.health_check is not None
    assert said.health_check() == cms_module.health_check() == {"status": "healthy"}
    assert schema_of(names["CMSConfig"]) == schema_of(CMSConfig)


SAID = {"title", "description", "group", "unit", "order", "labels"}  # what a schema says to people, and changes nothing


def schema_of(model: object) -> object:
    """The keys of a schema with their types, bounds and defaults, without its words for the form."""
    assert isinstance(model, type)
    assert issubclass(model, BaseModel)
    properties = model.model_json_schema()["properties"]
    return {key: {word: value for word, value in node.items() if word not in SAID} for key, node in properties.items()}


def test_the_configuration_schema_is_that_of_the_installed_billing_module() -> None:
    assert schema_of(run("Defining Configuration Schema")["BillingConfig"]) == schema_of(BillingConfig)


def test_the_migration_template_is_the_first_migration_of_cms() -> None:
    path = ROOT / "modules/cms/migrations/versions/cms_001_create_content_pages.py"
    assert ast.dump(ast.parse(changed("Migration Template"))) == ast.dump(ast.parse(path.read_text()))


def test_the_migration_template_makes_and_drops_its_table() -> None:
    names = run("Migration Template")
    engine = sa.create_engine("sqlite://")
    with engine.connect() as connection, Operations.context(MigrationContext.configure(connection)):
        call(names["upgrade"])
        columns = {column["name"] for column in sa.inspect(connection).get_columns("cms_content_pages")}
        assert columns == {"id", "vendor_id", "title", "slug", "content", "created_at", "updated_at"}
        call(names["downgrade"])
        assert sa.inspect(connection).get_table_names() == []
    engine.dispose()


def call(function: object) -> object:
    assert callable(function)
    return function()
