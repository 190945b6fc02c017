"""The texts of the modules: each key that is used or declared has one, and none is left over."""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path

import pytest
from pydantic import BaseModel

from console.domain.definition import ModuleDefinition
from tests.support.texts import module_folders, module_texts, sentences

FOLDERS = module_folders()
KEY = re.compile(r"""["']([a-z_]+(?:\.[a-z_]+)+\.?)["']""")


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
    french = module_texts(next(folder for folder in FOLDERS if folder.name == name), "fr")
    assert set(sentences(french)) == wanted


def declared(folder: Path) -> dict[str, str | None]:
    """Key → English of the texts that pages take for what the definition declares; None where code has no words."""
    definition = definition_of(folder)
    found: dict[str, str | None] = {"module.name": definition.name, "module.description": definition.description}
    found |= {f"tags.{tag}": None for tag in definition.tags}
    found |= {f"features.{feature}": None for feature in definition.features}
    found |= {f"limits.{limit.partition('.')[2]}": None for limit in definition.limits}
    return found | {f"permissions.{permission.partition('.')[2]}": None for permission in definition.permissions}


def definition_of(folder: Path) -> ModuleDefinition:
    python = vars(import_module(f"modules.{folder.name}.definition"))
    return next(value for value in python.values() if isinstance(value, ModuleDefinition))


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: str(folder.name))
def test_what_a_definition_declares_has_a_text_that_agrees_with_it(folder: Path) -> None:
    english = module_texts(folder, "en")
    wanted = declared(folder)
    assert [key for key in wanted if key not in english] == []
    differing = {key: english[key] for key, text in wanted.items() if text is not None and english[key] != text}
    assert differing == {}


def used(folder: Path) -> set[str]:
    """Keys in templates and code; one that ends in a point is the beginning of a key made at run time."""
    files = [*folder.rglob("*.html"), *(path for path in folder.rglob("*.py") if "tests" not in path.parts)]
    found = {key for path in files for key in KEY.findall(re.sub(r'\bf"([^"{]*)\{', r'"\1" "', path.read_text()))}
    definition = definition_of(folder)
    codes = {*definition.permissions, *definition.limits, f"{folder.name}.view", f"{folder.name}.manage"}
    return {key for key in found if key.startswith(f"{folder.name}.")} - codes


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: str(folder.name))
def test_every_key_that_is_used_has_a_text_and_every_text_is_used(folder: Path) -> None:
    known, wanted = set(module_texts(folder, "en")), used(folder) | set(declared(folder))
    beginnings = tuple(key for key in wanted if key.endswith("."))
    assert {key for key in wanted if not key.endswith(".")} <= known
    assert {key for key in known if key not in wanted and not key.startswith(beginnings or ("\0",))} == set()
