"""``modules list``, ``show``, ``is-enabled`` and ``why``: looking, never changing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from console.cli.base import Cli, command
from console.domain.words import Kind, ModuleState
from console.errors import UsageError
from console.services import migrations, module_views, snapshots
from console.services import why as reasons
from console.services.module_views import ModuleView

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

CODE = click.Argument(["code"])
STATES = ("enabled", "disabled", "failed")
KINDS = ("core", "optional", "internal")
FILTERS = [click.Option([f"--{name}"], is_flag=True, help=f"Only {name} modules.") for name in (*STATES, *KINDS)]


@command("list", *FILTERS)
def list_modules(cli: Cli, /, **chosen: bool) -> None:
    """Every module with state, version, origin, health, what it needs and what needs it."""
    platform = cli.platform()
    session = cli.read()
    states = {ModuleState(name) for name in STATES if chosen[name]}
    kinds = {Kind(name) for name in KINDS if chosen[name]}
    views = [
        view
        for view in _all(cli, session, platform.id)
        if (not states or view.status.state in states) and (not kinds or view.kind in kinds)
    ]
    if cli.talk.json:
        cli.talk.document(module_views.as_json(session, platform.id, views))
        return
    headers = ("module", "state", "version", "kind", "origin", "health", "needs", "needed by")
    cli.talk.table(headers, (_row(view) for view in views))
    for view in views:
        for problem in view.problems:
            cli.talk.say(f"{view.module.code}: {problem}")


def _all(cli: Cli, session: Session, platform_id: int) -> list[ModuleView]:
    """Every installed module, then those whose package is gone."""
    installed = module_views.listing(session, cli.rt, platform_id)
    return [*installed, *module_views.missing(session, cli.rt, platform_id)]


def _row(view: ModuleView) -> tuple[object, ...]:
    origin = view.status.origin.value if view.status.origin is not None and view.status.wanted else ""
    needs = (list(view.requires), list(view.required_by))
    return (view.module.code, _state(view), view.module.version, view.kind.value, origin, view.health.value, *needs)


def _state(view: ModuleView) -> str:
    state = view.status.state.value
    if view.is_missing:
        return f"{state} (missing)"
    return f"{state} (closed)" if state == ModuleState.ENABLED and not view.is_open else state


@command("show", CODE)
def show(cli: Cli, code: str) -> None:
    """Definition, state, effective features, menus, permissions, routes, tables, migrations and health."""
    from console.cli.routes import routes_of

    platform = cli.platform()
    session = cli.read()
    view = module_views.one(session, cli.rt, platform.id, code)
    details = module_views.details_json(session, cli.rt, platform.id, view)
    details["routes"] = routes_of(cli.app, code)
    details["migrations"] = next(
        (
            {"state": each.state, "head": each.head, "current": each.current, "pending": list(each.pending)}
            for each in migrations.status(cli.app)
            if each.module == code
        ),
        None,
    )
    if cli.talk.json:
        cli.talk.document({"schema": 1, "platform": platform.slug, "revision": platform.revision, "module": details})
        return
    for name, value in details.items():
        label = f"{name.replace('_', ' ')}:"
        if isinstance(value, list) and value and isinstance(value[0], dict):
            cli.talk.answer(label)
            for each in value:
                cli.talk.answer("  " + "  ".join(map(_text, each.values())))
        else:
            cli.talk.answer(f"{label:<14} {_text(value)}")


def _text(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{key} {_text(each)}" for key, each in value.items())
    if isinstance(value, list):
        return ", ".join(map(_text, value)) or "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "-" if value is None or value == "" else str(value)


@command("is-enabled", CODE)
def is_enabled(cli: Cli, code: str) -> int:
    """Exit 0 when the module answers on the platform, 1 when it does not."""
    platform = cli.platform()
    module = cli.rt.registry[code]
    is_open = snapshots.current(cli.read(), cli.rt, platform.id).is_open(module.code)
    if cli.talk.json:
        cli.talk.document({"schema": 1, "platform": platform.slug, "module": code, "enabled": is_open})
    else:
        cli.talk.done(f"{code} is {'on' if is_open else 'off'} on {platform.slug}.")
    return 0 if is_open else 1


@command("why", click.Argument(["name"], metavar="CODE|FEATURE"), click.Option(["--vendor"], help="As this vendor."))
def why(cli: Cli, name: str, vendor: str | None) -> None:
    """Every fact behind on or off, with its source; for a module or a feature."""
    if vendor == "":
        raise UsageError("--vendor is empty.")
    platform = cli.platform()
    facts = reasons.explain(cli.read(), cli.rt, platform.id, name, vendor)
    is_on = reasons.is_on(facts)
    if cli.talk.json:
        listed = [{"text": fact.text, "source": fact.source, "holds": fact.holds} for fact in facts]
        document = {"schema": 1, "platform": platform.slug, "name": name, "on": is_on, "facts": listed}
        cli.talk.document(document)
        return
    cli.talk.done(f"{name} is {'on' if is_on else 'off'} on {platform.slug}.")
    cli.talk.table(("holds", "fact", "source"), ((fact.holds, fact.text, fact.source) for fact in facts))
