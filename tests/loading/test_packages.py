"""Modules of installed packages: what their entry points may say."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

import pytest

from console.loader import ENTRY_POINTS, find
from console.settings import load_settings

DEFINITION = "from console.sdk import ModuleDefinition\nm = ModuleDefinition(code='{code}', name='Installed')\n"


@pytest.mark.parametrize("value", ["{package}", "{package}:m", "{package}.definition", "{package}.definition:m"])
def test_an_entry_point_names_the_package_or_its_definition(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    package = tmp_path / "site" / "shop_points"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("")
    (package / "definition.py").write_text(DEFINITION.format(code="shop-points"))
    about = tmp_path / "site" / "shop_points-1.0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: shop-points\nVersion: 1.0\n")
    entry = value.format(package="shop_points")
    (about / "entry_points.txt").write_text(f"[{ENTRY_POINTS}]\nshop-points = {entry}\n")
    monkeypatch.syspath_prepend(str(tmp_path / "site"))
    monkeypatch.delitem(sys.modules, "shop_points", raising=False)
    importlib.invalidate_caches()
    found = [each for each in find(load_settings({"data_dir": tmp_path}, {})) if each.source == "package"]
    assert [(each.label, each.package, each.path) for each in found] == [("shop_points", "shop_points", package)]
