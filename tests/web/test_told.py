"""Sentences of rules and services on pages: English in itself, told in the language of the person."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from flask import Flask, render_template_string
from flask_babel import force_locale  # type: ignore[import-untyped]

from console.domain.sentences import recall
from console.domain.words import Role
from console.errors import Forbidden, Unknown
from console.phrases import Phrase, joined, say, say_as, say_count
from console.web.i18n import Folders, TextDomain, Texts
from console.web.told import told
from tests.support.shop import Shop

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)


def in_french(app: Flask, text: str) -> str:
    with app.test_request_context("/"), force_locale("fr"):
        return told(text)


def test_a_phrase_is_told_with_its_facts_and_the_phrases_among_them(app: Flask) -> None:
    inner = say("its definition could not be read")
    outer = say("%(module)s is quarantined: %(reason)s.", module="Orders", reason=inner)
    assert in_french(app, outer) == "Orders est en quarantaine : sa définition n’a pas pu être lue."
    assert in_french(app, joined("; ", (inner, "data"))) == "sa définition n’a pas pu être lue; data"


@pytest.mark.parametrize(
    ("number", "english", "french"),
    [
        (0, "at most 0 characters", "au plus 0 caractère"),
        (1, "at most 1 character", "au plus 1 caractère"),
        (2, "at most 2 characters", "au plus 2 caractères"),
    ],
)
def test_a_phrase_that_counts_takes_the_form_of_the_language(
    app: Flask, number: int, english: str, french: str
) -> None:
    phrase = say_count("at most %(num)s character", "at most %(num)s characters", number)
    assert (phrase, in_french(app, phrase)) == (english, french)


def test_data_that_looks_like_a_text_of_ours_stays_as_it_is(app: Flask) -> None:
    assert in_french(app, "On") == "On"


def test_a_template_tells_whatever_it_writes(app: Flask) -> None:
    with app.test_request_context("/"), force_locale("fr"):
        page = render_template_string(
            "<b title='{{ a }}'>{{ a }}</b> {{ b }} {{ [a, a] | join(', ') }}", a=say("tier"), b="tier"
        )
    assert page == "<b title='formule'>formule</b> tier formule, formule"


def test_a_sentence_out_of_a_table_is_told_again(app: Flask) -> None:
    stored = str(say("%(module)s failed before its turn", module="orders"))
    assert in_french(app, recall(stored)) == "orders a échoué avant son tour"


def test_a_module_names_itself_in_its_own_texts(app: Flask, tmp_path: Path) -> None:
    (tmp_path / "fr.json").write_text('{"module": {"name": "Commandes"}}')
    texts: Texts = app.extensions["console_texts"]
    texts._domains["orders"] = TextDomain(Folders(tmp_path / "none", tmp_path), texts.console)
    assert in_french(app, say_as("orders", "module.name", "Orders")) == "Commandes"
    assert in_french(app, say_as("orders", "module.description", "Sells")) == "Sells"


def test_the_language_has_further_forms_than_two(app: Flask, tmp_path: Path) -> None:
    counted = {"one": "%(num)s strona", "few": "%(num)s strony", "many": "%(num)s stron", "other": "%(num)s strony"}
    (tmp_path / "pl.json").write_text(json.dumps({"shop": {"pages": counted}}))
    texts: Texts = app.extensions["console_texts"]
    texts._domains["orders"] = TextDomain(Folders(tmp_path / "none", tmp_path), texts.console)
    with app.test_request_context("/"), force_locale("pl"):
        said = [texts.ngettext("orders", "shop.pages.one", "shop.pages.other", number) for number in (1, 3, 5)]
    assert said == ["1 strona", "3 strony", "5 stron"]


def test_errors_are_phrases_and_the_api_keeps_their_english(shop: Shop) -> None:
    admin = shop.person(Role.PLATFORM_ADMIN)
    assert isinstance(Unknown("module", "x", ["y"]).message, Phrase)
    assert isinstance(Forbidden("modules.toggle").message, Phrase)
    answer = admin.get("/api/admin/modules/nowhere", Accept_Language="fr", X_Console_Platform="acme")
    assert answer.get_json()["error"]["message"] == "There is no module 'nowhere'."
    refused = admin.get("/instance/users", Accept_Language="fr")
    assert (refused.status_code, "Il vous faut la permission" in refused.text) == (403, True)
