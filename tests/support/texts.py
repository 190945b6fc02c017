"""Every text of the product, found in templates and code, and what the catalogs have for it."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from babel.messages.catalog import Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from console.paths import data_folder

ROOT = Path(__file__).parents[2]
SINGLE = frozenset({"_", "gettext", "lazy_gettext", "say", "mark", "Fault"})
COUNTING = frozenset({"ngettext", "say_count", "counted"})


@dataclass(frozen=True)
class Found:
    """A text where it stands; ``many`` is its plural."""

    where: str
    text: str
    many: str | None = None

    def __str__(self) -> str:
        return f"{self.where}: {self.text!r}"


def console_texts() -> Iterator[Found]:
    """Every text of the console's templates and code."""
    yield from _of_templates()
    for path in code_files():
        yield from (found for call in calls(path) for found in _of_call(path, call))


def _of_templates() -> Iterator[Found]:
    options = {"**.html": {"newstyle_gettext": "true", "silent": "false"}}
    extracted = extract_from_dir(str(data_folder("templates")), [("**.html", "jinja2")], options)
    for file, line, texts, _notes, _context in extracted:
        where = f"templates/{file}:{line}"
        yield Found(where, texts) if isinstance(texts, str) else Found(where, texts[0], texts[1])


def code_files() -> list[Path]:
    """The code that speaks to people on pages; the command line speaks English, with a ``say`` of its own."""
    return sorted(path for path in (ROOT / "console").rglob("*.py") if path.parent != ROOT / "console" / "cli")


def calls(path: Path) -> Iterator[ast.Call]:
    """Every call in a file that names a text, nested ones too."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and name_of(node) in SINGLE | COUNTING:
            yield node


def name_of(call: ast.Call) -> str:
    """The name of what is called; of a method only those that look a text up."""
    if isinstance(call.func, ast.Attribute):
        return call.func.attr if call.func.attr in ("gettext", "ngettext") else ""
    return call.func.id if isinstance(call.func, ast.Name) else ""


def _of_call(path: Path, call: ast.Call) -> Iterator[Found]:
    texts = [each.value for each in call.args if isinstance(each, ast.Constant) and isinstance(each.value, str)][:2]
    where = f"{path.relative_to(ROOT)}:{call.lineno}"
    if name_of(call) in COUNTING and len(texts) == 2:
        yield Found(where, *texts)
    elif name_of(call) in SINGLE and texts:
        yield Found(where, texts[0])


def console_catalog(language: str) -> dict[str, Message]:
    """The console's texts of a language by their English."""
    path = data_folder("translations") / language / "LC_MESSAGES" / "messages.po"
    with path.open("rb") as file:
        read = {message.id if isinstance(message.id, str) else message.id[0]: message for message in read_po(file)}
    return {text: message for text, message in read.items() if text}


def module_folders() -> list[Path]:
    """The folders of the modules that come with the console."""
    return sorted(path.parent for path in (ROOT / "modules").glob("*/definition.py"))


def module_texts(folder: Path, language: str) -> dict[str, str]:
    """The texts of a module by key."""
    return dict(_flat(json.loads((folder / "locales" / f"{language}.json").read_text(encoding="utf-8"))))


def sentences(texts: Mapping[str, str]) -> dict[str, str]:
    """Those of a module's texts that stand under their own English, as a schema has it, and not under a key."""
    return {key: text for key, text in texts.items() if not re.fullmatch(r"[a-z0-9_-]+(\.[a-z0-9_-]+)+", key)}


def _flat(node: Mapping[str, object], prefix: str = "") -> Iterator[tuple[str, str]]:
    for name, value in node.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", str(value)
