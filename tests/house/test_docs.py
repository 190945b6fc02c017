"""The documents name everything that users, scripts and authors rely on, and link to nothing that is not there."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import click

from tests.house.sources import ROOT, name_of, python_files, tree_of

DOCS = ROOT / "docs"


def reference(name: str) -> str:
    return (DOCS / name).read_text()


def test_every_setting_is_documented_and_nothing_else() -> None:
    from console.settings import NAMES

    text = reference("reference/settings.md")
    documented = {name.lower() for name in re.findall(r"^\| `CONSOLE_([A-Z0-9_]+)`", text, re.M)}
    assert documented == set(NAMES)


def test_no_document_names_a_setting_that_is_not_there() -> None:
    from console.settings import NAMES

    known = {name.upper() for name in NAMES} | {"DATABASE_URL_FILE", "MODULE"}
    named = {
        (name_of(path), found)
        for path in documents()
        for found in re.findall(r"CONSOLE_([A-Z][A-Z0-9_]*[A-Z0-9])", path.read_text())
        if found not in known and not found.startswith("MODULE__")
    }
    assert named == set()


def error_codes() -> Iterator[str]:
    """Codes of the error classes, and codes given to a class that takes one."""
    classes = {node.name for node in tree_of(ROOT / "console/errors.py").body if isinstance(node, ast.ClassDef)}
    for path in python_files("console"):
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.ClassDef) and classes & {node.name, *map(ast.unparse, node.bases)}:
                yield from (value for name, value in class_texts(node) if name == "code")
            if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] in classes:
                yield from (
                    str(keyword.value.value)
                    for keyword in node.keywords
                    if keyword.arg == "code" and isinstance(keyword.value, ast.Constant)
                )


def class_texts(node: ast.ClassDef) -> Iterator[tuple[str, str]]:
    """Every attribute of a class that is set to a text."""
    for each in node.body:
        if isinstance(each, ast.Assign | ast.AnnAssign) and isinstance(each.value, ast.Constant):
            target = each.targets[0] if isinstance(each, ast.Assign) else each.target
            if isinstance(each.value.value, str):
                yield ast.unparse(target), each.value.value


def test_every_error_code_is_documented() -> None:
    text = reference("reference/errors.md")
    assert {code for code in error_codes() if f"`{code}`" not in text} == set()


def test_every_code_of_http_itself_is_documented() -> None:
    from console.web.errors import NAMES

    text = reference("reference/errors.md")
    assert [code for code in (*NAMES.values(), "internal_error") if f"`{code}`" not in text] == []


def test_every_block_and_warning_of_a_plan_is_documented() -> None:
    text = reference("reference/errors.md")
    codes = set()
    for path in python_files("console/domain"):
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] in {"Notice", "Block", "Warning"}:
                given = [*node.args[:1], *(keyword.value for keyword in node.keywords if keyword.arg == "code")]
                codes |= {str(each.value) for each in given if isinstance(each, ast.Constant)}
    assert {code for code in codes if f"`{code}`" not in text} == set()


def test_every_address_of_the_console_is_documented(tmp_path: Path) -> None:
    from console import create_app
    from console.settings import load_settings

    text = reference("reference/http.md")
    app = create_app(load_settings({"data_dir": tmp_path}, {}))
    rules = [each for each in app.url_map.iter_rules() if each.endpoint.count(".") == 1]
    addresses = {re.sub(r"<\w+(\(.*?\))?:(\w+)>", r"<\2>", each.rule) for each in rules}
    assert {address for address in addresses if f"`{address}`" not in text} == set()


def commands(group: click.Group, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Every command of the command line with the words that reach it."""
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        if isinstance(command, click.Group):
            yield from commands(command, (*path, name))
        else:
            yield (*path, name), command


def command_line() -> click.Group:
    from console.cli.groups import console_group

    return console_group


def test_every_command_is_documented() -> None:
    text = reference("reference/cli.md")
    missing = [" ".join(words) for words, _ in commands(command_line()) if f"`{' '.join(words)}" not in text]
    assert missing == []


def test_every_option_is_documented() -> None:
    text = reference("reference/cli.md")
    missing = {
        (" ".join(words), option)
        for words, command in commands(command_line())
        for parameter in command.params
        if isinstance(parameter, click.Option) and not parameter.hidden
        for option in parameter.opts
        if option.startswith("--") and f"`{option}" not in text and f" {option}" not in text
    }
    assert missing == set()


