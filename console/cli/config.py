"""``modules config``: configuration of a module on a platform; secrets go in, never out."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click
from pydantic import SecretStr

from console.cli.base import Cli, command
from console.domain.config import parse_text
from console.domain.config_schema import schema_of
from console.errors import Unknown, UsageError
from console.services import config_history, config_json, configs
from console.services.operation_views import time_json
from console.storage.uow import unit_of_work

if TYPE_CHECKING:
    from console.domain.config import EffectiveConfig
    from console.domain.definition import ModuleDefinition

CODE = click.Argument(["code"])
KEYS = click.Argument(["keys"], nargs=-1, required=True, metavar="KEY…")
PAIRS = click.Argument(["pairs"], nargs=-1, required=True, metavar="KEY=VALUE…")
NOTE = click.Option(["--note"], default="", metavar="TEXT", help="Why; stands in the history.")
DRY_RUN = click.Option(["--dry-run"], is_flag=True, help="Check the values and show the result; store nothing.")


@command("list", CODE)
def list_values(cli: Cli, code: str) -> None:
    """Every effective value with its source; secrets are never printed."""
    platform = cli.platform()
    found = configs.read(cli.read(), cli.rt, platform.id, code)
    revision = configs.revision_of(cli.read(), platform.id, code)
    _tell(cli, platform.slug, code, config=found, revision=revision)


def _tell(cli: Cli, slug: str, code: str, *, config: EffectiveConfig, revision: int) -> None:
    if cli.talk.json:
        cli.talk.document(config_json.as_json(slug, code, config, revision=revision))
        return
    rows = ((key, shown(config, key), config.sources[key].value, config.problems.get(key)) for key in config.values)
    cli.talk.table(("key", "value", "source", "problem"), rows)
    for key, why in config.problems.items():
        if key not in config.values:
            cli.talk.say(f"{key}: {why}")


def shown(config: EffectiveConfig, key: str) -> str:
    """The value as people read it; of a secret only whether there is one."""
    value = config.values[key]
    if key not in config.secrets:
        return value if isinstance(value, str) else json.dumps(value, default=str, ensure_ascii=False)
    is_set = isinstance(value, SecretStr) and value.get_secret_value() != ""
    return "(secret, set)" if is_set else "(secret, not set)"


@command("get", CODE, click.Argument(["key"]))
def get_value(cli: Cli, code: str, key: str) -> None:
    """One value; of a secret only whether there is one."""
    platform = cli.platform()
    found = configs.read(cli.read(), cli.rt, platform.id, code)
    if key not in found.values:
        raise Unknown("key", key, found.values)
    if cli.talk.json:
        whole = config_json.as_json(
            platform.slug, code, found, revision=configs.revision_of(cli.read(), platform.id, code)
        )
        values = whole.pop("values")
        assert isinstance(values, dict)
        cli.talk.document({**whole, "key": key, **values[key]})
    else:
        cli.talk.answer(shown(found, key))


@command("set", CODE, PAIRS, DRY_RUN, NOTE)
def set_values(cli: Cli, code: str, pairs: tuple[str, ...], *, dry_run: bool, note: str) -> None:
    """Change values: KEY=VALUE, KEY=- reads stdin, KEY=@file reads a file; a secret takes only the last two."""
    platform = cli.platform()
    definition = configs.definition_of(cli.rt, code)
    changes = parse_text(definition, _texts(definition, pairs))
    _save(cli, platform.id, code, changes=changes, unset=(), dry_run=dry_run, note=note)


@command("unset", CODE, KEYS, DRY_RUN, NOTE)
def unset_values(cli: Cli, code: str, keys: tuple[str, ...], *, dry_run: bool, note: str) -> None:
    """Back to the default."""
    platform = cli.platform()
    _save(cli, platform.id, code, changes={}, unset=keys, dry_run=dry_run, note=note)


class _OnlyLooking(Exception):
    """Takes back what a dry run has tried."""


def _save(
    cli: Cli,
    platform_id: int,
    code: str,
    *,
    changes: dict[str, object],
    unset: tuple[str, ...],
    dry_run: bool,
    note: str,
) -> None:
    slug = cli.platform().slug
    try:
        with unit_of_work() as uow:
            revision = configs.save(
                uow, cli.rt, platform_id, code, changes, unset=unset, actor=cli.actor, now=cli.now, note=note
            )
            found = configs.read(uow.session, cli.rt, platform_id, code)
            if dry_run:
                raise _OnlyLooking
    except _OnlyLooking:
        cli.talk.say("Nothing was stored.")
    _tell(cli, slug, code, config=found, revision=revision)


def _texts(definition: ModuleDefinition, pairs: tuple[str, ...]) -> dict[str, str]:
    secrets = schema_of(definition).secrets
    texts: dict[str, str] = {}
    for pair in pairs:
        key, equals, text = pair.partition("=")
        if not equals:
            raise UsageError(f"{pair!r} is no KEY=VALUE.", hint="Write KEY=VALUE, KEY=- or KEY=@file.")
        if text == "-":
            texts[key] = sys.stdin.read().removesuffix("\n")
        elif text.startswith("@"):
            texts[key] = _read(key, text[1:])
        elif key in secrets:
            raise UsageError(
                f"{key} is a secret, and words of a command line can be seen by others.",
                hint=f"Write {key}=- and give it on stdin, or {key}=@file.",
            )
        else:
            texts[key] = text
    return texts


def _read(key: str, name: str) -> str:
    try:
        return Path(name).read_text(encoding="utf-8").removesuffix("\n")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise UsageError(f"{name} for {key} cannot be read: {reason}.") from error


@command("history", CODE)
def show_history(cli: Cli, code: str) -> None:
    """Revisions with author, note and difference, newest first."""
    platform = cli.platform()
    module = cli.rt.registry[code]
    revisions = config_history.history(cli.read(), platform.id, module.code)
    if cli.talk.json:
        listed = [
            {
                "revision": each.revision,
                "at": time_json(each.at),
                "actor": each.actor,
                "source": each.source,
                "note": each.note,
                "restores": each.restores,
                "diff": dict(each.diff),
            }
            for each in revisions
        ]
        cli.talk.document({"schema": 1, "module": code, "platform": platform.slug, "revisions": listed})
        return
    rows = (
        (each.revision, each.at.isoformat(sep=" ", timespec="seconds"), each.actor, list(each.diff), each.note)
        for each in revisions
    )
    cli.talk.table(("revision", "when", "by", "changed", "note"), rows)


@command("restore", CODE, click.Argument(["revision"], type=int), NOTE)
def restore_revision(cli: Cli, code: str, revision: int, *, note: str) -> None:
    """An older revision in force again, as a new revision."""
    platform = cli.platform()
    platform_id, slug = platform.id, platform.slug
    with unit_of_work() as uow:
        new = config_history.restore(uow, cli.rt, platform_id, code, revision, actor=cli.actor, now=cli.now, note=note)
        found = configs.read(uow.session, cli.rt, platform_id, code)
    _tell(cli, slug, code, config=found, revision=new)


@command("schema", CODE, platform=False)
def show_schema(cli: Cli, code: str) -> None:
    """The JSON Schema of a module's configuration."""
    schema = schema_of(configs.definition_of(cli.rt, code)).json_schema()
    cli.talk.document({"schema": 1, "module": code, "json_schema": schema} if cli.talk.json else schema)
