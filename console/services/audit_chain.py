"""Puts the entries of a unit of work into their chains: the last thing before its commit.

So the locks on the chains are taken last and in one order, whatever the unit of work did before; there is nothing to
wait for after them, and no circle to wait in.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, func, select, text
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from console.domain.audit_chain import count_seal_of, key_id_of, seal_of
from console.services import audit_anchor
from console.services.runtime import Runtime, active_runtime
from console.services.secrets import SecretBox
from console.storage.tables import AuditChain, AuditEntry, Platform
from console.storage.tables.audit import INSTANCE
from console.storage.uow import UnitOfWork

PURPOSE = "audit"
_FRESH = {"populate_existing": True}
_BATCH = 1000
SINCE = "console_003"
"""The revision with which the chains begin."""


def seal(uow: UnitOfWork) -> None:
    """Write the entries that wait in ``uow``, each at the end of its chain, sealed."""
    rt, session = active_runtime(), uow.session
    waiting, uow.entries = uow.entries, []
    session.flush()
    heads = locked(session, {_chain_of(entry) for entry in waiting})
    fresh = [entry for entry in waiting if not _counted(session, rt.secrets, entry)]
    append(session, rt.secrets, fresh, heads)
    session.flush()
    reached = [(head.id, head.place, head.seal) for head in heads.values()]
    uow.after_commit(lambda: audit_anchor.append(anchor_path(rt), reached))


def once(facts: Sequence[str], now: datetime) -> str:
    """What an entry is known by that is counted, not written again, within a minute."""
    return hashlib.sha256("\n".join((f"{now:%Y-%m-%dT%H:%M}", *facts)).encode()).hexdigest()


def locked(session: Session, chains: Collection[int]) -> dict[int, AuditChain]:
    """The heads of those chains, locked until the transaction ends; a chain begins when it is first asked for."""
    found = _heads(session, chains)
    if missing := set(chains) - set(found):
        _begin(session, missing)
        found = _heads(session, chains)
    return found


def append(session: Session, box: SecretBox, entries: Sequence[AuditEntry], heads: dict[int, AuditChain]) -> None:
    """Add ``entries`` to the ends of their chains, whose heads are locked."""
    for entry, id_ in zip(entries, _fresh_ids(session, len(entries)), strict=True):
        entry.id = id_
        link(box, entry, heads[_chain_of(entry)])
    session.add_all(entries)


def link(box: SecretBox, entry: AuditEntry, head: AuditChain) -> None:
    """Give ``entry`` the next place of its chain and the seal that goes with it.

    Raises:
        WrongKey: A newer key than this file has sealed the last entry.
    """
    box.must_have(key_id_of(head.seal))
    entry.platform = head.platform
    entry.place, entry.previous = head.place + 1, head.seal
    entry.seal = seal_of(entry, box.key_id, box.derive(PURPOSE))
    head.place, head.seal = entry.place, entry.seal


def adopt(connection: Connection, box: SecretBox) -> int:
    """Seal the entries from before the chains, in the order of their ids; how many there were.

    What was done to them until now nobody can tell; from now on they are held like all others.
    """
    session, last, count = Session(connection), 0, 0
    older = select(AuditEntry).where(AuditEntry.seal == "").order_by(AuditEntry.id).limit(_BATCH)
    while entries := session.scalars(older.where(AuditEntry.id > last)).all():
        heads = locked(session, {_chain_of(entry) for entry in entries})
        for entry in entries:
            link(box, entry, heads[_chain_of(entry)])
        session.flush()
        last, count = entries[-1].id, count + len(entries)
        session.expunge_all()
    return count


def _chain_of(entry: AuditEntry) -> int:
    return INSTANCE if entry.platform_id is None else entry.platform_id


def anchor_path(rt: Runtime) -> Path:
    """Where the anchor of this data folder is."""
    return rt.settings.data_dir / audit_anchor.NAME


def _heads(session: Session, chains: Collection[int]) -> dict[int, AuditChain]:
    found = select(AuditChain).where(AuditChain.id.in_(chains)).order_by(AuditChain.id).with_for_update()
    return {head.id: head for head in session.scalars(found.execution_options(**_FRESH))}


def _begin(session: Session, chains: Collection[int]) -> None:
    """Of two transactions that begin a chain together, one waits and then finds it there."""
    named = select(Platform.id, Platform.slug).where(Platform.id.in_(chains))
    slugs = {row.id: row.slug for row in session.execute(named)}
    insert = postgres_insert if _is_postgres(session) else sqlite_insert
    rows = [
        {"id": chain, "platform": slugs.get(chain, ""), "place": 0, "seal": "", "verified_by": "", "findings": 0}
        for chain in sorted(chains)
    ]
    session.execute(insert(AuditChain).on_conflict_do_nothing(index_elements=["id"]), rows)


def _fresh_ids(session: Session, count: int) -> Sequence[int]:
    """Ids before the rows, because a seal covers them; taken under the lock, so they grow along a chain."""
    if _is_postgres(session):
        drawn = text("SELECT nextval(pg_get_serial_sequence('audit_entries', 'id')) FROM generate_series(1, :count)")
        return session.scalars(drawn, {"count": count}).all()
    last = session.scalar(select(func.max(AuditEntry.id))) or 0
    return range(last + 1, last + 1 + count)


def _is_postgres(session: Session) -> bool:
    return session.get_bind().dialect.name == "postgresql"


def _counted(session: Session, box: SecretBox, entry: AuditEntry) -> bool:
    """Whether the same is written already for this minute; then it counts one more."""
    if entry.once is None:
        return False
    known = session.scalar(select(AuditEntry).where(AuditEntry.once == entry.once).execution_options(**_FRESH))
    if known is None:
        return False
    known.count += 1
    known.count_seal = count_seal_of(known, box.key_id, box.derive(PURPOSE))
    return True
