"""The language and the clock of a person, and the language of whoever is not logged in yet."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from flask import render_template_string
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from console.domain.words import Role
from console.services import audit, users
from console.storage.tables import User
from console.storage.uow import end_read, read_session
from console.testing.people import Visitor
from tests.support.shop import Shop

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
PROFILE = "/account/profile"


def choose(client: FlaskClient, language: str, back: str = "/login") -> TestResponse:
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/login").get_data(as_text=True))
    assert token is not None
    return client.post("/language", data={"csrf_token": token[1], "language": language, "next": back})


def test_a_visitor_chooses_the_language_without_scripts(shop: Shop) -> None:
    client = shop.app.test_client()
    page = client.get("/login?next=/admin/acme/", headers={"Accept-Language": "en"}).get_data(as_text=True)
    assert 'name="next" value="/login?next=/admin/acme/"' in page
    assert re.search(r'id="language-en"[^>]*aria-pressed="true"', page)
    answer = choose(client, "fr", back="/login?next=/admin/acme/")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/login?next=/admin/acme/")
    cookie = answer.headers["Set-Cookie"]
    assert {"language=fr", "HttpOnly", "SameSite=Lax", "Path=/"} <= set(cookie.split("; "))
    page = client.get("/login", headers={"Accept-Language": "en"}).get_data(as_text=True)
    assert '<html lang="fr"' in page
    assert "Se connecter" in page


def test_a_language_that_nobody_wrote_texts_for_is_not_kept(shop: Shop) -> None:
    client = shop.app.test_client()
    choose(client, "fr")
    assert choose(client, "xx").status_code == 303
    assert client.get_cookie("language") is None
    assert choose(client, "fr", back="https://elsewhere.example/").headers["Location"] == "/"


def test_answers_say_what_their_language_depends_on(shop: Shop) -> None:
    admin = shop.person(Role.PLATFORM_ADMIN)
    for answer in (admin.get("/admin/acme/modules"), shop.app.test_client().get("/login"), admin.get("/nowhere")):
        assert {"Accept-Language", "Cookie"} <= set(answer.headers["Vary"].split(", "))


def test_the_language_of_the_account_wins_over_browser_and_cookie(shop: Shop) -> None:
    admin = shop.person(Role.PLATFORM_ADMIN)
    admin.client.set_cookie("language", "en")
    assert admin.post(PROFILE, {"name": "Ada", "locale": "fr", "timezone": "Asia/Tokyo"}).status_code == 303
    page = admin.get("/account", Accept_Language="en").text
    assert '<html lang="fr"' in page
    assert "Votre profil est enregistré." in page
    assert re.search(r'<option value="fr" selected>Français</option>', page)
    assert re.search(r'<option value="Asia/Tokyo" selected>Tokyo</option>', page)
    assert 'optgroup label="Amérique"' in page


def test_a_profile_is_saved_whole_in_one_entry_and_reaches_every_cache(shop: Shop) -> None:
    admin = shop.person(Role.PLATFORM_ADMIN)
    before = user_of(shop, admin).generation
    for _again in range(2):
        admin.post(PROFILE, {"name": "Ada", "locale": "fr", "timezone": "Europe/Paris"})
    user = user_of(shop, admin)
    assert (user.name, user.locale, user.timezone) == ("Ada", "fr", "Europe/Paris")
    assert user.generation == before + 1
    with shop.app.app_context():
        entries = audit.listing(read_session(), None, action="users.profile", limit=10)
    assert [entry.target for entry in entries] == [user.email]


@pytest.mark.parametrize(("field", "value"), [("locale", "xx"), ("timezone", "Mars/Olympus"), ("timezone", "../x")])
def test_what_the_form_does_not_offer_is_refused_beside_the_field(shop: Shop, field: str, value: str) -> None:
    admin = shop.person(Role.PLATFORM_ADMIN)
    answer = admin.post(PROFILE, {"name": "Ada", "locale": "", "timezone": "", field: value})
    assert answer.status_code == 422
    assert f'id="d-{field}"' in answer.text
    assert 'aria-invalid="true"' in answer.text
    assert user_of(shop, admin).name == ""


def test_moments_and_numbers_follow_the_clock_and_the_language_of_the_person(shop: Shop) -> None:
    admin = shop.person(Role.PLATFORM_ADMIN)
    admin.post(PROFILE, {"name": "", "locale": "fr", "timezone": "Asia/Tokyo"})
    template = (
        '{% from "macros/ui.html" import when %}{{ when(moment) }}'
        '|{{ ngettext("%(num)s module", "%(num)s modules", 12345) }}|{{ 0.5 | numberformat }}'
    )
    with shop.app.test_request_context("/account", headers={"Cookie": cookies(admin)}):
        shop.app.preprocess_request()
        page = render_template_string(template, moment=datetime(2026, 1, 31, 20, tzinfo=UTC))
    assert "1 février 2026" in page
    assert "05:00:00" in page
    assert '<time datetime="2026-01-31T20:00:00+00:00"' in page
    assert "|12\u202f345 modules|0,5" in page


def cookies(visitor: Visitor) -> str:
    cookie = visitor.client.get_cookie("console")
    assert cookie is not None
    return f"console={cookie.value}"


def user_of(shop: Shop, visitor: Visitor) -> User:
    with shop.app.app_context():
        end_read()
        (found,) = (each for each in users.listing(read_session()) if each.id == visitor.user_id)
        return found
