"""Snapshots of platforms: one a revision, kept as long as the revision stands."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import replace
from threading import Lock

from sqlalchemy import select
from sqlalchemy.orm import Session

from console.domain.plan_types import ModuleStatus
from console.domain.snapshot import Snapshot, build_snapshot
from console.errors import Unknown
from console.services import config_store, menu_store, schema, tier_store
from console.services.locked import statuses
from console.services.runtime import Runtime
from console.storage.session import UNIT
from console.storage.tables import ModuleRow, Platform

_LIMIT = 4096


class SnapshotCache:
    """The newest snapshot of the platforms that were asked for last; safe between threads.

    Args:
        limit: How many platforms are kept.
    """

    def __init__(self, limit: int = _LIMIT) -> None:
        self._limit = limit
        self._kept: OrderedDict[int, Snapshot] = OrderedDict()
        self._lock = Lock()

    def get(self, session: Session, rt: Runtime, platform_id: int, revision: int) -> Snapshot:
        """The platform at ``revision``; costs no statement when it was asked for before.

        A snapshot built inside a unit of work may hold what is not committed yet, so it is not kept.
        """
        kept = self._kept.get(platform_id)
        if kept is not None and kept.revision == revision:
            with self._lock:
                if platform_id in self._kept:
                    self._kept.move_to_end(platform_id)
            return kept
        fresh = load(session, rt, platform_id)
        if UNIT not in session.info:
            self._keep(platform_id, fresh)
        return fresh

    def _keep(self, platform_id: int, fresh: Snapshot) -> None:
        with self._lock:
            kept = self._kept.get(platform_id)
            if kept is None or kept.revision <= fresh.revision:
                self._kept[platform_id] = fresh
            self._kept.move_to_end(platform_id)
            while len(self._kept) > self._limit:
                self._kept.popitem(last=False)

    def clear(self) -> None:
        """Forget everything: what can be live has changed without a revision (a migration ran, say)."""
        with self._lock:
            self._kept.clear()

    def __len__(self) -> int:
        return len(self._kept)


def current(session: Session, rt: Runtime, platform_id: int) -> Snapshot:
    """The platform as it is now; one statement when nothing has changed.

    Raises:
        Unknown: There is no such platform.
    """
    revision = session.scalar(select(Platform.revision).where(Platform.id == platform_id))
    if revision is None:
        raise Unknown("platform", str(platform_id))
    return rt.snapshots.get(session, rt, platform_id, revision)


def load(session: Session, rt: Runtime, platform_id: int) -> Snapshot:
    """The platform, read afresh: six statements, whatever is installed.

    The revision is read first, so the content is never older than its number.
    """
    return imagine(session, rt, platform_id, None)


def imagine(session: Session, rt: Runtime, platform_id: int, rows: Mapping[str, ModuleStatus] | None) -> Snapshot:
    """The platform as it would be with ``rows`` in place of its own; with None as it is.

    Raises:
        Unknown: There is no such platform.
    """
    columns = select(Platform.slug, Platform.name, Platform.revision, Platform.archived_at)
    head = session.execute(columns.where(Platform.id == platform_id)).one_or_none()
    if head is None:
        raise Unknown("platform", str(platform_id))
    schema.refresh(session, rt)
    if rows is None:
        found = select(ModuleRow).where(ModuleRow.platform_id == platform_id).execution_options(populate_existing=True)
        rows = statuses(session.scalars(found).all())
    stored = config_store.load(session, platform_id)
    snapshot = build_snapshot(
        rt.registry,
        platform_id=platform_id,
        slug=head.slug,
        name=head.name,
        revision=head.revision,
        archived=head.archived_at is not None,
        rows=rows,
        overrides={code: each.overrides for code, each in stored.items()},
        locked=rt.locked,
        unavailable=rt.unavailable,
        places=menu_store.load(session, platform_id),
        tiers=tier_store.load(session, platform_id),
    )
    lost = {
        code: config_store.lost(rt, platform_id, code, stored=each)
        for code, each in stored.items()
        if code in snapshot.config
    }
    named = {
        code: replace(snapshot.config[code], problems={**snapshot.config[code].problems, **problems})
        for code, problems in lost.items()
        if problems
    }
    return replace(snapshot, config={**snapshot.config, **named}) if named else snapshot