def test_every_name_of_the_sdk_is_documented() -> None:
    from console import sdk

    text = reference("development/creating-modules.md")
    assert [name for name in sdk.__all__ if f"`{name}" not in text and name not in code_blocks(text)] == []


def code_blocks(text: str) -> set[str]:
    """The identifiers in the blocks of a document."""
    blocks = re.findall(r"^```.*?^```", text, re.M | re.S)
    return set(re.findall(r"\w+", " ".join(blocks)))


def python_blocks() -> Iterator[tuple[Path, str]]:
    """Every block of Python in the documents."""
    for path in documents():
        for block in re.findall(r"^```python\n(.*?)^```", path.read_text(), re.M | re.S):
            yield path, block


def test_every_python_block_is_python_and_imports_what_there_is() -> None:
    from console import sdk, testing

    exported = {"console.sdk": set(dir(sdk)), "console.testing": set(dir(testing))}
    wrong = []
    for path, block in python_blocks():
        tree = ast.parse(block, filename=name_of(path))
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("console"):
                known = exported.get(node.module, set())
                wrong += [
                    f"{name_of(path)}: {node.module}.{each.name}" for each in node.names if each.name not in known
                ]
    assert wrong == []


def command_lines() -> Iterator[tuple[str, list[str]]]:
    """Every line that a reader may type: where it stands, and the words after the program's name."""
    for path in documents():
        for block in re.findall(r"^```console\n(.*?)^```", path.read_text(), re.M | re.S):
            for line in re.findall(r"^\$ (?:module-console|flask|\./run) ([^#\n|&]+)", block, re.M):
                if line.split():
                    yield name_of(path), line.split()


def test_every_command_that_a_document_shows_exists() -> None:
    """Words lead to a command, and its options are options of it; the launcher's own words are in its help."""
    known = dict(commands(command_line()))
    own = set(re.findall(r"^\./run ([a-z]+)", (ROOT / "run").read_text(), re.M))
    wrong = []
    for place, words in command_lines():
        found = [path for path in known if tuple(words[: len(path)]) == path]
        if words[0] in own:
            continue
        options = {option for path in found for parameter in known[path].params for option in parameter.opts}
        unknown = [word for word in words if word.startswith("-") and word not in options]
        if not found or unknown:
            wrong.append(f"{place}: {' '.join(words)}")
    assert wrong == []


def test_every_event_is_documented() -> None:
    from console.sdk import ModuleEvent

    text = reference("development/creating-modules.md")
    assert [event.name for event in ModuleEvent if f"`{event.name}`" not in text] == []


def test_every_field_of_a_definition_is_documented() -> None:
    from dataclasses import fields

    from console.sdk import ModuleDefinition

    text = reference("development/creating-modules.md")
    names = [field.name for field in fields(ModuleDefinition) if not field.name.startswith("_")]
    assert [name for name in names if f"`{name}`" not in text] == []


def test_every_problem_id_is_documented() -> None:
    text = reference("reference/errors.md")
    ids = {
        node.value
        for path in python_files("console")
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and re.fullmatch(r"MOD\d{3}", node.value)
    }
    assert {problem for problem in ids if f"`{problem}`" not in text} == set()


def documents() -> list[Path]:
    return [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted(DOCS.rglob("*.md"))]


def test_every_link_of_the_documents_leads_somewhere() -> None:
    dead = [
        f"{name_of(path)} → {target}"
        for path in documents()
        for target in re.findall(r"\]\(([^)\s]+)\)", path.read_text())
        if not target.startswith(("http://", "https://", "#"))
        if not (path.parent / target.partition("#")[0]).exists()
    ]
    assert dead == []


def test_every_anchor_stands_in_its_document() -> None:
    dead = []
    for path in documents():
        for target in re.findall(r"\]\(([^)\s]*#[^)\s]+)\)", path.read_text()):
            file, _, anchor = target.partition("#")
            if file.startswith("http"):
                continue
            headings = re.findall(r"^#+ (.+)$", ((path.parent / file) if file else path).read_text(), re.M)
            if anchor not in {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}:
                dead.append(f"{name_of(path)} → {target}")
    assert dead == []
