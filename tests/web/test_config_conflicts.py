"""Two people at one configuration, and earlier revisions: nobody's work is lost without a word."""

from __future__ import annotations

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from console.services import configs
from console.services.views import PlatformView
from console.storage.uow import read_session
from console.testing.people import Visitor
from tests.web import test_config_steps as steps
from tests.web.test_config_steps import FORM, HISTORY, fill, row, send, untouched, values

RESTORE = f"{FORM}/restore"


@pytest.fixture
def console_settings(console_settings: dict[str, object]) -> dict[str, object]:
    """With the module ``depot``."""
    return {**console_settings, "modules_path": [steps.SHELF]}


def conflict(admin: Visitor, root: Visitor) -> TestResponse:
    """The answer to an admin who began before somebody else saved."""
    mine = untouched(admin.get(FORM))
    root.post(FORM, {"revision": "0", "c_slots": "60", "c_tags": "fragile\ntheirs", "c_address-floor": "3"})
    fill(mine, {"c_slots": "50", "c_tags": "new\r\nfragile\r\nmine", "c_data": "Mine", "c_api_key": "sk_mine"})
    return send(admin, mine)


def test_three_versions_stand_side_by_side(admin: Visitor, root: Visitor) -> None:
    page = conflict(admin, root)
    assert page.status_code == 409
    assert row(page, "conflict-pick_slots")[1:] == [
        "When you began 14 a day",
        "Theirs, in force now 60 a day",
        "Yours 50 a day",
    ]
    assert row(page, "conflict-pick_tags")[3] == (
        "Yours new fragile mine Both together Both together fragile theirs mine"
    )
    assert row(page, "conflict-pick_address-floor")[2] == "Theirs, in force now 3"
    assert row(page, "conflict-pick_api_key")[3] == "Yours a new value"
    assert "sk_mine" not in page.text


def test_what_only_one_changed_is_chosen_and_what_both_changed_must_be(
    admin: Visitor, root: Visitor, console_app: Flask, console_platform: PlatformView
) -> None:
    form = untouched(conflict(admin, root))
    picks = {name: form.get(name) for name in ("pick_slots", "pick_data", "pick_address-floor", "pick_api_key")}
    assert picks == {
        "pick_slots": None,
        "pick_data": "yours",
        "pick_address-floor": "theirs",
        "pick_api_key": "yours",
    }
    unchosen = send(admin, form)
    assert unchosen.status_code == 409
    assert 'id="error-pick_slots"' in unchosen.text
    fill(form, {"pick_slots": "yours", "pick_tags": "both"})
    review = send(admin, form)
    assert review.status_code == 200
    assert row(review, "change-slots") == ["Slots", "60 a day", "50 a day"]
    assert row(review, "change-tags")[2] == "fragile theirs mine"
    assert send(admin, untouched(review)).status_code == 303
    found = values(console_app, console_platform)
    assert (found["slots"], found["data"], found["tags"]) == (50, "Mine", ["fragile", "theirs", "mine"])
    assert found["address"].floor == 3  # type: ignore[attr-defined]  # the module's own model


def test_a_choice_can_be_mended_by_hand_before_it_is_saved(admin: Visitor, root: Visitor) -> None:
    form = untouched(conflict(admin, root))
    fill(form, {"pick_slots": "theirs", "pick_tags": "began", "edit": "1"})
    page = send(admin, form)
    assert page.status_code == 200
    fields = untouched(page)
    assert (fields["c_slots"], fields["c_tags"], fields["c_data"]) == ("60", "new\r\nfragile", "Mine")
    assert fields["revision"] == "1"


def test_whoever_is_overtaken_again_while_choosing_is_asked_again(admin: Visitor, root: Visitor) -> None:
    form = untouched(conflict(admin, root))
    root.post(FORM, {"revision": "1", "c_slots": "70"})
    fill(form, {"pick_slots": "yours", "pick_tags": "both"})
    page = send(admin, form)
    assert page.status_code == 409
    assert row(page, "conflict-pick_slots")[1:3] == ["When you began 14 a day", "Theirs, in force now 70 a day"]


def test_an_old_form_that_nobody_touched_is_no_conflict(admin: Visitor, root: Visitor) -> None:
    mine = untouched(admin.get(FORM))
    root.post(FORM, {"revision": "0", "c_slots": "60"})
    answer = send(admin, mine)
    assert answer.status_code == 303
    assert "Nothing was changed." in admin.get(answer.headers["Location"]).text


