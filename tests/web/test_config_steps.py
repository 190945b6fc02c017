"""The steps of configuring: judged while writing, reviewed, saved; the module has one key of each kind."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest
from flask import Flask
from pydantic import SecretStr
from sqlalchemy import text
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from console.context import runtime
from console.services import config_history, configs
from console.services.views import PlatformView
from console.storage.uow import read_session, unit_of_work
from console.testing.people import Visitor
from tests.web.browserless import posted_by

SHELF = Path(__file__).parents[1] / "support" / "shelf"
FORM = "/admin/acme/modules/depot/config"
HISTORY = "/admin/acme/modules/depot/history"
HTMX = {"HX-Request": "true", "HX-Request-Type": "partial"}


@pytest.fixture
def console_settings(console_settings: dict[str, object]) -> dict[str, object]:
    """With the module ``depot``."""
    return {**console_settings, "modules_path": [SHELF]}


def untouched(page: TestResponse) -> MultiDict[str, str]:
    """What a browser would post of the configuration form on the page."""
    found = re.search(r'<form method="post"[^>]*data-testid="config-.*?</form>', page.text, re.S)
    assert found
    return posted_by(found[0])


def send(visitor: Visitor, posted: MultiDict[str, str], **headers: str) -> TestResponse:
    """Post a form as it stands, repeated names included."""
    return visitor.client.post(FORM, data=posted, headers={"Accept": "text/html", **headers})


def fill(form: MultiDict[str, str], typed: dict[str, str]) -> None:
    """Write into the form as a person would, over what stands there."""
    for name, value in typed.items():
        form[name] = value


def values(app: Flask, platform: PlatformView) -> dict[str, object]:
    with app.app_context():
        return configs.for_code(read_session(), runtime(), platform.id, "depot")


def revisions(app: Flask, platform: PlatformView) -> int:
    with app.app_context():
        return len(config_history.history(read_session(), platform.id, "depot"))


def row(page: TestResponse, key: str) -> list[str]:
    """The cells of a change, tags removed."""
    found = re.search(rf'<tr data-testid="{re.escape(key)}">(.*?)</tr>', page.text, re.S)
    assert found, f"{key} is not on the page"
    cells = re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", found[1], re.S)
    return [unescape(" ".join(re.sub(r"<[^>]+>", " ", cell).split())) for cell in cells]


def test_a_form_that_nobody_touched_is_no_change(
    admin: Visitor, console_app: Flask, console_platform: PlatformView
) -> None:
    answer = send(admin, untouched(admin.get(FORM)))
    assert answer.status_code == 303
    assert "Nothing was changed." in admin.get(answer.headers["Location"]).text
    assert revisions(console_app, console_platform) == 0


def test_groups_units_help_and_the_text_of_choices_are_on_the_page_in_the_readers_language(admin: Visitor) -> None:
    english, french = admin.get(FORM), admin.get(FORM, Accept_Language="fr")
    for words in ("<h2>Carrier</h2>", "Slots", "a day", "From 1 to 365.", ">Blue<", "One per line.", "As JSON."):
        assert words in english.text
    for words in ("<h2>Marchandises</h2>", "Créneaux", "par jour", "De 1 à 365.", ">Rouge<", "Un par ligne."):
        assert words in french.text
    assert english.text.index("field-slots") < english.text.index("field-data")


def test_the_review_shows_what_would_change_and_stores_nothing(
    admin: Visitor, console_app: Flask, console_platform: PlatformView
) -> None:
    form = untouched(admin.get(FORM))
    form["c_slots"], form["c_api_key"], form["c_tags"] = "20", "sk_live_abc", "new\r\n<b>heavy</b>"
    form["c_address-city"] = "Köln"
    form.pop("c_weekends")
    page = send(admin, form)
    assert page.status_code == 200
    assert row(page, "change-slots") == ["Slots", "14 a day", "20 a day"]
    assert row(page, "change-tags") == ["Tags", "new fragile", "new <b>heavy</b>"]
    assert row(page, "change-api_key") == ["API key", "empty", "a new value"]
    assert row(page, "change-weekends") == ["Weekends", "On", "Off"]
    assert row(page, "change-address") == ["Address · City", "Luxembourg", "Köln"]
    assert "sk_live_abc" not in page.text
    assert "<b>heavy" not in page.text
    assert revisions(console_app, console_platform) == 0

    confirmed = untouched(page)
    confirmed["note"] = "spring"
    assert send(admin, confirmed).status_code == 303
    found = values(console_app, console_platform)
    assert (found["slots"], found["tags"], found["weekends"]) == (20, ["new", "<b>heavy</b>"], False)
    assert isinstance(found["api_key"], SecretStr)
    assert found["api_key"].get_secret_value() == "sk_live_abc"
    history = admin.get(HISTORY).text
    assert "spring" in history
    for code in ("True", "False", "None", "&#39;new&#39;", "sk_live"):
        assert code not in history


def test_from_the_review_one_goes_back_with_everything_typed(admin: Visitor) -> None:
    form = untouched(admin.get(FORM))
    form["c_data"], form["c_api_key"] = "Zut <i>", "sk_live_abc"
    back = untouched(send(admin, form))
    back["edit"] = "1"
    page = send(admin, back)
    assert page.status_code == 200
    assert 'value="Zut &lt;i&gt;"' in page.text
    assert "kept sealed until you save" in page.text
    again = send(admin, untouched(page))
    assert row(again, "change-api_key")[2] == "a new value"


def test_a_sealed_secret_of_somebody_else_is_not_taken(admin: Visitor, root: Visitor) -> None:
    form = untouched(admin.get(FORM))
    form["c_api_key"] = "sk_live_abc"
    stolen = untouched(send(admin, form))
    stolen["csrf_token"] = root.csrf
    assert stolen["sealed_api_key"]
    answer = send(root, stolen)
    assert "Nothing was changed." in root.get(answer.headers["Location"]).text


def test_while_writing_only_the_input_in_question_is_judged_and_nothing_is_written(
    admin: Visitor, console_app: Flask, console_platform: PlatformView
) -> None:
    form = untouched(admin.get(FORM))
    form["c_slots"], form["c_data"], form["check"] = "900", "Buy now!", "c_slots"
    part = send(admin, form, **HTMX)
    assert part.status_code == 200
    assert 'id="field-slots"' in part.text
    assert 'id="error-slots"' in part.text
    assert "365 or less" in part.text
    assert "field-data" not in part.text
    assert "<html" not in part.text
    form["check"] = "c_data"
    assert "inutile de crier" in send(admin, form, **HTMX, **{"Accept-Language": "fr"}).text
    form["c_address-floor"], form["check"] = "99", "c_address-floor"
    assert 'id="error-address-floor"' in send(admin, form, **HTMX).text
    form["check"] = "c_nothing"
    assert send(admin, form, **HTMX).status_code == 404
    assert revisions(console_app, console_platform) == 0


def test_every_fault_is_named_beside_its_input_and_above_the_form(admin: Visitor) -> None:
    form = untouched(admin.get(FORM))
    form["c_slots"], form["c_address-floor"], form["c_goods"] = "many", "99", '{"kind": "box",\n}'
    page = send(admin, form)
    assert page.status_code == 422
    for name in ("slots", "address-floor", "goods"):
        assert f'id="error-{name}"' in page.text
    assert "(line 2, column 1)" in page.text
    assert 'href="#field-address"' in page.text
    assert 'value="many"' in page.text
    french = send(admin, form, **{"Accept-Language": "fr"}).text
    assert "écrivez un nombre entier" in french
    assert "40 ou moins" in french


def test_what_is_wrong_with_several_values_together_is_said_above_the_form(admin: Visitor) -> None:
    form = untouched(admin.get(FORM))
    form["c_slots"], form["c_reserve"] = "5", "6"
    page = send(admin, form)
    assert page.status_code == 422
    assert "the value cannot be used" in page.text  # the validator sees secrets, so its own words are held back


def test_one_key_or_all_go_back_to_their_default_after_a_look(
    admin: Visitor, console_app: Flask, console_platform: PlatformView
) -> None:
    admin.post(FORM, {"revision": "0", "c_slots": "20", "c_data": "Open"})
    form = untouched(admin.get(FORM))
    form["unset"] = "slots"
    page = send(admin, form)
    assert row(page, "change-slots") == ["Slots", "20 a day", "14 a day the default"]
    assert send(admin, untouched(page)).status_code == 303
    assert values(console_app, console_platform)["slots"] == 14
    form = untouched(admin.get(FORM))
    form["reset_all"] = "1"
    assert send(admin, untouched(send(admin, form))).status_code == 303
    assert values(console_app, console_platform)["data"] == "a key that a form uses itself"
    assert 'data-testid="config-reset"' not in admin.get(FORM).text


def test_a_stored_secret_is_kept_replaced_or_removed_but_never_shown(
    admin: Visitor, console_app: Flask, console_platform: PlatformView
) -> None:
    admin.post(FORM, {"revision": "0", "c_api_key": "sk_live_abc"})
    page = admin.get(FORM)
    assert 'data-testid="clear-api_key"' in page.text
    form = untouched(page)
    form["clear_api_key"] = "1"
    review = send(admin, form)
    assert row(review, "change-api_key")[2] == "empty the default"
    assert send(admin, untouched(review)).status_code == 303
    assert values(console_app, console_platform)["api_key"] is None


def store(app: Flask, platform: PlatformView, overrides: str) -> None:
    """Overrides as an older version of the module left them."""
    with app.app_context(), unit_of_work() as uow:
        statement = text("UPDATE module_configs SET overrides = :raw WHERE platform_id = :id")
        uow.session.execute(statement, {"raw": overrides, "id": platform.id})
    with app.app_context():
        runtime().snapshots.clear()


def test_a_stored_value_that_the_schema_refuses_today_is_shown_kept_and_mended(
    admin: Visitor, console_app: Flask, console_platform: PlatformView
) -> None:
    admin.post(FORM, {"revision": "0", "c_slots": "20"})
    old = '{"slots": "dozens", "weekends": "maybe", "colour": "green", "sizes": {"a": 1}, "address": {"floor": 99}}'
    store(console_app, console_platform, old)
    page = admin.get(FORM)
    assert page.status_code == 200
    assert 'value="dozens"' in page.text
    for name in ("slots", "weekends", "colour", "sizes"):
        assert f'id="error-{name}"' in page.text
        assert f'data-testid="reset-{name}"' in page.text
    assert "In force until then:" in page.text
    assert 'id="error-address-floor"' in page.text
    assert untouched(page)["c_address-city"] == "Luxembourg"
    form = untouched(page)
    assert "Nothing was changed." in admin.get(send(admin, form).headers["Location"]).text
    form["c_data"] = "Open"
    refused = send(admin, form)
    assert refused.status_code == 422
    assert 'value="dozens"' in refused.text
    fill(form, {"c_slots": "12", "c_weekends": "false", "c_colour": "blue", "c_sizes": "[4]", "c_address-floor": "1"})
    review = send(admin, form)
    assert row(review, "change-slots") == ["Slots", "dozens a day", "12 a day"]
    assert send(admin, untouched(review)).status_code == 303
    found = values(console_app, console_platform)
    assert (found["slots"], found["weekends"], found["sizes"]) == (12, False, {4})


def test_a_damaged_record_is_mended_by_saving(
    admin: Visitor, console_app: Flask, console_platform: PlatformView, database_kind: str
) -> None:
    admin.post(FORM, {"revision": "0", "c_slots": "20"})
    store(console_app, console_platform, "[1" if database_kind == "sqlite" else "[1]")  # Postgres knows what JSON is
    page = admin.get(FORM)
    assert "cannot be read" in page.text
    review = send(admin, untouched(page))
    assert "written anew" in review.text
    assert send(admin, untouched(review)).status_code == 303
    assert "cannot be read" not in admin.get(FORM).text


@pytest.mark.parametrize("odd", ["a\x00b"])
def test_a_character_that_no_database_takes_is_refused_beside_its_input(admin: Visitor, odd: str) -> None:
    form = untouched(admin.get(FORM))
    form["c_data"] = odd
    page = send(admin, form)
    assert page.status_code == 422
    assert "a character that cannot be stored" in page.text
