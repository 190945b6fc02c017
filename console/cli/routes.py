"""``modules routes``: the addresses of a module."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from console.cli.base import Cli, command

if TYPE_CHECKING:
    from flask import Flask

PARENTS = {
    "admin": "admin pages",
    "vendor": "vendor pages",
    "api_admin": "admin API",
    "api_vendor": "vendor API",
}


@command("routes", click.Argument(["code"]), platform=False)
def routes(cli: Cli, code: str) -> None:
    """Every address of a module: where it is, its methods, its endpoint."""
    module = cli.rt.registry[code]
    found = routes_of(cli.app, module.code)
    if cli.talk.json:
        cli.talk.document({"schema": 1, "module": code, "routes": found})
        return
    rows = ((each["rule"], each["methods"], each["frontend"], each["endpoint"]) for each in found)
    cli.talk.table(("address", "methods", "what", "endpoint"), rows)


def routes_of(app: Flask, code: str) -> list[dict[str, object]]:
    """The addresses of the module, by address."""
    found: list[dict[str, object]] = []
    for rule in sorted(app.url_map.iter_rules(), key=lambda each: (each.rule, each.endpoint)):
        parent, _, rest = rule.endpoint.partition(".")
        if parent in PARENTS and rest.startswith(f"{code}."):
            methods = sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
            found.append(
                {"rule": rule.rule, "methods": methods, "frontend": PARENTS[parent], "endpoint": rule.endpoint}
            )
    return found
