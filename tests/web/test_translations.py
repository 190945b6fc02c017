"""The console in French: every text of the templates has one, placeholders survive, and pages come in it."""

from __future__ import annotations

import re

from babel.messages.catalog import Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from console.domain.config import UNKNOWN
from console.domain.config_schema import FAILED
from console.domain.plain import UNSTORABLE
from console.domain.reason_texts import COUNTED, OTHER, TEXTS
from console.paths import data_folder
from console.services import config_store
from console.testing.people import Visitor
from console.web.forms import json_words

PLACEHOLDER = re.compile(r"%\(\w+\)s")


def french() -> dict[str, Message]:
    path = data_folder("translations") / "fr" / "LC_MESSAGES" / "messages.po"
    with path.open("rb") as file:
        return {message.id if isinstance(message.id, str) else message.id[0]: message for message in read_po(file)}


def test_every_text_of_the_templates_has_a_french_one() -> None:
    methods = [("**.html", "jinja2")]
    found = extract_from_dir(str(data_folder("templates")), method_map=methods, options_map={})
    wanted = {texts if isinstance(texts, str) else texts[0] for _file, _line, texts, _notes, _context in found}
    known = {text for text, message in french().items() if message.string}
    assert wanted - known == set()


def test_every_reason_for_a_refused_value_has_a_french_one() -> None:
    places = {f"{words} ({json_words.PLACE})" for words in (*json_words.WORDS.values(), json_words.OTHER)}
    faults = [fault.text for reason in (config_store.DAMAGED, config_store.UNREADABLE) for fault in reason.faults]
    single = {*TEXTS.values(), *places, *faults, *UNKNOWN.values(), OTHER, FAILED, UNSTORABLE, json_words.TOO_DEEP}
    counted = {one for one, _many, _name in COUNTED.values()}
    known = french()
    assert {text for text in single | counted if text not in known or not known[text].string} == set()
    assert {text for text in counted if not isinstance(known[text].string, tuple)} == set()


def test_no_placeholder_is_lost_or_made_up() -> None:
    wrong = []
    for text, message in french().items():
        forms = [message.string] if isinstance(message.string, str) else list(message.string or ())
        wrong += [form for form in forms if set(PLACEHOLDER.findall(form)) != set(PLACEHOLDER.findall(text))]
    assert wrong == []


def test_a_page_comes_in_the_language_that_the_browser_asks_for(admin: Visitor) -> None:
    page = admin.get("/admin/acme/modules", Accept_Language="fr")
    assert '<html lang="fr"' in page.text
    assert "Toujours activé" in page.text
    assert "Always on" not in page.text
    assert "Always on" in admin.get("/admin/acme/modules", Accept_Language="en").text
