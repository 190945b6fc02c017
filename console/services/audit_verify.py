"""Verifies the chains of the audit against key and anchor, keeps the verdict, and goes on with a restored database."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from console.domain.actor import Actor
from console.domain.audit_chain import RESTORED, Anchor, Finding, Head, Walk
from console.services import audit, audit_anchor, audit_chain
from console.services.audit_rows import ReadEntry, chain_of, entries
from console.services.runtime import Runtime
from console.services.secrets import SecretBox
from console.storage.tables import AuditChain
from console.storage.uow import UnitOfWork


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a look at all chains found.

    Args:
        entries: How many there are.
        heads: Chain → its head, as it was looked at.
    """

    entries: int
    heads: Mapping[int, Head]
    findings: tuple[Finding, ...]
    anchored: int

    @property
    def is_restored(self) -> bool:
        """Whether nothing is wrong but what a restored backup explains."""
        return bool(self.findings) and all(each.wrong in RESTORED for each in self.findings)


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of a chain, or of all, from the last look; ``at`` None means that nobody looked yet."""

    at: datetime | None
    by: str
    findings: int


def verify(session: Session, rt: Runtime) -> Verdict:
    """Look at every entry of every chain.

    The anchor is read first: whatever it names was committed before, and the session, which sees one moment from
    here on, has to have it. When a restore was killed before its new anchor, and the database is the one that it was
    to bring, entry by entry, that anchor begins now.
    """
    path = audit_chain.anchor_path(rt)
    anchor, expected = audit_anchor.read(path), audit_anchor.expected(path)
    session.rollback()
    try:
        if session.get_bind().dialect.name == "postgresql":
            session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
        found = look(session, rt.secrets, anchor)
        if found.is_restored and expected:
            other = look(session, rt.secrets, expected)
            if not other.findings:
                audit_anchor.begin_again(path, _reached(other.heads.values()), rt.clock())
                return other
        return found
    finally:
        session.rollback()


def look(session: Session, box: SecretBox, anchor: Anchor) -> Verdict:
    """The verdict on what ``session`` sees."""
    heads = {each.chain: each for each in _heads(session)}
    for head in heads.values():
        box.follow(head.seal.partition(".")[0])
    keys = box.keys(audit_chain.PURPOSE)
    found: list[Finding] = []
    counted = Counter[int]()

    def walk(chain: int, rows: Iterable[ReadEntry]) -> None:
        head = heads.get(chain, Head(chain, "", 0, ""))
        found.extend(Walk(head, keys, anchor.get(chain, {})).findings(rows))

    for chain, rows in groupby(_tallied(entries(session), counted), key=chain_of):
        walk(chain, rows)
    for chain in sorted({*heads, *anchor}.difference(counted)):
        walk(chain, ())
    return Verdict(counted.total(), heads, tuple(found), sum(map(len, anchor.values())))


def _tallied(rows: Iterable[ReadEntry], counted: Counter[int]) -> Iterator[ReadEntry]:
    for row in rows:
        counted[chain_of(row)] += 1
        yield row


def remember(uow: UnitOfWork, verdict: Verdict, *, by: str, now: datetime) -> None:
    """Keep on each chain's head who looked when, and how much was wrong."""
    for chain in sorted(verdict.heads):
        wrong = sum(each.chain == chain for each in verdict.findings)
        head = update(AuditChain).where(AuditChain.id == chain)
        uow.session.execute(head.values(verified_at=now, verified_by=by, findings=wrong))


def standing(session: Session, platform_id: int | None) -> Standing:
    """The last look at a platform's chain; without one, at all of them: the oldest look, everything that it found."""
    found = select(AuditChain.verified_at, AuditChain.verified_by, AuditChain.findings)
    if platform_id is not None:
        found = found.where(AuditChain.id == platform_id)
    rows = session.execute(found).all()
    looks = [(row.verified_at, row.verified_by) for row in rows if row.verified_at is not None]
    at, by = min(looks, default=(None, ""))
    return Standing(at, by, sum(row.findings for row in rows))


def is_due(session: Session, *, every: timedelta, now: datetime) -> bool:
    """Whether there is a chain, and nobody has looked for that long; a look from a time that is yet to come is none."""
    chains, oldest = session.execute(select(func.count(), func.min(AuditChain.verified_at))).one()
    return bool(chains) and (oldest is None or not now - every < oldest <= now)


def accept(uow: UnitOfWork, rt: Runtime, verdict: Verdict, *, actor: Actor, note: str, now: datetime) -> None:
    """Go on with a database that was restored on purpose: an entry says so, and a new anchor begins when it is there.

    Args:
        verdict: One that ``is_restored``.
    """
    audit.record(
        uow,
        actor,
        action="audit.accept",
        target="audit",
        now=now,
        reason=note,
        before={"findings": len(verdict.findings), "anchored": verdict.anchored},
        after={"entries": verdict.entries},
    )
    uow.after_commit(lambda: begin_again(uow.session, rt, now))


def begin_again(session: Session, rt: Runtime, now: datetime) -> None:
    """Take the chains as they are for the truth of this folder: a new anchor begins, the old one stays beside it."""
    audit_anchor.begin_again(audit_chain.anchor_path(rt), _reached(_heads(session)), now)


def expect(session: Session, rt: Runtime) -> None:
    """Write down that the database of ``session`` is about to take the place of this folder's."""
    audit_anchor.expect(audit_chain.anchor_path(rt), _reached(_heads(session)))


def _reached(heads: Iterable[Head]) -> list[audit_anchor.Reached]:
    return [(each.chain, each.place, each.seal) for each in heads]


def _heads(session: Session) -> list[Head]:
    found = select(AuditChain.id, AuditChain.platform, AuditChain.place, AuditChain.seal).order_by(AuditChain.id)
    return [Head(row.id, row.platform, row.place, row.seal) for row in session.execute(found)]
