"""``settings``, ``setup-link`` and ``demo``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from console.cli.base import Cli, command
from console.domain.config import LockedConfig
from console.domain.config_names import misnamed, misnamed_platforms
from console.errors import ConsoleError, RuleRefused
from console.jobs.address import noted_address
from console.services import demo as service
from console.services import platforms, setup
from console.services.shown_settings import setting_json
from console.settings import NAMES, SourceName, Values, address, load_settings
from console.storage.uow import unit_of_work


@command("settings", platform=False)
def settings(cli: Cli) -> None:
    """Every effective setting with its source, secrets masked; needs neither application nor database."""
    found = load_settings()
    values = {name: setting_json(found, name) for name in NAMES}
    held = LockedConfig(found.file_modules, found.file_platforms, found.env_modules)
    places = list(_places(held))
    doubts = _doubts(cli, held) if places else []
    if cli.talk.json:
        modules = [{"name": name, "source": source} for name, source in places]
        cli.talk.document({"schema": 1, "settings": values, "modules": modules, "problems": doubts})
        return
    rows = [(f"CONSOLE_{name.upper()}", each["value"], str(each["source"])) for name, each in values.items()]
    rows += [(name, "***", source) for name, source in places]
    cli.talk.table(("setting", "value", "source"), rows)
    for doubt in doubts:
        cli.talk.say(doubt)


def _places(held: LockedConfig) -> Iterator[tuple[str, SourceName]]:
    """Every value that is set for a module, by its name; what it is may be a secret, and `modules config` knows."""
    tables = {f"modules.{name}": table for name, table in held.file_modules.items()}
    for slug, modules in held.file_platforms.items():
        tables |= {f"platforms.{slug}.{name}": cast("Values", table) for name, table in modules.items()}
    for name, table in tables.items():
        yield from ((f"[{name}] {key}", "file") for key in table)
    for label, keys in held.env_modules.items():
        yield from ((f"CONSOLE_MODULE__{label}__{key}".upper(), "env") for key in keys)


def _doubts(cli: Cli, held: LockedConfig) -> list[str]:
    """What is wrong with those names, as far as the application and the database can be asked."""
    try:
        found = misnamed(held, cli.rt.registry)
    except ConsoleError as error:
        return [f"{error.message} {error.hint or ''}".strip()]
    try:
        found += misnamed_platforms(held, [each.slug for each in platforms.listing(cli.read(), archived=True)])
    except ConsoleError as error:
        return [*map(str, found), f"Platforms could not be looked up: {error.message}"]
    return list(map(str, found))


@command("setup-link", platform=False)
def setup_link(cli: Cli) -> None:
    """A fresh link that makes the first admin, while there is none; an older one stops working."""
    cli.read()
    found = cli.rt.settings
    with unit_of_work() as uow:
        token = setup.fresh_link(uow, cli.now, cli.actor)
    base = found.base_url.rstrip("/") or noted_address(found.data_dir / "run") or address(found)
    url = f"{base}/setup?token={token}"
    if cli.talk.json:
        cli.talk.document({"schema": 1, "url": url})
    else:
        cli.talk.answer(url)


@command("demo", platform=False)
def demo(cli: Cli) -> None:
    """Two platforms with vendors in an empty database, and no account."""
    cli.read()
    with unit_of_work() as uow:
        filled = service.fill(uow, cli.rt, cli.now)
    if not filled:
        raise RuleRefused(
            "There is a platform already.", code="not_empty", hint="The demo is for an empty data folder."
        )
    if cli.talk.json:
        cli.talk.document({"schema": 1, "platforms": [slug for slug, _ in service.PLATFORMS]})
    else:
        names = " and ".join(slug for slug, _ in service.PLATFORMS)
        cli.talk.done(f"The platforms {names} are there; `setup-link` makes the first admin.")
