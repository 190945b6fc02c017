"""The product in French: every text of templates and code has one, in all its forms, with the same placeholders."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from babel.messages.catalog import Message

from console.domain import sentences
from console.testing.people import Visitor
from tests.support.texts import (
    ROOT,
    Found,
    calls,
    code_files,
    console_catalog,
    console_texts,
    module_folders,
    module_texts,
)
from tests.support.texts import sentences as sentences_of

PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]")
MODULES = pytest.mark.parametrize("folder", module_folders(), ids=lambda folder: str(folder.name))
TEXTS = list(console_texts())


@pytest.fixture
def database_kind() -> str:
    """Words."""
    return "sqlite"


def forms(message: Message | None) -> list[str]:
    """What a catalog has for a text, each plural form by itself."""
    if message is None or message.fuzzy:
        return []
    return [message.string] if isinstance(message.string, str) else list(message.string or ())


def lacking(found: Found, message: Message | None) -> str | None:
    """What is missing in French, None when nothing is."""
    given = forms(message)
    if not given or not all(given):
        return f"{found} has no French text"
    if found.many is not None and len(given) != 2:
        return f"{found} counts, and its French text has no second form"
    if found.many is not None and message is not None and message.id != (found.text, found.many):
        return f"{found} has another plural than its entry: {found.many!r}"
    return None


def test_every_text_of_templates_and_code_has_a_french_one_in_all_its_forms() -> None:
    french = console_catalog("fr")
    assert [fault for found in TEXTS if (fault := lacking(found, french.get(found.text)))] == []


def test_no_french_text_is_left_over() -> None:
    used = {found.text for found in TEXTS}
    assert [text for text in console_catalog("fr") if text not in used] == []


def test_no_placeholder_is_lost_or_made_up() -> None:
    wrong = [
        f"{text!r} became {form!r}"
        for text, message in console_catalog("fr").items()
        for form in forms(message)
        if set(PLACEHOLDER.findall(form)) != set(PLACEHOLDER.findall(text))
    ]
    assert wrong == []


def test_a_text_is_written_out_where_it_is_looked_up() -> None:
    wrong = [
        f"{path.relative_to(ROOT)}:{call.lineno}"
        for path in code_files()
        for call in calls(path)
        for text in call.args[:1]
        if isinstance(text, ast.JoinedStr | ast.BinOp)
    ]
    assert wrong == [], "these put facts into the text; name them as %(name)s instead"


REFUSALS = frozenset({"RuleRefused", "UsageError", "Conflict", "LoginRequired", "CsrfRefused", "Notice"})
ENGLISH = ("console/services/backups/", "console/services/migrations/", "console/services/purge.py", "console/web/api/")
"""What only the command line and the API show, and the one service whose findings a page words by their code."""


def test_what_refuses_a_person_is_said_and_not_only_written() -> None:
    wrong = []
    for path in code_files():
        place = str(path.relative_to(ROOT))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in REFUSALS:
                given = [*node.args, *(each.value for each in node.keywords if each.arg in ("hint", "message"))]
                # Codes, and whatever else holds no sentence, have no space in them.
                texts = [each for each in given if isinstance(each, ast.JoinedStr) or " " in literal(each)]
                wrong += [f"{place}:{each.lineno}" for each in texts if not place.startswith(ENGLISH)]
    assert not wrong, f"{sorted(set(wrong))}: these stay English on pages; write say(…) around them"


def literal(node: ast.AST) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def test_a_sentence_that_tables_hold_is_recognised_with_its_facts() -> None:
    for template in sentences.KEPT:
        facts = {name[2:-2]: f"<{name[2:-2]}>" for name in PLACEHOLDER.findall(template)}
        found = sentences.recall(template % facts if facts else template)
        assert (getattr(found, "template", None), getattr(found, "facts", None)) == (template, facts)
    assert type(sentences.recall("the bank is closed")) is str


@MODULES
def test_every_text_of_a_module_is_there_in_both_languages(folder: Path) -> None:
    english, french = module_texts(folder, "en"), module_texts(folder, "fr")
    french = {key: text for key, text in french.items() if key not in sentences_of(french)}
    place = f"{folder.name}/locales"
    faults = [f"{place}/fr.json lacks {key}" for key in english if key not in french]
    faults += [f"{place}/en.json lacks {key}" for key in french if key not in english]
    faults += [f"{place}/fr.json: {key} is empty" for key, text in french.items() if not text]
    faults += [
        f"{place}: {key} has other placeholders in fr.json"
        for key in english
        if set(PLACEHOLDER.findall(english[key])) != set(PLACEHOLDER.findall(french.get(key, english[key])))
    ]
    assert faults == []


def test_a_page_comes_in_the_language_that_the_browser_asks_for(admin: Visitor) -> None:
    page = admin.get("/admin/acme/modules", Accept_Language="fr")
    assert '<html lang="fr"' in page.text
    assert "Toujours activé" in page.text
    assert "Always on" not in page.text
    assert "Always on" in admin.get("/admin/acme/modules", Accept_Language="en").text
