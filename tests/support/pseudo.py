"""A language that nobody speaks: every text in brackets and with accents, so that what is not a text stands out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from io import BytesIO

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.support import Translations

from console.web.i18n import Folders
from tests.support.texts import console_texts, module_texts, sentences

LANGUAGE = "eo"
"""The texts are made up, but the locale must be one that Babel knows."""

_PLACEHOLDER = re.compile(r"(%\(\w+\)[a-z])")
_ACCENTS = str.maketrans("aeiouycnAEIOUYCN", "áéíóúýçñÁÉÍÓÚÝÇÑ")
_TEXT = re.compile(r"⟦[^⟦⟧]*(?:⟧|…)")  # a long one may be cut


def disguised(text: str) -> str:
    """``text`` in the language; placeholders stay."""
    parts = _PLACEHOLDER.split(text)
    return "⟦" + "".join(part if part.startswith("%(") else part.translate(_ACCENTS) for part in parts) + "⟧"


def speak(patch: pytest.MonkeyPatch) -> None:
    """Give every catalog of the process the language."""
    read, languages = Folders.read, Folders.languages

    def with_disguise(folders: Folders, language: str) -> Translations | None:
        return _catalog(folders) if language == LANGUAGE else read(folders, language)

    patch.setattr(Folders, "read", with_disguise)
    patch.setattr(Folders, "languages", lambda folders: languages(folders) | {LANGUAGE})


def _catalog(folders: Folders) -> Translations:
    catalog = Catalog(locale=LANGUAGE)
    if folders.locales is None:
        for found in console_texts():
            if found.many is None:
                catalog.add(found.text, disguised(found.text))
            else:
                catalog.add((found.text, found.many), (disguised(found.text), disguised(found.many)))
    elif (folders.locales / "en.json").is_file():
        folder = folders.locales.parent
        for key, text in module_texts(folder, "en").items():
            catalog.add(key, disguised(text))
        for sentence in sentences(module_texts(folder, "fr") if (folders.locales / "fr.json").is_file() else {}):
            catalog.add(sentence, disguised(sentence))
    compiled = BytesIO()
    write_mo(compiled, catalog)
    compiled.seek(0)
    return Translations(compiled)


def undisguised(page: str, data: re.Pattern[str]) -> list[str]:
    """What a person reads on ``page`` that is neither a text nor matches ``data``, each with where it stands."""
    reader = _Reader()
    reader.feed(page)
    found = []
    for where, text in reader.read():
        rest = text
        while rest != (rest := _TEXT.sub(" ", rest)):
            pass
        if re.search(r"[^\W\d_]", data.sub(" ", rest)):
            found.append(f"{where}: {' '.join(text.split())}")
    return found


SILENT = frozenset({"script", "style", "code", "pre", "time", "svg"})
SHOWN = frozenset({"aria-label", "title", "placeholder", "alt", "data-label", "label", "aria-roledescription"})
VOID = frozenset({"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "use", "wbr"})


@dataclass
class _Reader(HTMLParser):
    """Collects what is to be read, without what is marked as data."""

    open: list[tuple[str, bool]] = field(default_factory=list)
    found: list[tuple[str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        silent = bool(self.open and self.open[-1][1]) or tag in SILENT or given.get("translate") == "no"
        if not silent or tag == "time":
            self.found += [(f"<{tag} {name}>", given[name] or "") for name in given if name in SHOWN and tag != "time"]
        if tag not in VOID:
            self.open.append((tag, silent))

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if data.strip() and not (self.open and self.open[-1][1]):
            self.found.append((f"<{self.open[-1][0]}>" if self.open else "", data))

    def read(self) -> Iterator[tuple[str, str]]:
        """Element and text."""
        return iter(dict.fromkeys(self.found))
