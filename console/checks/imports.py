"""What a module may import: the sdk, and another module's ``api`` when it requires that module."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from console.domain.problem import Problem
from console.domain.registry import InstalledModule, Registry

_ALLOWED = ("console.sdk", "console.testing")


def check(registry: Registry, module: InstalledModule) -> Iterator[Problem]:
    """MOD040: a console part other than the sdk. MOD041: another module other than by its required ``api``."""
    others = {other.package: other.code for other in registry.modules() if other.code != module.code}
    required = registry.requires(module.code) if module.code in registry else frozenset()
    for path in sorted(module.path.rglob("*.py")):
        for line, name in _imported(path):
            where = f"{path}:{line}"
            if name.startswith("console.") and not name.startswith(_ALLOWED):
                yield Problem("MOD040", module.code, f"imports {name}", "Import it from console.sdk.", where)
            owner = next((o for o in others if name == o or name.startswith(f"{o}.")), None)
            if owner is not None and (others[owner] not in required or not name.startswith(f"{owner}.api")):
                hint = f"Import {owner}.api and list {others[owner]!r} in requires."
                yield Problem("MOD041", module.code, f"imports {name}", hint, where)


def _imported(path: Path) -> Iterator[tuple[int, str]]:
    try:
        tree = ast.parse(path.read_text(encoding="utf-8"), filename=str(path))
    except SyntaxError:
        return  # the loader reports a file that it cannot import; an unused one does no harm
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            if node.module in ("console", "modules"):
                yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)
            else:
                yield node.lineno, node.module
