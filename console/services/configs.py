"""Configuration of modules: read, saved and restored per platform; only overrides are stored, each save a revision."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from pydantic import SecretStr
from pydantic_core import to_jsonable_python
from sqlalchemy import select
from sqlalchemy.orm import Session

from console.domain.actor import Actor
from console.domain.config import EffectiveConfig, effective, merge
from console.domain.config_schema import schema_of
from console.domain.definition import ModuleDefinition
from console.domain.words import ConfigSource, ModuleEvent
from console.errors import Conflict, RuleRefused, Unknown
from console.services import audit, config_store, events, snapshots
from console.services.config_store import NOTHING, Stored
from console.services.locked import LockedPlatform, lock
from console.services.operations import must_be_alive
from console.services.runtime import Runtime
from console.services.upsert import upsert
from console.storage.tables import ConfigRevision, ModuleConfig, Platform
from console.storage.uow import UnitOfWork

MASK = "********"
Values = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class RevisionView:
    """What was saved once: who, when, why, and key → before and after with secrets masked."""

    revision: int
    actor: str
    source: str
    note: str
    restores: int | None
    at: datetime
    diff: Mapping[str, object]


def definition_of(rt: Runtime, code: str) -> ModuleDefinition:
    """The definition whose schema judges.

    Raises:
        Unknown: No such module is installed.
        RuleRefused: ``quarantined``: its definition could not be read.
    """
    module = rt.registry[code]
    if module.definition is None:
        raise RuleRefused(f"{code} is quarantined: {module.quarantine}", code="quarantined")
    return module.definition


def read(session: Session, rt: Runtime, platform_id: int, code: str) -> EffectiveConfig:
    """The configuration in force, with where each value comes from and what is wrong; secrets stay closed.

    Never raises because of a stored value: what cannot be read or is refused is named in ``problems``.
    """
    stored = config_store.load(session, platform_id, code).get(code, NOTHING)
    return _effective(session, rt, platform_id, code, stored=stored)


def _effective(session: Session, rt: Runtime, platform_id: int, code: str, *, stored: Stored) -> EffectiveConfig:
    definition = definition_of(rt, code)
    slug = session.scalar(select(Platform.slug).where(Platform.id == platform_id))
    if slug is None:
        raise Unknown("platform", str(platform_id))
    closed = config_store.unreadable(rt, platform_id, code, overrides=stored.overrides)
    overrides = {key: value for key, value in stored.overrides.items() if key not in closed}
    found = effective(definition, platform_slug=slug, overrides=overrides, locked=rt.locked)
    whole = {config_store.WHOLE: config_store.DAMAGED} if stored.damaged else {}
    return replace(found, problems={**found.problems, **closed, **whole}) if closed or whole else found


def revision_of(session: Session, platform_id: int, code: str) -> int:
    """The module's own config revision on the platform; 0 when nothing was ever saved."""
    found = select(ModuleConfig.revision).where(ModuleConfig.platform_id == platform_id, ModuleConfig.module == code)
    return session.scalar(found) or 0


def for_code(session: Session, rt: Runtime, platform_id: int, code: str) -> dict[str, object]:
    """Every key with its value for the module's own code, also while the module is off; secrets as open ``SecretStr``.

    A stored secret that does not open counts as not set.
    """
    found = snapshots.current(session, rt, platform_id).config.get(code)
    if found is None:
        found = read(session, rt, platform_id, code)
    values = dict(found.values)
    for key in found.secrets:
        value = values.get(key)
        if found.sources.get(key) is ConfigSource.PLATFORM and isinstance(value, SecretStr):
            text = config_store.opened(rt, platform_id, code, key=key, sealed_secret=value.get_secret_value())
            values[key] = found.defaults.get(key) if text is None else SecretStr(text)
    return values


