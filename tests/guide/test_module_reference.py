"""The page about the seven modules names all that they offer."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from flask import Flask

from console.app import create_app
from console.sdk import MODULES, installed_modules, routes

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "reference" / "modules.md"


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The console with its modules; its database stays untouched."""
    return create_app({"data_dir": tmp_path_factory.mktemp("data")})


SEVEN = ("tenancy", "cms", "payments", "orders", "billing", "analytics", "dev-tools")


def part(code: str) -> str:
    """What the page says about one module."""
    found = re.search(rf"^## [^\n]+: `{code}`\n(.*?)(?=^## |\Z)", PAGE.read_text(encoding="utf-8"), re.M | re.S)
    assert found is not None, code
    return found[0]


def error_codes(folder: Path) -> set[str]:
    """The codes that the classes of a module's ``exceptions.py`` give."""
    file = folder / "exceptions.py"
    tree = ast.parse(file.read_text(encoding="utf-8")) if file.exists() else ast.Module([], [])
    return {
        str(keyword.value.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        for keyword in node.keywords
        if keyword.arg == "code" and isinstance(keyword.value, ast.Constant)
    }


@pytest.mark.parametrize("code", SEVEN)
def test_the_page_names_everything_of_a_module(code: str, loaded: Flask) -> None:
    text = part(code)
    with loaded.app_context():
        definition = MODULES[code]
        module = next(each for each in installed_modules() if each.code == code)
        addresses = [each for each in routes() if each.module == code and each.frontend.startswith("api_")]
    assert definition.name in text
    keys = definition.config_schema.model_fields if definition.config_schema else {}
    for word in (*definition.features, *definition.permissions, *keys, *definition.requires, *error_codes(module.path)):
        assert f"`{word}`" in text
    joined = " ".join(text.split())
    for address in addresses:
        rule = re.sub(r"<(?:\w+:)?(\w+)>", r"<\1>", address.rule)
        methods = re.findall(rf"`([A-Z ]+) {re.escape(rule)}`", joined)
        assert methods, f"{address.methods} {rule}"
        assert set(address.methods) <= set(" ".join(methods).split())


def test_the_seven_are_all_there_are(loaded: Flask) -> None:
    with loaded.app_context():
        assert {each.code for each in installed_modules()} == set(SEVEN)
