"""Names outside the console: what nothing has is said where it stands, with what was probably meant."""

from __future__ import annotations

from pathlib import Path

from console.domain.config import LockedConfig
from console.domain.config_names import misnamed, misnamed_platforms
from console.domain.definition import ModuleDefinition
from console.domain.registry import InstalledModule, Registry, build


def registry() -> Registry:
    definitions = [
        ModuleDefinition(code="billing", name="Billing", default_config={"trial_days": 14, "Mode": "test"}),
        ModuleDefinition(code="dev-tools", name="Developer Tools", default_config={"depth": 1}),
    ]
    modules = [InstalledModule(each.code, each, each.code, Path(), "built-in") for each in definitions]
    return build([*modules, InstalledModule("broken", None, "broken", Path(), "built-in", quarantine="why")])


def texts(locked: LockedConfig) -> list[tuple[str, bool]]:
    return [(str(each), each.is_refused) for each in misnamed(locked, registry())]


def test_what_exists_is_fine_in_every_spelling() -> None:
    assert not texts(
        LockedConfig(
            file_modules={"billing": {"trial_days": 1}, "dev-tools": {"depth": 2}, "broken": {"any": 1}},
            file_platforms={"acme": {"billing": {"Mode": "live"}, "dev_tools": {"depth": 3}}},
            env_modules={"billing": {"mode": "live"}, "dev_tools": {"depth": "4"}, "broken": {"any": "1"}},
        )
    )


def test_a_key_that_its_module_lacks_is_refused() -> None:
    locked = LockedConfig(
        file_modules={"billing": {"trail_days": 1}},
        file_platforms={"acme": {"billing": {"mode": "live"}}},
        env_modules={"billing": {"trial_day": "1"}},
    )
    assert texts(locked) == [
        ("[modules.billing] in console.toml: billing has no key 'trail_days'. Did you mean 'trial_days'?", True),
        ("[platforms.acme.billing] in console.toml: billing has no key 'mode'. Did you mean 'Mode'?", True),
        (
            "CONSOLE_MODULE__BILLING__TRIAL_DAY: billing has no such key."
            " Did you mean CONSOLE_MODULE__BILLING__TRIAL_DAYS?",
            True,
        ),
    ]


def test_a_module_that_is_not_here_is_a_warning_because_it_may_have_left_the_disk() -> None:
    locked = LockedConfig(
        file_modules={"biling": {"x": 1}}, file_platforms={"acme": {"gone": {}}}, env_modules={"gone": {"x": "1"}}
    )
    known = "There are: 'billing', 'broken', 'dev-tools'."
    assert texts(locked) == [
        ("[modules.biling] in console.toml: no module 'biling' is installed. Did you mean 'billing'?", False),
        (f"[platforms.acme.gone] in console.toml: no module 'gone' is installed. {known}", False),
        (f"CONSOLE_MODULE__GONE__…: no module 'gone' is installed. {known}", False),
    ]


def test_a_value_where_a_table_belongs_is_refused() -> None:
    assert texts(LockedConfig(file_platforms={"acme": {"billing": 3}})) == [
        ("[platforms.acme.billing] in console.toml is no table. Write the module's keys under it.", True)
    ]


def test_a_platform_that_does_not_exist_is_named() -> None:
    locked = LockedConfig(file_platforms={"acne": {}, "acme": {}, "zurich": {}})
    assert [str(each) for each in misnamed_platforms(locked, ["acme", "globex"])] == [
        "[platforms.acne] in console.toml: there is no such platform. Did you mean 'acme'?",
        "[platforms.zurich] in console.toml: there is no such platform. There are: 'acme', 'globex'.",
    ]
    assert not any(each.is_refused for each in misnamed_platforms(locked, []))
