"""A row of configuration that cannot be read: its module says so, and nothing else stops."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text

from console.context import runtime
from console.services.views import PlatformView
from console.storage.uow import unit_of_work
from console.testing.people import Visitor
from tests.support.bench import HOSTILE
from tests.web.html import element

LIST = "/admin/acme/modules"
FORM = f"{LIST}/vault/config"
DAMAGE = {
    "no object": "[1]",
    "a secret of another key": '{"api_key": {"$secret": "v1:0000:AAAA"}}',
    "a secret that is none": '{"api_key": {"$secret": 7}}',
    "a value of another kind": '{"retries": {"a": "b"}}',
}


@pytest.fixture
def console_settings(tmp_path: Path) -> dict[str, object]:
    return {"data_dir": tmp_path / "data", "insecure_http": True, "modules_path": [HOSTILE / "cli"]}


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_row_needs_config_and_is_mended_by_saving(
    admin: Visitor, console_app: Flask, console_platform: PlatformView, damage: str
) -> None:
    assert admin.post(FORM, {"revision": "0", "c_api_key": "sk-1", "c_retries": "5"}).status_code == 303
    damaged(console_app, console_platform.id, DAMAGE[damage])
    assert ">needs config</a>" in element(admin.get(LIST), "module-row-vault")
    for page in (f"{LIST}/vault", FORM, f"{LIST}/vault/history", "/admin/acme/", LIST):
        assert admin.get(page).status_code == 200
    saved = admin.post(FORM, {"revision": "1", "c_api_key": "sk-2", "c_retries": "5"})
    assert saved.status_code == 303, saved.text
    assert ">needs config</a>" not in element(admin.get(LIST), "module-row-vault")


def damaged(app: Flask, platform_id: int, overrides: str) -> None:
    with app.app_context(), unit_of_work() as uow:
        uow.lock_platform(platform_id).revision += 1
        statement = text("UPDATE module_configs SET overrides = :raw WHERE platform_id = :id AND module = 'vault'")
        uow.session.execute(statement, {"raw": overrides, "id": platform_id})
        runtime().snapshots.clear()