def save(
    uow: UnitOfWork,
    rt: Runtime,
    platform_id: int,
    code: str,
    changes: Values,
    *,
    actor: Actor,
    now: datetime,
    unset: Iterable[str] = (),
    expected_revision: int | None = None,
    note: str = "",
    restores: int | None = None,
) -> int:
    """Merge ``changes`` into the overrides; the config revision afterwards, the same when nothing changes.

    Args:
        changes: Key → Python value or text; an empty secret keeps the stored one.
        unset: Keys that go back to their default.
        expected_revision: The config revision that the person saw; None skips the comparison.
        restores: The revision whose values these are.

    Raises:
        ConfigInvalid: Names every key that the schema rejects; nothing is stored.
        Conflict: ``config_stale``; ``details`` has both versions, ``stored`` and ``yours``, secrets masked.
        RuleRefused: ``config_locked``: file or environment hold a key; or ``platform_archived``.
        Unknown: The module, or a key, does not exist.
    """
    definition = definition_of(rt, code)
    held = lock(uow, rt, platform_id, now)
    must_be_alive(held)
    stored = config_store.load(uow.session, platform_id, code).get(code, NOTHING)
    if expected_revision is not None and expected_revision != stored.revision:
        raise _stale(definition, stored, changes, expected=expected_revision)
    locked = rt.locked.of(held.platform.slug, code)
    merged = merge(definition, stored.overrides, changes=changes, unset=unset, locked=locked)
    secrets = schema_of(definition).secrets
    diff = _diff(stored.overrides, merged, secrets=secrets)
    if not diff and not stored.damaged:
        return stored.revision
    revision = stored.revision + 1
    overrides = config_store.sealed(rt, platform_id, code, overrides=merged)
    entry = ConfigRevision(
        platform_id=platform_id,
        module=code,
        revision=revision,
        overrides=overrides,
        diff=diff,
        actor=actor.name,
        source=actor.source,
        note=note[:500],
        restores=restores,
        at=now,
    )
    _write(held, definition, entry, actor=actor)
    return revision


def _write(held: LockedPlatform, definition: ModuleDefinition, entry: ConfigRevision, *, actor: Actor) -> None:
    """The overrides, their revision, audit, event and the platform's revision."""
    row = {
        "platform_id": held.id,
        "module": definition.code,
        "revision": entry.revision,
        "config_version": definition.config_version,
        "overrides": entry.overrides,
        "changed_at": held.now,
    }
    upsert(held.uow, ModuleConfig, row, key=["platform_id", "module"])
    held.session.add(entry)
    held.bump()
    sides = {side: {key: pair[side] for key, pair in entry.diff.items()} for side in ("before", "after")}  # type: ignore[index]
    audit.record(
        held.uow,
        actor,
        action="config.save" if entry.restores is None else "config.restore",
        target=definition.code,
        now=held.now,
        platform_id=held.id,
        reason=entry.note,
        before=sides["before"],
        after=sides["after"],
    )
    events.publish(
        held.uow,
        held.rt,
        ModuleEvent.CONFIG_CHANGED,
        definition.code,
        held.id,
        operation_id=None,
        actor=actor,
        data={"keys": sorted(entry.diff), "revision": entry.revision},
        now=held.now,
        open_codes=held.open_codes(),
    )


def _stale(definition: ModuleDefinition, stored: Stored, yours: Values, *, expected: int) -> Conflict:
    secrets = schema_of(definition).secrets
    return Conflict(
        f"The configuration of {definition.code} was changed by somebody else in the meantime.",
        code="config_stale",
        hint="Look at what is stored now and save again.",
        expected=expected,
        revision=stored.revision,
        stored=_shown(stored.overrides, secrets=secrets),
        yours=_shown(yours, secrets=secrets),
    )


def _shown(values: Values, *, secrets: frozenset[str]) -> dict[str, object]:
    """Values as people may see them: JSON, secrets masked."""
    return {key: MASK if key in secrets else to_jsonable_python(value, fallback=str) for key, value in values.items()}


