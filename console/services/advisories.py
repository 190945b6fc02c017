"""Known weaknesses of packages, asked for at OSV (https://osv.dev), which gets names and versions and nothing else.

Source: https://google.github.io/osv.dev/post-v1-querybatch/
"""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence

from console.services.inventory import Package

TIMEOUT_S = 10.0
_LARGEST_BYTES = 8 * 1024 * 1024


class NotAuditable(Exception):
    """Nobody could be asked, or the answer is none; the message says why."""


def ask(packages: Sequence[Package], address: str, *, timeout_s: float = TIMEOUT_S) -> Mapping[str, tuple[str, ...]]:
    """Package and version → ids of their known weaknesses, for those that have any.

    Args:
        address: Where it is asked, ``https://…``.

    Raises:
        NotAuditable: There is no answer to rely on.
    """
    body = json.dumps({"queries": [{"package": {"purl": each.purl}} for each in packages]}).encode()
    request = urllib.request.Request(  # noqa: S310  # a fixed address of the console
        address, body, {"Content-Type": "application/json"}, method="POST"
    )
    try:
        with urllib.request.urlopen(request, timeout=timeout_s) as answer:  # noqa: S310  # as above
            document: object = json.loads(answer.read(_LARGEST_BYTES))
    except urllib.error.HTTPError as error:
        with error:
            raise NotAuditable(f"it answers {error.code}") from error
    except (OSError, ValueError) as error:  # no way there, no answer in time, or none that is JSON
        reason = getattr(error, "reason", None) or error
        raise NotAuditable(f"{type(error).__name__}: {reason}") from error
    return _read(document, packages)


def _read(document: object, packages: Sequence[Package]) -> dict[str, tuple[str, ...]]:
    results = document.get("results") if isinstance(document, dict) else None
    if not isinstance(results, list) or len(results) != len(packages):
        raise NotAuditable("its answer is not about what was asked")
    found: dict[str, tuple[str, ...]] = {}
    for package, result in zip(packages, results, strict=True):
        ids = _ids(result)
        if ids:
            found[f"{package.name} {package.version}"] = ids
    return found


def _ids(result: object) -> tuple[str, ...]:
    weak = result.get("vulns", []) if isinstance(result, dict) else None
    if not isinstance(weak, list) or not all(isinstance(each, dict) and "id" in each for each in weak):
        raise NotAuditable("its answer is in no known form")
    return tuple(str(each["id"]) for each in weak)
