"""The texts of the modules: each key that is used exists in English and in French, and none is left over."""

from __future__ import annotations

import json
import re
from importlib import import_module
from pathlib import Path

import pytest
from pydantic import BaseModel

MODULES = Path(__file__).parents[2] / "modules"
FOLDERS = sorted(path.parent for path in MODULES.glob("*/definition.py"))
KEY = re.compile(r"""["']([a-z_]+(?:\.[a-z_]+)+\.?)["']""")
VARIABLE = re.compile(r"%\((\w+)\)")


def texts(folder: Path, language: str) -> dict[str, str]:
    def flat(node: dict[str, object], prefix: str = "") -> dict[str, str]:
        found: dict[str, str] = {}
        for name, value in node.items():
            found |= flat(value, f"{prefix}{name}.") if isinstance(value, dict) else {f"{prefix}{name}": str(value)}
        return found

    return flat(json.loads((folder / "locales" / f"{language}.json").read_text(encoding="utf-8")))


def own(folder: Path, known: dict[str, str]) -> dict[str, str]:
    """The texts under keys; the others translate what stands in the module's schema, which is in English."""
    return {key: text for key, text in known.items() if key.startswith(f"{folder.name}.")}


def schema_texts(node: object) -> set[str]:
    """Titles, help, groups, units and labels in a JSON Schema, as the author wrote them."""
    if not isinstance(node, dict):
        return set()
    found = {str(node[name]) for name in ("description", "group", "unit") if isinstance(node.get(name), str)}
    found |= {str(label) for label in node.get("labels", {}).values()}
    if isinstance(node.get("title"), str):
        found.add(node["title"])
    return found


def configured() -> dict[str, type[BaseModel]]:
    """Folder → the schema of each module that has one."""
    found = {}
    for folder in FOLDERS:
        if (folder / "config.py").exists():
            module = import_module(f"modules.{folder.name}.config")
            schemas = [each for each in vars(module).values() if isinstance(each, type) and issubclass(each, BaseModel)]
            found[folder.name] = next(each for each in schemas if each is not BaseModel)
    return found


@pytest.mark.parametrize(("name", "schema"), configured().items())
def test_every_text_of_a_schema_is_there_in_french_and_none_is_left_over(name: str, schema: type[BaseModel]) -> None:
    properties = schema.model_json_schema()["properties"]
    wanted = {text for node in properties.values() for text in schema_texts(node)}
    assert all("description" in node or node["title"] for node in properties.values())
    french = texts(MODULES / name, "fr")
    assert {key for key in french if not key.startswith(f"{name}.")} == wanted


def used(folder: Path) -> set[str]:
    """Keys in templates and code; one that ends in a point is the beginning of a key made at run time."""
    files = [*folder.rglob("*.html"), *(path for path in folder.rglob("*.py") if "tests" not in path.parts)]
    found = {key for path in files for key in KEY.findall(re.sub(r'\bf"([^"{]*)\{', r'"\1" "', path.read_text()))}
    return {key for key in found if key.startswith(f"{folder.name}.")} - {
        f"{folder.name}.view",
        f"{folder.name}.manage",
    }


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: str(folder.name))
def test_both_languages_have_the_same_texts_with_the_same_variables(folder: Path) -> None:
    english, french = texts(folder, "en"), own(folder, texts(folder, "fr"))
    variables = {key: set(VARIABLE.findall(text)) for key, text in english.items()}
    assert variables == {key: set(VARIABLE.findall(text)) for key, text in french.items()}


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: str(folder.name))
def test_every_key_that_is_used_has_a_text_and_every_text_is_used(folder: Path) -> None:
    known, wanted = set(texts(folder, "en")), used(folder)
    beginnings = tuple(key for key in wanted if key.endswith("."))
    assert {key for key in wanted if not key.endswith(".")} <= known
    assert {key for key in known if key not in wanted and not key.startswith(beginnings or ("\0",))} == set()
