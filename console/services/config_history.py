"""The revisions of a module's configuration: listed, looked at, and put in force again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from console.domain.actor import Actor
from console.domain.config import EffectiveConfig
from console.domain.config_schema import schema_of
from console.errors import Unknown
from console.services import config_store, configs
from console.services.config_store import NOTHING, Stored
from console.services.configs import Preview
from console.services.locked import lock
from console.services.runtime import Runtime
from console.storage.tables import ConfigRevision
from console.storage.uow import UnitOfWork

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


@dataclass(frozen=True, slots=True)
class Restoring:
    """How the overrides become those of an older revision.

    Args:
        changes: Key → stored value that comes back.
        unset: Keys that go back to their default.
        left_out: Keys that today's schema lacks.
        locked: Keys that file or environment hold, so they stay as they are.
    """

    changes: Values
    unset: tuple[str, ...]
    left_out: tuple[str, ...]
    locked: tuple[str, ...]


def history(
    session: Session, platform_id: int, code: str, *, limit: int = 50, before: int | None = None
) -> list[RevisionView]:
    """What was saved, newest first; with ``before`` only revisions older than that one."""
    mine = (ConfigRevision.platform_id == platform_id, ConfigRevision.module == code)
    columns = (
        *(ConfigRevision.revision, ConfigRevision.actor, ConfigRevision.source, ConfigRevision.note),
        *(ConfigRevision.restores, ConfigRevision.at, ConfigRevision.diff),
    )
    found = select(*columns).where(*mine).order_by(ConfigRevision.revision.desc()).limit(limit)
    if before is not None:
        found = found.where(ConfigRevision.revision < before)
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
    held = lock(uow, rt, platform_id, now)
    plan = _restoring(uow.session, rt, platform_id, code, slug=held.platform.slug, revision=revision)
    return configs.save(
        uow,
        rt,
        platform_id,
        code,
        plan.changes,
        unset=plan.unset,
        expected_revision=expected_revision,
        actor=actor,
        now=now,
        note=note,
        restores=revision,
    )


def preview_restore(
    session: Session, rt: Runtime, platform_id: int, code: str, revision: int
) -> tuple[Preview, Restoring]:
    """What ``restore`` would change, and what it would leave as it is; writes nothing.

    Raises:
        Unknown: There is no such revision.
        ConfigInvalid: Today's schema rejects the old values.
    """
    slug = configs.slug_of(session, platform_id)
    plan = _restoring(session, rt, platform_id, code, slug=slug, revision=revision)
    return configs.preview(session, rt, platform_id, code, plan.changes, unset=plan.unset), plan


def at_revision(session: Session, rt: Runtime, platform_id: int, code: str, *, revision: int) -> EffectiveConfig:
    """What would be in force today with the overrides of an older revision; revision 0 had none.

    Raises:
        Unknown: There is no such revision.
    """
    old = _overrides_at(session, platform_id, code, revision=revision) if revision else {}
    return configs.effective_of(session, rt, platform_id, code, stored=Stored(revision, old))


def _restoring(session: Session, rt: Runtime, platform_id: int, code: str, *, slug: str, revision: int) -> Restoring:
    schema = schema_of(configs.definition_of(rt, code))
    old = _overrides_at(session, platform_id, code, revision=revision)
    free = _free_keys(schema.keys, rt.locked.of(slug, code))
    current = config_store.load(session, platform_id, code).get(code, NOTHING).overrides
    differing = {
        key for key in {*old, *current} if old.get(key) != current.get(key) or (key in old) != (key in current)
    }
    return Restoring(
        changes={key: value for key, value in old.items() if key in free & differing},
        unset=tuple(sorted(key for key in current if key not in old and key in free)),
        left_out=tuple(sorted(key for key in old if key not in schema.keys)),
        locked=tuple(sorted(key for key in differing if key in schema.keys and key not in free)),
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
