"""The habits of the house, held over every file of it."""

from __future__ import annotations

import ast
import re
import tomllib
from pathlib import Path

from tests.house.sources import ROOT, calls, functions, name_of, python_files, tree_of, where, written_by_hand

FILE_LINES = 400
FUNCTION_LINES = 60

TOP_LEVEL = {
    *("console", "modules", "static", "templates", "translations", "migrations", "tests", "docs", "benchmarks"),
    *("Dockerfile", "compose.yaml", "requirements.lock", "requirements-build.lock"),
    *("run", "LICENSE", "CHANGELOG.md", "SECURITY.md", "README.md", "pyproject.toml"),
}
MADE_BY_RUNNING = {"data", "dist", "build", "secrets", "console.toml"}  # ignored by git

CLOCK = re.compile(r"(^|\.)(now|utcnow|today)$")
# Times come in as arguments; the composition root hands the clock to whoever needs it.
CLOCK_EDGES = ("console/storage/clock.py", "console/testing/")
SPEAKERS = ("console/cli/", "console/__main__.py", "benchmarks/", "run")

MACHINE_PATHS = re.compile(r"(?<![\w.<{}/-])/(?:root|home|Users|work|mnt)/\w")
OPEN_ENDS = re.compile(r"\b(?:TODO|FIXME|XXX|HACK)\b|(?i:coming soon)")


def test_the_top_level_names_are_fixed() -> None:
    names = {path.name for path in ROOT.iterdir() if not path.name.startswith(".")}
    assert names - TOP_LEVEL - MADE_BY_RUNNING == {name for name in names if name.endswith(".egg-info")}


def test_files_are_short() -> None:
    long = [name_of(path) for path in python_files() if len(path.read_text().splitlines()) > FILE_LINES]
    assert long == []


def test_functions_are_short() -> None:
    long = [
        where(path, node.lineno)
        for path in python_files()
        for node in functions(path)
        if (node.end_lineno or node.lineno) - node.lineno + 1 > FUNCTION_LINES and "/versions/" not in name_of(path)
    ]
    assert long == []


def test_a_bare_any_gives_its_reason() -> None:
    """A parameter, result or variable that is just `Any` has a comment on its line or on the next to it."""
    bare = []
    for path in python_files():
        lines = path.read_text().splitlines()
        for node in ast.walk(tree_of(path)):
            hints = [getattr(node, name, None) for name in ("annotation", "returns")]
            for hint in hints:
                if isinstance(hint, ast.Name) and hint.id == "Any":
                    near = lines[max(0, hint.lineno - 2) : hint.lineno + 1]
                    if not any("#" in line for line in near):
                        bare.append(where(path, hint.lineno))
    assert bare == []


def test_the_clock_is_read_only_at_the_edges() -> None:
    read = [
        where(path, line)
        for path in python_files("console", "modules")
        for line, call in calls(path)
        if CLOCK.search(call) and call.split(".")[0] in {"datetime", "date", "dt"}
        if not name_of(path).startswith(CLOCK_EDGES) and "/tests/" not in name_of(path)
    ]
    assert read == []


def test_no_time_is_naive() -> None:
    naive = [where(path, line) for path in python_files() for line, call in calls(path) if call.endswith(".utcnow")]
    assert naive == []


def test_only_the_command_line_prints() -> None:
    printed = [
        where(path, line)
        for path in python_files("console", "modules", "benchmarks")
        for line, call in calls(path)
        if call in {"print", "pprint"} and not name_of(path).startswith(SPEAKERS)
    ]
    assert printed == []


def test_everything_public_says_what_it_is() -> None:
    silent = []
    for path in python_files("console"):
        tree = tree_of(path)
        if not ast.get_docstring(tree) and tree.body:
            silent.append(name_of(path))
        public = [node for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)]
        silent += [
            where(path, node.lineno)
            for node in public
            if not node.name.startswith("_") and not ast.get_docstring(node) and not _overloaded(node)
        ]
    assert silent == []


