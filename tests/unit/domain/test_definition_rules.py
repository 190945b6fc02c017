"""Each rule of a definition, and that its message says what to write instead."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import BaseModel

from console.domain.definition import ModuleDefinition
from console.domain.words import FrontendType, Kind
from console.errors import DefinitionError
from tests.unit.domain.making import definition

ADMIN, VENDOR = FrontendType.ADMIN, FrontendType.VENDOR


class BillingConfig(BaseModel):
    trial_days: int = 14


async def wake(platform_id: int) -> None:
    """A hook as nobody may write it."""


# rule, fields that break it, what the message must say
BROKEN: list[tuple[str, dict[str, object], str]] = [
    ("code begins with a letter", {"code": "9lives"}, "begin with a lower-case letter"),
    ("code is lower case", {"code": "Billing"}, "begin with a lower-case letter"),
    ("code is not empty", {"code": ""}, "begin with a lower-case letter"),
    ("code is short", {"code": "b" * 41}, "40 are the most"),
    ("code is no address of the console", {"code": "operations"}, "an address of the console itself"),
    ("code is a string", {"code": 7}, "write a string"),
    ("name is not empty", {"name": "  "}, "write what people call the module"),
    ("description is a string", {"description": None}, "write a string"),
    ("version has three numbers", {"version": "1.0"}, 'write three numbers, such as "1.0.0"'),
    ("version is valid in Python too", {"version": "1.0.0-nightly.x"}, "not valid in Python (PEP 440)"),
    ("requires is a list", {"requires": "payments"}, "write a list, such as requires=[]"),
    ("requires holds strings", {"requires": [1]}, "write strings"),
    ("a requirement names a code", {"requires": [">=1"]}, "does not begin with a module code"),
    ("a requirement has a readable range", {"requires": ["payments~1"]}, 'write "payments" or "payments>=1.2,<2"'),
    ("a module does not require itself", {"requires": ["billing"]}, "names the module itself"),
    ("a requirement stands once", {"requires": ["cms", "cms>=1"]}, "names 'cms' twice"),
    ("what is required cannot conflict", {"requires": ["cms"], "conflicts": ["cms"]}, "in requires and in conflicts"),
    ("after holds codes", {"after": ["cms>=1"]}, 'write codes only, such as after=["orders"]'),
    ("after does not name the module", {"after": ["billing"]}, "names the module itself"),
    ("conflicts holds codes", {"conflicts": ["CMS"]}, "which is no module code"),
    ("a feature is a code", {"features": ["Sales reports"]}, 'such as "sales_reports"'),
    ("a feature stands once", {"features": ["a", "a"]}, "holds 'a' twice"),
    ("a permission has the module's prefix", {"permissions": ["cms.view"]}, 'such as "billing.view"'),
    ("a permission has a verb", {"permissions": ["billing."]}, "write the module and a verb"),
    ("menu_items is a dict", {"menu_items": []}, "write a dict, such as menu_items={}"),
    ("menu_items is keyed by frontend", {"menu_items": {"top": ["x"]}}, "write FrontendType.ADMIN"),
    ("a menu is a list of ids", {"menu_items": {ADMIN: "x"}}, "write a list of ids"),
    ("a menu id is lower-case words", {"menu_items": {ADMIN: ["Sales"]}}, 'joined with "-"'),
    ("a menu id stands once", {"menu_items": {ADMIN: ["x", "x"]}}, "holds 'x' twice"),
    ("internal has no vendor menu", {"menu_items": {VENDOR: ["x"]}, "is_internal": True}, "has no vendor menu"),
    ("internal has no vendor routes", {"vendor_router": object(), "is_internal": True}, "has no vendor routes"),
    ("flags are flags", {"is_core": "yes"}, "write True or False"),
    ("config_schema is a model", {"config_schema": dict}, "the class of a pydantic BaseModel"),
    ("config_schema is a class", {"config_schema": BillingConfig()}, "the class of a pydantic BaseModel"),
    ("default_config is a dict", {"default_config": ["x"]}, "write a dict"),
    ("default_config has string keys", {"default_config": {1: 2}}, "keys are strings"),
    ("config_version counts from one", {"config_version": 0}, "a whole number from 1 up"),
    ("on_enable takes the platform", {"on_enable": lambda: None}, "cannot be called as on_enable(platform_id)"),
    ("on_disable takes the platform", {"on_disable": lambda a, b: None}, "give it one argument"),
    ("on_startup takes nothing", {"on_startup": lambda x: None}, "give it no arguments"),
    ("health_check takes nothing", {"health_check": lambda x: {}}, "cannot be called as health_check()"),
    ("a hook can be called", {"on_enable": "seed"}, "write a function"),
    ("a hook is not async", {"on_enable": wake}, "write a plain function"),
    ("dotted paths are dotted", {"services_path": "a/b"}, 'such as "modules.billing.services"'),
    ("folder paths stay inside", {"templates_path": "../up"}, 'write a folder inside the module, such as "templates"'),
    ("folder paths are relative", {"locales_path": "/tmp/x"}, "write a folder inside the module"),
    ("paths are strings", {"models_path": 3}, "write a string or leave it out"),
    ("a deadline is above zero", {"hook_timeout_s": 0}, "write seconds above zero"),
    ("a deadline is a number", {"hook_timeout_s": True}, "write seconds above zero"),
    ("health_scope is one of two", {"health_scope": "vendor"}, 'write "instance" or "platform"'),
    ("tags holds strings", {"tags": [None]}, "write strings"),
    ("tasks is a list", {"tasks": ()}, "write a list"),
]


@pytest.mark.parametrize(("fields", "says"), [case[1:] for case in BROKEN], ids=[case[0] for case in BROKEN])
def test_a_broken_rule_is_named_with_what_to_write(fields: dict[str, object], says: str) -> None:
    with pytest.raises(DefinitionError) as raised:
        definition(**{"code": "billing", **fields})  # type: ignore[arg-type]  # wrong on purpose
    assert len(raised.value.problems) == 1
    assert says in raised.value.problems[0]


def test_every_mistake_is_named_at_once() -> None:
    with pytest.raises(DefinitionError) as raised:
        definition("billing", version="1", requires=["billing"], features=["A"])
    assert len(raised.value.problems) == 3
    assert raised.value.module == "billing"


def test_only_code_and_name_are_required_and_the_defaults_are_the_guides() -> None:
    made = ModuleDefinition(code="analytics", name="Analytics & Reports")
    assert (made.description, made.version) == ("", "1.0.0")
    assert [made.requires, made.features, made.permissions] == [[], [], []]
    assert [made.menu_items, made.default_config] == [{}, {}]
    assert not any((made.is_core, made.is_internal, made.is_self_contained))
    nothing = (
        "config_schema",
        "on_enable",
        "on_disable",
        "on_startup",
        "health_check",
        "admin_router",
        "vendor_router",
    )
    paths = ("services", "models", "schemas", "templates", "exceptions", "locales", "migrations")
    assert {getattr(made, name) for name in (*nothing, *(f"{each}_path" for each in paths))} == {None}


def test_each_definition_gets_its_own_empty_lists() -> None:
    one, other = definition("one"), definition("other")
    one.requires.append("other")
    one.default_config["x"] = 1
    assert (other.requires, other.default_config) == ([], {})


def test_the_guides_longest_definition_is_right() -> None:
    made = definition(
        "cms",
        name="Content Management",
        is_core=True,
        is_self_contained=True,
        features=["content_pages", "media_library", "vendor_themes"],
        menu_items={ADMIN: ["content-pages", "vendor-themes"], VENDOR: ["content-pages", "media"]},
        config_schema=BillingConfig,
        services_path="app.modules.cms.services",
        templates_path="templates",
        migrations_path="migrations",
        health_check=lambda: {"status": "healthy"},
    )
    assert (made.kind, made.label) == (Kind.CORE, "cms")


@pytest.mark.parametrize(
    ("core", "internal", "kind"),
    [(True, False, Kind.CORE), (True, True, Kind.CORE), (False, True, Kind.INTERNAL), (False, False, Kind.OPTIONAL)],
)
def test_core_wins_over_internal(core: bool, internal: bool, kind: Kind) -> None:
    assert definition(is_core=core, is_internal=internal).kind is kind


def test_a_code_keeps_its_dash_and_the_label_does_not() -> None:
    made = definition("dev-tools", permissions=["dev_tools.view"])
    assert (made.code, made.label) == ("dev-tools", "dev_tools")


@pytest.mark.parametrize("version", ["1.0.0", "0.1.0-rc.1", "2.10.3+build.5"])
def test_a_version_may_be_a_prerelease_or_a_build(version: str) -> None:
    assert definition(version=version).version == version


def test_a_built_in_function_without_a_signature_is_a_hook() -> None:
    hook: Any = dict.fromkeys  # any: what matters is that it is callable
    assert definition(on_enable=hook).on_enable is hook


def test_fields_can_be_attached_until_the_definition_is_frozen() -> None:
    made = definition()
    router = object()
    made.admin_router = router
    made.freeze()
    with pytest.raises(DefinitionError, match="assigned after start-up"):
        made.admin_router = None
    assert made.admin_router is router
