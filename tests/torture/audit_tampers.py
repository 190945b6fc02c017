"""Meddles with the audit through the database alone, a thousand times, and looks each time: all have to be named."""

from __future__ import annotations

import random
from collections import Counter
from datetime import UTC, datetime, timedelta

from console.domain.actor import Actor
from console.services import audit, audit_anchor, audit_chain, audit_verify, migrations, platforms
from console.services.runtime import Runtime
from console.settings import load_settings
from console.storage.base import db
from console.storage.uow import read_session, unit_of_work
from tests.support.databases import bare_app, close
from tests.support.tampers import tampered
from tests.torture.scenario import Figures, Ground, Scale

TIMES = {Scale.TEST: 100, Scale.SHORT: 1000, Scale.FULL: 10_000}
ENTRIES = 60
START = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
ANNA = Actor("anna@example.com", "page", request_id="r-1")


def audit_tampers(ground: Ground) -> Figures:
    """Meddle with chains of three platforms and of the instance; seed and kind of what was not named are told."""
    chance = random.Random(ground.seed)
    app = bare_app(load_settings({"data_dir": ground.folder, "database_url": ground.new_database()}, {}))
    migrations.upgrade(app)
    rt: Runtime = app.extensions["console"]
    with app.app_context():
        _fill(rt, chance)
        anchor = audit_anchor.read(audit_chain.anchor_path(rt))
        done = [tampered(db.engine, rt.secrets, anchor, chance=chance) for _ in range(TIMES[ground.scale])]
        left = audit_verify.verify(read_session(), rt).findings
    close(app)
    kinds = Counter(trace.what.split()[0] for trace, _ in done)
    missed = [f"not named: {trace}" for trace, named in done if not named]
    return Figures(
        done={f"tampers: {kind}": count for kind, count in sorted(kinds.items())},
        zeros={"tampers that were not named": len(missed), "findings in the untouched audit": len(left)},
        told=tuple(missed),
    )


def _fill(rt: Runtime, chance: random.Random) -> None:
    chains: list[int | None] = [None]
    with unit_of_work() as uow:
        chains += [
            platforms.create(uow, rt, slug, slug.title(), actor=ANNA, now=START).id for slug in ("a1", "b2", "c3")
        ]
    for number in range(ENTRIES):
        with unit_of_work() as uow:
            audit.record(
                uow,
                ANNA,
                action="tests.note",
                target=f"entry {number}",
                now=START + timedelta(seconds=number),
                platform_id=chance.choice(chains),
                before={"value": chance.random()},
                after={"value": chance.choice([None, 1e22, "ä", [1, 2.5]])},
                once=["again"] if number % 9 == 0 else None,
            )
