"""Each claim of the security page names a test that exists."""

from __future__ import annotations

import ast
import re

from tests.house.sources import ROOT, python_files, tree_of


def test_each_claim_has_its_test() -> None:
    page = (ROOT / "SECURITY.md").read_text()
    claimed = re.findall(r"^\| .+ \| `(test_\w+)` \|$", page, re.M)
    nodes = (node for path in python_files("tests", "modules") for node in ast.walk(tree_of(path)))
    there = {node.name for node in nodes if isinstance(node, ast.FunctionDef)}
    assert len(claimed) >= 25
    assert [name for name in claimed if name not in there] == []
