"""The console in French: every text of the templates has one, placeholders survive, and pages come in it."""

from __future__ import annotations

import re

from babel.messages.catalog import Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from console.paths import data_folder
from console.testing.people import Visitor

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
