"""Configuration of modules: read, previewed and saved per platform; only overrides are stored, each save a revision."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from pydantic import SecretStr
from sqlalchemy import select
from sqlalchemy.orm import Session

from console.domain.actor import Actor
from console.domain.config import EffectiveConfig, effective, merge
from console.domain.config_schema import schema_of
from console.domain.definition import ModuleDefinition
from console.domain.words import ConfigSource, ModuleEvent
from console.errors import Conflict, RuleRefused, Unknown
from console.phrases import say
from console.services import audit, config_store, events, snapshots
from console.services.config_json import diff_of, masked
from console.services.config_store import NOTHING, Stored
from console.services.locked import LockedPlatform, lock
from console.services.operations import must_be_alive
from console.services.runtime import Runtime
from console.services.upsert import upsert
from console.storage.tables import ConfigRevision, ModuleConfig, Platform
from console.storage.uow import UnitOfWork

Values = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Preview:
    """What a change would do: what is in force before and after, and the keys whose override changes."""

    before: EffectiveConfig
    after: EffectiveConfig
    keys: tuple[str, ...]


def definition_of(rt: Runtime, code: str) -> ModuleDefinition:
    """The definition whose schema judges.

    Raises:
        Unknown: No such module is installed.
        RuleRefused: ``quarantined``: its definition could not be read.
    """
    module = rt.registry[code]
    if module.definition is None:
        raise RuleRefused(
            say("%(module)s is quarantined: %(reason)s", module=code, reason=module.quarantine), code="quarantined"
        )
    return module.definition


def read(session: Session, rt: Runtime, platform_id: int, code: str) -> EffectiveConfig:
    """The configuration in force, with where each value comes from and what is wrong; secrets stay closed.

    Never raises because of a stored value: what cannot be read or is refused is named in ``problems``.
    """
    stored = config_store.load(session, platform_id, code).get(code, NOTHING)
    return effective_of(session, rt, platform_id, code, stored=stored)


def effective_of(session: Session, rt: Runtime, platform_id: int, code: str, *, stored: Stored) -> EffectiveConfig:
    """What is in force when ``stored`` holds the overrides.

    Raises:
        Unknown: The module or the platform does not exist.
    """
    return _effective(rt, definition_of(rt, code), platform_id, slug=slug_of(session, platform_id), stored=stored)


def slug_of(session: Session, platform_id: int) -> str:
    """The slug of a platform; file and environment name it by that.

    Raises:
        Unknown: There is no such platform.
    """
    slug = session.scalar(select(Platform.slug).where(Platform.id == platform_id))
    if slug is None:
        raise Unknown("platform", str(platform_id))
    return slug


def _effective(
    rt: Runtime, definition: ModuleDefinition, platform_id: int, *, slug: str, stored: Stored
) -> EffectiveConfig:
    lost = config_store.lost(rt, platform_id, definition.code, stored=stored)
    overrides = {key: value for key, value in stored.overrides.items() if key not in lost}
    found = effective(definition, platform_slug=slug, overrides=overrides, locked=rt.locked)
    if not lost:
        return found
    rejected = {key: value for key, value in stored.overrides.items() if key in lost}
    return replace(found, problems={**found.problems, **lost}, rejected={**found.rejected, **rejected})


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
    diff = diff_of(stored.overrides, merged, secrets=secrets)
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


def preview(
    session: Session,
    rt: Runtime,
    platform_id: int,
    code: str,
    changes: Values,
    *,
    unset: Iterable[str] = (),
) -> Preview:
    """What ``save`` would do now; writes nothing, and raises what ``save`` raises because of values."""
    definition = definition_of(rt, code)
    slug = slug_of(session, platform_id)
    stored = config_store.load(session, platform_id, code).get(code, NOTHING)
    locked = rt.locked.of(slug, code)
    merged = merge(definition, stored.overrides, changes=changes, unset=unset, locked=locked)
    return Preview(
        before=_effective(rt, definition, platform_id, slug=slug, stored=stored),
        after=_effective(rt, definition, platform_id, slug=slug, stored=Stored(stored.revision, merged)),
        keys=tuple(diff_of(stored.overrides, merged, secrets=schema_of(definition).secrets)),
    )


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
        say("The configuration of %(module)s was changed by somebody else in the meantime.", module=definition.code),
        code="config_stale",
        hint=say("Look at what is stored now and save again."),
        expected=expected,
        revision=stored.revision,
        stored=masked(stored.overrides, secrets=secrets),
        yours=masked(yours, secrets=secrets),
    )
