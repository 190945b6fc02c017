"""The locks pin what the project asks for, every file by its hash, and name nobody's index or folder."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from typing import cast

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from console.services import inventory
from tests.house.sources import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
LOCKS = ("requirements.lock", "requirements-build.lock")
PIN = re.compile(r"(?P<name>[a-z0-9._-]+)==(?P<version>[^ ;\\]+)(?: ; (?P<marker>[^\\]+?))? \\")
HASH = re.compile(r"    --hash=sha256:[0-9a-f]{64}( \\)?")
COMMENT = re.compile(r"    #( +via)?( +[a-z0-9][a-z0-9 ._-]*( \(pyproject\.toml\))?)?")


@dataclass(frozen=True, slots=True)
class Pin:
    version: str
    marker: str
    hashes: int


def read(text: str) -> dict[str, Pin]:
    """Name → its pin; a line of any other form is refused."""
    found: dict[str, Pin] = {}
    name = ""
    for line in text.splitlines():
        if pin := PIN.fullmatch(line):
            name = canonicalize_name(pin["name"])
            assert name not in found, line
            found[name] = Pin(pin["version"], pin["marker"] or "", 0)
        elif HASH.fullmatch(line):
            found[name] = Pin(found[name].version, found[name].marker, found[name].hashes + 1)
        else:
            assert COMMENT.fullmatch(line), line
    return found


def lock(name: str) -> dict[str, Pin]:
    return read((ROOT / name).read_text())


def unmet(wanted: list[str], pins: dict[str, Pin]) -> list[str]:
    """Requirements that no pin satisfies wherever they count."""
    missing = []
    for each in map(Requirement, wanted):
        pin = pins.get(canonicalize_name(each.name))
        always = pin is not None and (not pin.marker or each.marker is not None or "pypy" in pin.marker)
        if pin is None or not always or not each.specifier.contains(pin.version):
            missing.append(str(each))
    return missing


def test_the_lock_satisfies_the_project() -> None:
    wanted = cast("list[str]", PROJECT["project"]["dependencies"])
    assert len(wanted) > 20
    assert unmet(wanted, lock("requirements.lock")) == []
    assert unmet(PROJECT["build-system"]["requires"], lock("requirements-build.lock")) == []


def test_what_the_packages_need_is_locked_too() -> None:
    pins = lock("requirements.lock")
    packages = [each for each in inventory.installed() if each.name != inventory.CONSOLE]
    assert len(packages) > 30
    assert [each.name for each in packages if each.name not in pins] == []


@pytest.mark.parametrize("name", LOCKS)
def test_every_file_has_a_hash_and_no_place_is_named(name: str) -> None:
    text = (ROOT / name).read_text()
    assert [package for package, pin in read(text).items() if pin.hashes == 0] == []
    assert re.findall(r"(?m)^-|://|file:|index|find-links|@ ", text) == []


def test_a_lock_that_was_loosened_is_found_out() -> None:
    good = (ROOT / "requirements-build.lock").read_text()
    first = good.splitlines()[0]
    for bad in (
        good.replace("==", ">=", 1),
        f"--extra-index-url https://example.com/simple\n{good}",
        good.replace(first, first.replace("==", " @ https://example.com/"), 1),
        good.replace("sha256", "md5", 1),
    ):
        with pytest.raises(AssertionError):
            read(bad)
    assert unmet(["hatchling>=9999"], read(good)) == ["hatchling>=9999"]
    assert unmet(["flask"], read(good)) == ["flask"]


def test_the_image_is_built_from_the_locks_alone() -> None:
    lines = (ROOT / "Dockerfile").read_text().replace("\\\n", " ").splitlines()
    commands = [part for line in lines if line.startswith("RUN ") for part in line.split("&&") if " pip " in f" {part}"]
    assert len(commands) == 4
    for each in commands:
        assert (
            "--require-hashes" in each and re.search(r"-r requirements(-build)?\.lock", each)
        ) or "--no-index" in each
    assert {name for name in LOCKS if any(name in each for each in commands)} == set(LOCKS)