def test_restoring_shows_first_what_it_would_change(
    admin: Visitor, console_app: Flask, console_platform: PlatformView
) -> None:
    admin.post(FORM, {"revision": "0", "c_slots": "20", "c_weekends": "y"})
    admin.post(FORM, {"revision": "1", "c_slots": "30", "on_page_weekends": "1"})
    assert f'href="{RESTORE}?revision=1"' in admin.get(HISTORY).text
    page = admin.get(f"{RESTORE}?revision=1")
    assert row(page, "change-slots") == ["Slots", "30 a day", "20 a day"]
    assert row(page, "change-weekends") == ["Weekends", "Off", "On the default"]
    assert values(console_app, console_platform)["slots"] == 30
    answer = admin.post(RESTORE, {"revision": "1", "seen": "2", "note": "too many"})
    assert "Saved as revision 3" in admin.get(answer.headers["Location"]).text
    assert values(console_app, console_platform)["slots"] == 20
    history = admin.get(HISTORY).text
    assert "Restored from revision 1" in history
    assert "too many" in history


def test_restoring_what_is_in_force_says_so(admin: Visitor) -> None:
    admin.post(FORM, {"revision": "0", "c_slots": "20"})
    page = admin.get(f"{RESTORE}?revision=1")
    assert "Nothing would change" in page.text
    assert 'data-testid="config-confirm"' not in page.text


def test_restoring_after_somebody_saved_shows_the_new_difference(admin: Visitor, root: Visitor) -> None:
    admin.post(FORM, {"revision": "0", "c_slots": "20"})
    admin.post(FORM, {"revision": "1", "c_slots": "30"})
    root.post(FORM, {"revision": "2", "c_slots": "40"})
    page = admin.post(RESTORE, {"revision": "1", "seen": "2"})
    assert page.status_code == 409
    assert row(page, "change-slots") == ["Slots", "40 a day", "20 a day"]


def test_old_values_that_the_schema_refuses_today_cannot_come_back_and_say_why(
    admin: Visitor, console_app: Flask, console_platform: PlatformView
) -> None:
    from sqlalchemy import text

    from console.storage.uow import unit_of_work

    admin.post(FORM, {"revision": "0", "c_slots": "20"})
    admin.post(FORM, {"revision": "1", "c_slots": "30"})
    with console_app.app_context(), unit_of_work() as uow:
        uow.session.execute(text("UPDATE config_revisions SET overrides = '{\"slots\": 999}' WHERE revision = 1"))
    page = admin.get(f"{RESTORE}?revision=1")
    assert page.status_code == 200
    assert "365 or less" in page.text
    assert admin.post(RESTORE, {"revision": "1"}).status_code == 422
    assert values(console_app, console_platform)["slots"] == 30


@pytest.mark.parametrize("revision", ["9", "x", "-1", ""])
def test_a_revision_that_never_was_is_not_found(admin: Visitor, revision: str) -> None:
    assert admin.get(f"{RESTORE}?revision={revision}").status_code == 404
    assert admin.post(RESTORE, {"revision": revision}).status_code == 404


def test_a_viewer_sees_the_history_without_ways_to_restore(admin: Visitor, viewer: Visitor) -> None:
    admin.post(FORM, {"revision": "0", "c_slots": "20"})
    admin.post(FORM, {"revision": "1", "c_slots": "30"})
    page = viewer.get(HISTORY)
    assert "30 a day" in page.text
    assert "restore?" not in page.text
    assert viewer.get(f"{RESTORE}?revision=1").status_code == 403


def test_old_revisions_are_reached_page_by_page(
    admin: Visitor, console_app: Flask, console_platform: PlatformView, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("console.web.admin.config_history.PAGE_SIZE", 2)
    for number in range(5):
        admin.post(FORM, {"revision": str(number), "c_slots": str(20 + number)})
    page = admin.get(HISTORY)
    assert 'data-testid="revision-4"' in page.text
    assert 'data-testid="revision-3"' not in page.text
    assert 'data-testid="revision-2"' in admin.get(f"{HISTORY}?revision=4").text
    with console_app.app_context():
        assert configs.revision_of(read_session(), console_platform.id, "depot") == 5
