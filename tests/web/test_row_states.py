"""Every state that a module can be in on a platform: its own look, its own words, its own way out."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from flask import Flask

from console.domain.words import ModuleState, OperationState, Origin
from console.services import configs
from console.services.views import PlatformView
from console.storage.tables import ModuleRow
from console.storage.uow import unit_of_work
from console.testing.journeys import TESTER, switch
from console.testing.people import Visitor
from tests.support.bench import QUICK
from tests.web.html import element

LIST = "/admin/acme/modules"
MODULES = {
    "groundwork": "",
    "unyielding": 'requires=["groundwork"], on_disable=refuse',
    "unset": "config_schema=Config",
    "needy": 'requires=["not-there"]',
    "retuned": 'default_config={"colour": "red", "size": 3}',
}
DEFINITION = """from pydantic import BaseModel

from console.sdk import ModuleDefinition


class Config(BaseModel):
    api_key: str


def refuse(platform_id: int) -> None:
    raise RuntimeError("not yet")


module = ModuleDefinition(code="{code}", name="{name}", {rest})
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The modules, in one place for all tests: a process imports a package once."""
    found = tmp_path_factory.mktemp("modules")
    for code, rest in MODULES.items():
        home = found / code
        home.mkdir(parents=True)
        (home / "definition.py").write_text(DEFINITION.format(code=code, name=code.title(), rest=rest))
    return found


@pytest.fixture
def console_settings(tmp_path: Path, folder: Path) -> dict[str, object]:
    return {
        **QUICK,
        "hook_attempts": 1,
        "data_dir": tmp_path / "data",
        "insecure_http": True,
        "modules_path": [folder],
    }


def row(person: Visitor, code: str) -> str:
    return element(person.get(LIST), f"module-row-{code}")


def test_off_has_a_hollow_dot_and_its_word(admin: Visitor) -> None:
    assert '<span class="health h none">Off</span>' in row(admin, "groundwork")


def test_a_module_that_lacks_configuration_says_which_key_and_leads_to_the_form(
    admin: Visitor, console_app: Flask, console_platform: PlatformView
) -> None:
    assert ">needs config</a>" in row(admin, "unset")
    switch(console_app, console_platform.id, "unset", on=True)
    found = row(admin, "unset")
    assert 'data-look="config"' in found
    assert "On, needs configuration" in found
    assert "api_key" in found
    assert 'id="configure-unset" href="/admin/acme/modules/unset/config"' in found


def test_a_quarantined_module_says_why_and_leads_to_its_problem(admin: Visitor) -> None:
    found = row(admin, "needy")
    assert 'data-look="quarantined"' in found
    assert "not-there" in found
    assert 'id="look-needy" href="/admin/acme/modules/needy"' in found


def test_a_clean_up_that_never_began_is_pending_and_can_be_decided_about(
    admin: Visitor, console_app: Flask, console_platform: PlatformView
) -> None:
    switch(console_app, console_platform.id, "unyielding", on=True)
    ended = switch(console_app, console_platform.id, "groundwork", on=False)
    assert ended is not None
    assert ended.state is OperationState.FAILED
    failed, pending = row(admin, "unyielding"), row(admin, "groundwork")
    assert 'data-look="failed"' in failed
    assert "Off, clean-up failed" in failed
    assert 'data-look="cleanup"' in pending
    assert "Off, clean-up pending" in pending
    assert "The operation stopped at Unyielding." in pending
    for way in ("retry", "undo", "keep"):
        assert f'id="{way}-groundwork"' in pending


def test_a_module_whose_migration_waits_says_so_and_shows_the_way_to_those_who_may(
    admin: Visitor, root: Visitor, console_app: Flask, console_platform: PlatformView
) -> None:
    switch(console_app, console_platform.id, "groundwork", on=True)
    versions = console_app.extensions["console"].registry["groundwork"].path / "migrations" / "versions"
    versions.mkdir(parents=True)
    (versions / "groundwork_001_create_things.py").touch()
    with console_app.app_context(), unit_of_work() as uow:
        uow.lock_platform(console_platform.id).revision += 1
    found, also = row(admin, "groundwork"), row(root, "groundwork")
    shutil.rmtree(versions.parent)
    assert 'data-look="migration"' in found
    assert "On, needs migration" in found
    assert "groundwork_001 is not applied" in found
    assert "/instance/migrations" not in found
    assert 'id="migrations-groundwork" href="/instance/migrations"' in also


def test_a_module_whose_package_is_gone_keeps_its_row_and_says_what_stays(
    admin: Visitor, console_app: Flask, console_platform: PlatformView
) -> None:
    with console_app.app_context(), unit_of_work() as uow:
        uow.session.add(
            ModuleRow(
                platform_id=console_platform.id,
                module="vanished",
                wanted=True,
                origin=Origin.EXPLICIT,
                state=ModuleState.ENABLED,
                changed_at=console_app.extensions["console"].clock(),
            )
        )
        uow.lock_platform(console_platform.id).revision += 1
    found = row(admin, "vanished")
    assert 'data-look="gone"' in found
    assert "On, but not installed" in found
    assert "Data and settings stay" in found
    assert "formaction" not in found
    assert "vanished" in admin.get(f"{LIST}?show=attention").text


def test_the_badge_counts_what_was_changed_here_and_the_row_says_who_did_it_last(
    admin: Visitor, console_app: Flask, console_platform: PlatformView
) -> None:
    assert "badge-retuned" not in row(admin, "retuned")
    rt, changes = console_app.extensions["console"], {"colour": "blue", "size": 5}
    with console_app.app_context(), unit_of_work() as uow:
        configs.save(uow, rt, console_platform.id, "retuned", changes, actor=TESTER, now=rt.clock())
    found = row(admin, "retuned")
    assert 'href="/admin/acme/modules/retuned/config" data-testid="badge-retuned">2 changed</a>' in found
    assert "tester" in found
