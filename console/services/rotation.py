"""Rotates the key: a new one seals from now on, and every stored secret is sealed again, platform by platform.

A rotation that was killed goes on where it stopped: the file has the new key, and the database is bound to the old one
until the last secret is done. Older keys stay in the file, for backups and for the audit of their time.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Text, cast, select, update
from sqlalchemy.orm import Session

from console.domain.actor import Actor
from console.services import audit, config_store, factors
from console.services.runtime import Runtime
from console.services.secrets import KEY_ID, known_key
from console.storage.tables import ConfigRevision, InstanceMeta, ModuleConfig, Platform
from console.storage.uow import UnitOfWork


def begin(session: Session, rt: Runtime) -> tuple[str, str]:
    """The id of the key that is replaced, and that of the new one; a rotation that was begun before goes on."""
    known = known_key(session)
    rt.secrets.follow(known)
    if known == rt.secrets.key_id:
        rt.secrets.renew()
    return known, rt.secrets.key_id


def platform_ids(session: Session) -> Sequence[int]:
    """The platforms whose secrets are to be looked at, the archived ones too."""
    return session.scalars(select(Platform.id).order_by(Platform.id)).all()


def reseal(uow: UnitOfWork, rt: Runtime, platform_id: int, *, old: str, actor: Actor, now: datetime) -> int:
    """Seal the secrets of one platform with the current key, those of former revisions too; how many there were."""
    platform = uow.lock_platform(platform_id)
    done = _in_force(uow.session, rt, platform_id) + _revisions(uow.session, rt, platform_id)
    if done:
        platform.revision += 1  # snapshots hold sealed texts
        _record(uow, rt, actor, old=old, now=now, secrets=done, platform_id=platform_id, target=platform.slug)
    return done


def finish(uow: UnitOfWork, rt: Runtime, *, old: str, actor: Actor, now: datetime, secrets: int) -> int:
    """Seal what belongs to people, and bind the database to the new key; how many secrets there were in all."""
    secrets += factors.reseal(uow, rt)
    uow.session.execute(update(InstanceMeta).where(InstanceMeta.name == KEY_ID).values(value=rt.secrets.key_id))
    _record(uow, rt, actor, old=old, now=now, secrets=secrets, platform_id=None, target="secrets")
    return secrets


def _in_force(session: Session, rt: Runtime, platform_id: int) -> int:
    done = 0
    mine = ModuleConfig.platform_id == platform_id
    for code, raw in session.execute(select(ModuleConfig.module, cast(ModuleConfig.overrides, Text)).where(mine)):
        overrides, changed = config_store.resealed(rt, platform_id, code, raw)
        if changed:
            row = update(ModuleConfig).where(mine, ModuleConfig.module == code)
            session.execute(row.values(overrides=overrides))
        done += changed
    return done


def _revisions(session: Session, rt: Runtime, platform_id: int) -> int:
    done = 0
    columns = select(ConfigRevision.id, ConfigRevision.module, cast(ConfigRevision.overrides, Text))
    for id_, code, raw in session.execute(columns.where(ConfigRevision.platform_id == platform_id)):
        overrides, changed = config_store.resealed(rt, platform_id, code, raw)
        if changed:
            session.execute(update(ConfigRevision).where(ConfigRevision.id == id_).values(overrides=overrides))
        done += changed
    return done


def _record(
    uow: UnitOfWork,
    rt: Runtime,
    actor: Actor,
    *,
    old: str,
    now: datetime,
    secrets: int,
    platform_id: int | None,
    target: str,
) -> None:
    audit.record(
        uow,
        actor,
        action="secrets.rotate",
        target=target,
        now=now,
        platform_id=platform_id,
        before={"key": old},
        after={"key": rt.secrets.key_id, "secrets": secrets},
    )
