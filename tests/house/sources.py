"""The files of the project, for tests that hold rules over all of them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
CODE = ("console", "modules", "migrations", "tests", "benchmarks")
BY_HAND = (".py", ".html", ".md", ".toml", ".css", ".js", ".json", ".po", ".txt", ".yml", ".yaml", ".mako", ".sh")

Function = ast.FunctionDef | ast.AsyncFunctionDef


def name_of(path: Path) -> str:
    """The path as it stands in the project."""
    return path.relative_to(ROOT).as_posix()


@cache
def python_files(*folders: str) -> tuple[Path, ...]:
    """The Python files under those folders, or all of them; the launcher is one."""
    found = [path for folder in folders or CODE for path in sorted((ROOT / folder).rglob("*.py"))]
    return tuple(found if folders else [*found, ROOT / "run"])


@cache
def tree_of(path: Path) -> ast.Module:
    """The syntax tree of one file."""
    return ast.parse(path.read_text(), filename=str(path))


@cache
def templates() -> tuple[Path, ...]:
    """Every HTML template of the console and of its modules."""
    return tuple(sorted([*(ROOT / "templates").rglob("*.html"), *(ROOT / "modules").rglob("templates/**/*.html")]))


def written_by_hand() -> Iterator[Path]:
    """Every text of ours: no environment, no build, nothing vendored."""
    folders = (*CODE, "templates", "static", "translations", "docs", ".ci")
    for path in (*ROOT.glob("*"), *(path for folder in folders for path in (ROOT / folder).rglob("*"))):
        ours = path.suffix in BY_HAND or path.name in {"run", "LICENSE"}
        if path.is_file() and ours and not {"vendor", "fonts", "__pycache__"} & set(path.parts):
            yield path


def functions(path: Path) -> Iterator[Function]:
    """Every function and method of a file."""
    for node in ast.walk(tree_of(path)):
        if isinstance(node, Function):
            yield node


def calls(path: Path) -> Iterator[tuple[int, str]]:
    """Every call of a file: its line, and the dotted name that is called."""
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Call):
            yield node.lineno, ast.unparse(node.func)


def where(path: Path, line: int) -> str:
    """A place that an editor can open."""
    return f"{name_of(path)}:{line}"
