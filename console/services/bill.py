"""The bill of materials: what runs here, as a CycloneDX 1.6 document that other tools read.

It is told from what is installed, not from what was wished for: the packages with their versions and what needs what,
the modules, and what is vendored. It holds no path, no setting and no name of a machine.
Source: https://cyclonedx.org/docs/1.6/json/
"""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path

from console.domain.registry import InstalledModule
from console.services.inventory import CONSOLE, Package

Component = dict[str, object]
VENDORED: Mapping[str, tuple[str, str, str]] = {
    "htmx": ("vendor/htmx.min.js", "pkg:npm/htmx.org@4.0.1", "0BSD"),
}
"""Name → file below ``static``, package URL and licence of what is carried along in a version of its own."""


def bill(
    packages: Iterable[Package], modules: Iterable[InstalledModule], *, static: Path, now: datetime
) -> dict[str, object]:
    """The document.

    Args:
        static: The folder with what is vendored.
        now: When it was made.
    """
    by_name = {each.name: each for each in packages}
    console = by_name.pop(CONSOLE, None)
    modules = list(modules)
    components = [*map(_package, by_name.values()), *map(_module, modules), *_vendored(static)]
    needs = {each.purl: [by_name[need].purl for need in each.needs if need in by_name] for each in by_name.values()}
    root = _root(console)
    own = [] if console is None else [by_name[need].purl for need in console.needs if need in by_name]
    rest = [str(each["bom-ref"]) for each in components if str(each["bom-ref"]) not in needs]
    document: dict[str, object] = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"timestamp": now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"), "component": root},
        "components": components,
        "dependencies": [
            {"ref": root["bom-ref"], "dependsOn": sorted([*own, *rest])},
            *({"ref": ref, "dependsOn": sorted(found)} for ref, found in needs.items()),
            *({"ref": ref, "dependsOn": []} for ref in rest),
        ],
    }
    return {**document, "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, json.dumps(document))}"}


def _root(console: Package | None) -> Component:
    version = "unknown" if console is None else console.version
    return {"type": "application", "bom-ref": CONSOLE, "name": CONSOLE, "version": version, "licenses": _licence("MIT")}


def _package(package: Package) -> Component:
    found: Component = {
        "type": "library",
        "bom-ref": package.purl,
        "name": package.name,
        "version": package.version,
        "purl": package.purl,
    }
    return {**found, "licenses": _licence(package.licence)} if package.licence else found


def _module(module: InstalledModule) -> Component:
    definition = module.definition
    version = "unknown" if definition is None else definition.version
    return {"type": "library", "bom-ref": f"module:{module.code}", "name": module.code, "version": version}


def _vendored(static: Path) -> Iterable[Component]:
    for name, (file, purl, licence) in VENDORED.items():
        yield {
            "type": "library",
            "bom-ref": purl,
            "name": name,
            "version": purl.rpartition("@")[2],
            "purl": purl,
            "licenses": _licence(licence),
            "hashes": [{"alg": "SHA-256", "content": hashlib.sha256((static / file).read_bytes()).hexdigest()}],
        }


def _licence(text: str) -> list[object]:
    """As a name: whether it is an SPDX expression only its author knows."""
    return [{"license": {"name": text}}]