def _overloaded(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> bool:
    return any(ast.unparse(decorator).endswith("overload") for decorator in node.decorator_list)


def test_tests_are_never_skipped_and_never_sleep() -> None:
    """Words of pytest that would let a test pass without running, and waiting by the clock."""
    avoided = re.compile(r"(^|\.)(skip|skipif|skipIf|xfail|importorskip|sleep)$")
    found = []
    for path in (*python_files("tests"), *(path for path in python_files("modules") if "/tests/" in name_of(path))):
        for node in ast.walk(tree_of(path)):
            called = isinstance(node, ast.Call) and avoided.search(ast.unparse(node.func))
            marked = (
                isinstance(node, ast.Attribute) and avoided.search(ast.unparse(node)) and "mark" in ast.unparse(node)
            )
            if isinstance(node, ast.expr) and (called or marked) and not _waits_with_a_deadline(path):
                found.append(where(path, node.lineno))
    assert found == []


def _waits_with_a_deadline(path: Path) -> bool:
    """The one helper that polls, and modules that exist to misbehave, may sleep."""
    return name_of(path) == "tests/support/waiting.py" or "/hostile/" in name_of(path)


def test_every_test_can_fail() -> None:
    """A test without an assertion says nothing: it asserts, expects, or leaves that to a helper that does."""
    silent = [
        where(path, node.lineno)
        for path in python_files("tests", "modules")
        if path.name.startswith("test_")
        for node in functions(path)
        if node.name.startswith("test_") and not _asserts(node)
    ]
    assert silent == []


def _asserts(node: ast.AST) -> bool:
    helper = re.compile(r"(^|\.)_?(assert|expect|raises|check|fail|warns|must|refuse|wait_for|until)")
    return any(
        isinstance(inner, ast.Assert) or (isinstance(inner, ast.Call) and helper.search(ast.unparse(inner.func)))
        for inner in ast.walk(node)
    )


def test_no_text_names_a_machine() -> None:
    here = Path(__file__)
    found = [
        where(path, number)
        for path in written_by_hand()
        if path != here
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if MACHINE_PATHS.search(line)
    ]
    assert found == []


def test_nothing_is_left_for_later() -> None:
    here = Path(__file__)
    found = [
        where(path, number)
        for path in written_by_hand()
        if path != here
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if OPEN_ENDS.search(line)
    ]
    assert found == []


def test_no_template_is_compiled_in_a_request() -> None:
    found = [
        where(path, line)
        for path in python_files("console", "modules")
        for line, call in calls(path)
        if call.endswith("render_template_string")
    ]
    assert found == []


def declared() -> set[str]:
    """The names of all dependencies, without extras and versions."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    named = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    return {re.split(r"[\[>=<;]", item)[0].strip().lower() for item in named}


def test_every_dependency_gives_its_reason() -> None:
    reasons = (ROOT / "docs/dependencies.md").read_text().lower()
    assert {name for name in declared() if f"`{name}`" not in reasons} == set()


def test_the_nine_packages_of_the_card_are_named() -> None:
    card = {"flask", "flask-sqlalchemy", "flask-migrate", "htmx-flask", "wtforms", "pydantic", "flask-babel", "huey"}
    assert card | {"pytest"} <= declared()


def test_every_dependency_is_used() -> None:
    """What is declared for run time is imported somewhere, or started as a program."""
    by_another_name = {
        "flask-sqlalchemy": "flask_sqlalchemy",
        "flask-migrate": "flask_migrate",
        "flask-babel": "flask_babel",
    }
    by_another_name |= {"htmx-flask": "htmx_flask", "argon2-cffi": "argon2", "pillow": "PIL"}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    names = {re.split(r"[\[>=<;]", item)[0].strip().lower() for item in project["dependencies"]}
    text = "\n".join(path.read_text() for path in python_files("console", "modules", "migrations"))
    unused = {name for name in names if not re.search(rf"\b{by_another_name.get(name, name)}\b", text)}
    assert unused == set()
