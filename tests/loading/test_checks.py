"""What ``check`` finds in a module that loads, each by its stable id."""

from __future__ import annotations

import pytest

from console.checks import check_all, check_module
from tests.loading.conftest import Load, Write
from tests.loading.test_quarantine import definition

MODEL = """
from console.sdk import {base}, db
from sqlalchemy.orm import Mapped, mapped_column

class Thing({bases}):
    __tablename__ = {table!r}
    id: Mapped[int] = mapped_column(primary_key=True)
"""


@pytest.mark.parametrize(
    ("label", "files", "problem", "text"),
    [
        ("x_inner", {"services.py": "from console.services import users\n"}, "MOD040", "imports console.services"),
        ("x_other", {"services.py": "from modules.orders.api import figures\n"}, "MOD041", "modules.orders.api"),
        (
            "x_prefix",
            {"models.py": MODEL.format(base="Base, PlatformOwned", bases="PlatformOwned, Base", table="things_of_x")},
            "MOD050",
            "'things_of_x' does not start with 'x_prefix_'",
        ),
        (
            "x_tenant",
            {"models.py": MODEL.format(base="Base", bases="Base", table="x_tenant_things")},
            "MOD051",
            "belongs to no tenant",
        ),
        ("x_texts", {"locales/en.json": '{"a": "A"}', "locales/fr.json": "{}"}, "MOD062", "fr.json lacks a"),
        ("x_json", {"locales/en.json": "[1]"}, "MOD063", "en.json"),
    ],
)
def test_a_broken_rule_is_named(
    write_module: Write, load_all: Load, *, label: str, files: dict[str, str], problem: str, text: str
) -> None:
    code = label.replace("_", "-")
    write_module(label, definition(code), files)
    _, registry = load_all()
    found = {each.id: each.text for each in check_module(registry, registry[code])}
    assert text in found[problem]


def test_a_self_contained_module_needs_its_parts(write_module: Write, load_all: Load) -> None:
    write_module("y_self", definition("y-self", is_self_contained=True), {"config.py": "", "exceptions.py": ""})
    _, registry = load_all()
    missing = [each.text for each in check_module(registry, registry["y-self"]) if each.id == "MOD061"]
    assert sorted(text.rsplit(" ", 1)[1] for text in missing) == ["models", "schemas", "services"]


def test_a_menu_id_that_leads_nowhere_is_named_and_not_shown(write_module: Write, load_all: Load) -> None:
    source = (
        "from console.sdk import FrontendType, ModuleDefinition\n"
        "m = ModuleDefinition(code='y-menu', name='Y', menu_items={FrontendType.ADMIN: ['lost-page']})\n"
    )
    write_module("y_menu", source)
    _, registry = load_all()
    assert registry["y-menu"].live
    assert registry["y-menu"].entries == ()
    assert any("lost-page" in each.text for each in registry["y-menu"].problems)


def test_the_seven_have_no_problems(load_all: Load, write_module: Write) -> None:
    write_module("z_fine", definition("z-fine"))
    _, registry = load_all()
    assert check_all(registry) == ()
