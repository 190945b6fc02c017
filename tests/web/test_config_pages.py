"""Configuration on the page: saved sparsely, refused beside the field, compared when two people save, restored."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from console.context import runtime
from console.services import configs
from console.services.views import PlatformView
from console.storage.uow import read_session
from console.testing.people import Visitor

FORM = "/admin/acme/modules/cms/config"


@pytest.fixture
def database_kind() -> str:
    """The pages of one module's settings; what is stored is for the tests of the services."""
    return "sqlite"


def stored(app: Flask, platform: PlatformView, code: str = "cms") -> dict[str, object]:
    with app.app_context():
        return configs.for_code(read_session(), runtime(), platform.id, code)


def test_the_form_has_every_key_with_its_source(admin: Visitor) -> None:
    page = admin.get(FORM)
    assert 'data-testid="config-form-cms"' in page.text
    for key in ("max_pages_per_vendor", "enable_seo", "default_language"):
        assert f'data-testid="field-{key}"' in page.text
    assert 'min="1"' in page.text
    assert 'max="1000"' in page.text
    assert "Default" in page.text


def test_saving_stores_only_what_was_changed(
    admin: Visitor, console_app: Flask, console_platform: PlatformView
) -> None:
    answer = admin.post(FORM, {"revision": "0", "c_max_pages_per_vendor": "5", "note": "spring"})
    assert answer.status_code == 303
    page = admin.get(answer.headers["Location"])
    assert "Saved as revision 1" in page.text
    assert "Set here" in page.text
    assert 'data-testid="reset-max_pages_per_vendor"' in page.text
    assert stored(console_app, console_platform)["max_pages_per_vendor"] == 5
    assert stored(console_app, console_platform)["enable_seo"] is True
    assert "spring" in admin.get("/admin/acme/modules/cms/history").text


def test_a_value_that_the_schema_rejects_is_refused_beside_its_field(
    admin: Visitor, console_app: Flask, console_platform: PlatformView
) -> None:
    before = stored(console_app, console_platform)
    answer = admin.post(FORM, {"revision": "0", "c_max_pages_per_vendor": "5000", "note": "kept"})
    assert answer.status_code == 422
    assert 'value="5000"' in answer.text
    assert 'aria-invalid="true"' in answer.text
    assert "1000 or less" in answer.text
    assert 'value="kept"' in answer.text
    assert stored(console_app, console_platform) == before


def test_whoever_saves_second_sees_both_versions(
    admin: Visitor, root: Visitor, console_app: Flask, console_platform: PlatformView
) -> None:
    root.post(FORM, {"revision": "0", "c_max_pages_per_vendor": "7"})
    answer = admin.post(FORM, {"revision": "0", "c_max_pages_per_vendor": "9"})
    assert answer.status_code == 409
    assert 'data-testid="config-conflict"' in answer.text
    for value in ("100 pages", "7 pages", "9 pages"):
        assert f"<code>{value}</code>" in answer.text
    assert stored(console_app, console_platform)["max_pages_per_vendor"] == 7
    fresh = re.search(r'name="revision" value="(\d+)"', answer.text)
    assert fresh
    assert admin.post(FORM, {"revision": fresh[1], "c_max_pages_per_vendor": "9"}).status_code == 303
    assert stored(console_app, console_platform)["max_pages_per_vendor"] == 9


def test_a_key_goes_back_to_its_default(admin: Visitor, console_app: Flask, console_platform: PlatformView) -> None:
    default = stored(console_app, console_platform)["max_pages_per_vendor"]
    admin.post(FORM, {"revision": "0", "c_max_pages_per_vendor": "5"})
    assert admin.post(FORM, {"revision": "1", "unset": "max_pages_per_vendor"}).status_code == 303
    assert stored(console_app, console_platform)["max_pages_per_vendor"] == default


def test_an_earlier_revision_is_restored_as_a_new_one(
    admin: Visitor, console_app: Flask, console_platform: PlatformView
) -> None:
    admin.post(FORM, {"revision": "0", "c_max_pages_per_vendor": "5"})
    admin.post(FORM, {"revision": "1", "c_max_pages_per_vendor": "6"})
    answer = admin.post(f"{FORM}/restore", {"revision": "1"})
    assert "Saved as revision 3" in admin.get(answer.headers["Location"]).text
    assert stored(console_app, console_platform)["max_pages_per_vendor"] == 5


def test_nothing_to_save_makes_no_revision(admin: Visitor) -> None:
    admin.post(FORM, {"revision": "0", "c_enable_seo": "y", "on_page_enable_seo": "1"})
    assert 'data-testid="revisions"' not in admin.get("/admin/acme/modules/cms/history").text


def test_a_module_without_configuration_has_no_such_page(admin: Visitor) -> None:
    assert admin.get("/admin/acme/modules/tenancy/config").status_code == 404


def test_a_viewer_may_read_but_not_save(viewer: Visitor) -> None:
    page = viewer.get(FORM)
    assert page.status_code == 200
    assert 'disabled title="Needs the permission modules.configure."' in page.text
    assert page.text.index('data-testid="needs-modules.configure"') < page.text.index('id="config-save"')
    assert viewer.post(FORM, {"revision": "0", "c_max_pages_per_vendor": "5"}).status_code == 403


def test_a_locked_key_says_so_and_cannot_be_edited(
    console_app: Flask, console_platform: PlatformView, admin: Visitor
) -> None:
    from dataclasses import replace

    with console_app.app_context():
        rt = runtime()
        rt.locked = replace(rt.locked, env_modules={"cms": {"max_pages_per_vendor": "3"}})
        rt.snapshots.clear()
    page = admin.get(FORM)
    assert "Locked by the environment" in page.text
    assert "CONSOLE_MODULE__CMS__MAX_PAGES_PER_VENDOR" in page.text
    assert re.search(r'<input[^>]*disabled[^>]*name="c_max_pages_per_vendor"', page.text)
    answer = admin.post(FORM, {"revision": "0", "c_max_pages_per_vendor": "5"})
    assert answer.status_code == 409
    assert "it is set outside the console" in answer.text
    assert stored(console_app, console_platform)["max_pages_per_vendor"] == 3
