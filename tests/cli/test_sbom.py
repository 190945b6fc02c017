"""The bill of materials fits the schema of CycloneDX, names what runs, and nothing of the machine."""

from __future__ import annotations

import json
from importlib import metadata
from pathlib import Path

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from tests.cli.shell import Process, Shell
from tests.house.sources import ROOT


def document(text: str) -> dict[str, list[dict[str, object]]]:
    found = json.loads(text)
    assert isinstance(found, dict)
    return found


def test_it_fits_the_schema(shell: Shell) -> None:
    text = shell.run("sbom").out
    validator = JsonStrictValidator(SchemaVersion.V1_6)
    assert validator.validate_str(text) is None
    broken = {**document(text), "components": [{"name": "without a type"}]}
    assert validator.validate_str(json.dumps(broken)) is not None


def test_it_names_packages_modules_and_what_is_vendored(shell: Shell) -> None:
    found = document(shell.run("sbom").out)
    versions = {str(each["bom-ref"]): each["version"] for each in found["components"]}
    for name in ("flask", "sqlalchemy", "cryptography", "asgiref", "argon2-cffi-bindings"):
        assert versions[f"pkg:pypi/{name}@{metadata.version(name)}"] == metadata.version(name)
    assert "module:orders" in versions
    assert versions["pkg:npm/htmx.org@4.0.1"] == "4.0.1"
    assert not any("pytest" in ref or "mypy" in ref for ref in versions)


def test_everything_hangs_together(shell: Shell) -> None:
    found = document(shell.run("sbom").out)
    refs = {str(each["bom-ref"]) for each in found["components"]}
    needs = {str(each["ref"]): set(map(str, each["dependsOn"])) for each in found["dependencies"]}  # type: ignore[call-overload]
    assert set(needs) == refs | {"module-console"}
    reached, waiting = set[str](), {"module-console"}
    while waiting:
        ref = waiting.pop()
        reached.add(ref)
        waiting |= needs[ref] - reached
    assert reached == refs | {"module-console"}


def test_the_vendored_file_is_the_one_that_was_pinned(shell: Shell) -> None:
    components = document(shell.run("sbom").out)["components"]
    htmx = next(each for each in components if each["name"] == "htmx")
    pinned = (ROOT / "static" / "vendor" / "SHA256SUMS").read_text().split()[0]
    assert htmx["hashes"] == [{"alg": "SHA-256", "content": pinned}]


def test_it_needs_no_database_and_names_no_place(tmp_path: Path) -> None:
    made = Process(tmp_path, {"CONSOLE_DATABASE_URL": "postgresql://shop:hidden@127.0.0.1:1/shop"}).run("sbom")
    assert made.code == 0
    for word in (str(tmp_path), str(ROOT), "hidden", "127.0.0.1"):
        assert word not in made.out


@pytest.fixture
def database_kind() -> str:
    """Nothing of it is in a database."""
    return "sqlite"