def _diff(before: Values, after: Values, *, secrets: frozenset[str]) -> dict[str, object]:
    """Key → before and after for what differs; None is "not set", secrets are masked."""
    found: dict[str, object] = {}
    for key in sorted({*before, *after}):
        old, new = before.get(key), after.get(key)
        if (key in before) == (key in after) and old == new:
            continue
        if key in secrets or isinstance(new, SecretStr):
            old, new = (MASK if key in side else None for side in (before, after))
        found[key] = {"before": to_jsonable_python(old), "after": to_jsonable_python(new)}
    return found


def history(session: Session, platform_id: int, code: str, *, limit: int = 50) -> list[RevisionView]:
    """What was saved, newest first."""
    mine = (ConfigRevision.platform_id == platform_id, ConfigRevision.module == code)
    columns = (
        *(ConfigRevision.revision, ConfigRevision.actor, ConfigRevision.source, ConfigRevision.note),
        *(ConfigRevision.restores, ConfigRevision.at, ConfigRevision.diff),
    )
    found = select(*columns).where(*mine).order_by(ConfigRevision.revision.desc()).limit(limit)
    return [
        RevisionView(row.revision, row.actor, row.source, row.note, row.restores, row.at, row.diff)
        for row in session.execute(found)
    ]


def restore(
    uow: UnitOfWork,
    rt: Runtime,
    platform_id: int,
    code: str,
    revision: int,
    *,
    actor: Actor,
    now: datetime,
    note: str = "",
    expected_revision: int | None = None,
) -> int:
    """Put the overrides of an older revision in force again, as a new revision; its number.

    Keys that today's schema lacks are left out; locked keys stay as they are.

    Raises:
        Unknown: There is no such revision.
        ConfigInvalid: Today's schema rejects the old values; nothing is stored.
        Conflict: ``config_stale``.
    """
    definition = definition_of(rt, code)
    held = lock(uow, rt, platform_id, now)
    old = _overrides_at(uow.session, platform_id, code, revision=revision)
    locked = rt.locked.of(held.platform.slug, code)
    keys = _free_keys(schema_of(definition).keys, locked)
    current = config_store.load(uow.session, platform_id, code).get(code, NOTHING).overrides
    changes = {key: value for key, value in old.items() if key in keys and current.get(key) != value}
    unset = [key for key in current if key not in old and key in keys]
    return save(
        uow,
        rt,
        platform_id,
        code,
        changes,
        unset=unset,
        expected_revision=expected_revision,
        actor=actor,
        now=now,
        note=note,
        restores=revision,
    )


def _free_keys(keys: Iterable[str], locked: Values) -> set[str]:
    """The keys that neither file nor environment hold, whatever case the environment writes them in."""
    names = {name.lower() for name in locked}
    return {key for key in keys if key.lower() not in names}


def _overrides_at(session: Session, platform_id: int, code: str, *, revision: int) -> dict[str, object]:
    mine = (ConfigRevision.platform_id == platform_id, ConfigRevision.module == code)
    found = session.scalars(
        select(ConfigRevision.overrides).where(*mine, ConfigRevision.revision == revision)
    ).one_or_none()
    if found is None:
        known = session.scalars(select(ConfigRevision.revision).where(*mine)).all()
        raise Unknown("revision", str(revision), [str(each) for each in known])
    return found


def as_json(platform: str, code: str, config: EffectiveConfig, *, revision: int) -> dict[str, object]:
    """The document of ``config list``; a secret's value and default are null."""
    values = {}
    for key, value in config.values.items():
        secret = key in config.secrets
        values[key] = {
            "value": None if secret else to_jsonable_python(value),
            "source": config.sources[key].value,
            "default": None if secret else to_jsonable_python(config.defaults.get(key)),
            "secret": secret,
            "locked": config.is_locked(key),
            "problem": config.problems.get(key),
        }
    return {
        "schema": 1,
        "module": code,
        "platform": platform,
        "revision": revision,
        "values": values,
        "problems": dict(config.problems),
    }
