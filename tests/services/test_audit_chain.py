"""The chains of the audit: they hold by themselves, and whatever is done to them through the database is named."""

from __future__ import annotations

import random
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, insert, select, text, update
from sqlalchemy.orm import Session

from console.domain.audit_chain import seal_of
from console.services import (
    audit,
    audit_anchor,
    audit_chain,
    audit_verify,
)
from console.services.secrets import SecretBox
from console.storage.base import db
from console.storage.engine import WRITE
from console.storage.tables import (
    AuditChain,
    AuditEntry,
    Platform,
)
from console.storage.uow import end_read, unit_of_work
from tests.services.bench import ANNA, Bench
from tests.services.chains import anchor, chained, note, verdict, wrongs
from tests.services.conftest import MakeBench
from tests.support.tampers import tampered

TAMPERS = {"sqlite": 100, "postgres": 50}


@pytest.fixture
def bench(make: MakeBench) -> Bench:
    """Three chains to write to."""
    return chained(make)


def test_chains_hold_and_each_platform_has_its_own(bench: Bench) -> None:
    found = verdict(bench)
    assert found.findings == ()
    assert [head.platform for head in found.heads.values()] == ["", "acme", "globex"]
    assert sum(head.place for head in found.heads.values()) == found.entries == bench.count(AuditEntry)
    assert audit_anchor.read(anchor(bench))[0].keys() >= {found.heads[0].place}


def test_the_same_within_a_minute_is_one_row_with_a_count(bench: Bench) -> None:
    entry = audit.listing(bench.session, None, action="access.deny")[0]
    assert entry.count == 3
    bench.pass_s(60)
    with bench.unit() as uow:
        audit.record(uow, ANNA, action="access.deny", target="modules.toggle", now=bench.now, once=[])
    assert [each.count for each in audit.listing(bench.session, None, action="access.deny")] == [1, 3]


def test_every_tamper_is_named(bench: Bench, database_kind: str) -> None:
    seed = random.randrange(10**9)
    chance, held = random.Random(seed), audit_anchor.read(anchor(bench))
    end_read()
    done = [tampered(db.engine, bench.rt.secrets, held, chance=chance) for _ in range(TAMPERS[database_kind])]
    assert [trace for trace, named in done if not named] == [], f"seed {seed}"
    assert verdict(bench).findings == ()


def test_what_is_wrong_is_said_with_id_and_platform_and_nothing_else_is_blamed(bench: Bench) -> None:
    entries = bench.session.scalars(select(AuditEntry).where(AuditEntry.platform == "acme")).all()
    edited, deleted = entries[1], entries[3]
    with bench.unit() as uow:
        uow.session.execute(update(AuditEntry).where(AuditEntry.id == edited.id).values(actor="nobody"))
        uow.session.execute(delete(AuditEntry).where(AuditEntry.id == deleted.id))
    assert wrongs(bench) == [("acme", 2, edited.id, "edited"), ("acme", 4, None, "missing")]


def test_a_column_that_holds_no_such_value_is_a_finding_not_a_crash(bench: Bench, database_kind: str) -> None:
    if database_kind == "postgres":
        columns = {"before": "'[1]'"}
    else:
        columns = {"at": "'when?'", "before": "'{'", "count": "'x'", "platform_id": "'y'", "seal": "x'ff'"}
    for column, value in columns.items():
        with db.engine.connect().execution_options(**{WRITE: True}) as connection:
            connection.execute(text(f"UPDATE audit_entries SET {column} = {value} WHERE id = 2"))
            found = audit_verify.look(Session(connection), bench.rt.secrets, {}).findings
            connection.rollback()
        assert [each.wrong for each in found if each.entry == 2] in (["edited"], ["unsealed"])


def test_the_database_may_be_ahead_of_its_anchor(bench: Bench) -> None:
    lines = anchor(bench).read_text().splitlines()
    anchor(bench).write_text("\n".join(lines[:3]) + "\n0 9")  # the last line was cut in a power cut
    assert verdict(bench).findings == ()
    anchor(bench).unlink()
    assert verdict(bench).findings == ()


def rolled_back(bench: Bench) -> None:
    """The instance's chain as it was two entries ago, head and all, as in a backup."""
    with bench.unit() as uow:
        last = uow.session.scalars(select(AuditEntry).where(AuditEntry.platform_id.is_(None))).all()[-2:]
        uow.session.execute(delete(AuditEntry).where(AuditEntry.id.in_([each.id for each in last])))
        before = {"place": last[0].place - 1, "seal": last[0].previous}
        uow.session.execute(update(AuditChain).where(AuditChain.id == 0).values(**before))


def test_a_database_behind_its_anchor_is_told_and_can_be_accepted_with_an_entry_that_says_so(bench: Bench) -> None:
    rolled_back(bench)
    found = verdict(bench)
    assert {each.wrong for each in found.findings} == {"behind"}
    assert found.is_restored
    with unit_of_work() as uow:
        audit_verify.accept(uow, bench.rt, found, actor=ANNA, note="Disk of Tuesday.", now=bench.now)
    assert verdict(bench).findings == ()
    entry = audit.listing(bench.session, None, limit=1)[0]
    assert (entry.action, entry.reason) == ("audit.accept", "Disk of Tuesday.")
    assert len(list(anchor(bench).parent.glob("audit.anchor*"))) == 2


def test_a_database_that_went_on_after_it_was_rolled_back_is_told_too(bench: Bench) -> None:
    rolled_back(bench)
    for number in range(3):
        note(bench, f"since then {number}")
    found = verdict(bench)
    assert {each.wrong for each in found.findings} == {"replaced"}
    assert found.is_restored


def test_a_restore_that_was_killed_before_its_anchor_is_told_from_a_database_that_went_back(bench: Bench) -> None:
    audit_verify.expect(bench.session, bench.rt)  # what comes is what is there, and then it goes back
    rolled_back(bench)
    assert {each.wrong for each in verdict(bench).findings} == {"behind"}
    audit_verify.expect(bench.session, bench.rt)  # what comes is the one that went back
    assert verdict(bench).findings == ()
    note(bench, "since then")
    assert verdict(bench).findings == ()
    rolled_back(bench)
    assert {each.wrong for each in verdict(bench).findings} == {"behind"}  # it counted once


def test_the_newest_old_anchors_stay_and_nothing_of_anybody_else_goes(bench: Bench, tmp_path: Path) -> None:
    path, mine = tmp_path / audit_anchor.NAME, tmp_path / f"{audit_anchor.NAME}.of-monday"
    mine.touch()
    for day in range(audit_anchor.KEPT + 3):
        audit_anchor.begin_again(path, [(0, day, "seal")], bench.now + timedelta(days=day))
    old = sorted(tmp_path.glob(f"{audit_anchor.NAME}.2*"))
    assert [audit_anchor.read(each) for each in old] == [{0: {day: "seal"}} for day in range(2, 7)]
    assert audit_anchor.read(path) == {0: {7: "seal"}}
    assert mine.exists()


def test_only_who_has_the_key_can_chain_again(bench: Bench, tmp_path: Path) -> None:
    box = SecretBox(tmp_path / "other.key")
    with bench.unit() as uow:
        last = uow.session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
        assert last is not None
        head = uow.session.get_one(AuditChain, 0)
        last.actor = "nobody"
        head.place, head.seal = last.place - 1, last.previous
        last.seal = seal_of(last, box.key_id, box.derive("audit"))
        head.place, head.seal = last.place, last.seal
        uow.session.flush()
    assert wrongs(bench) == [("", last.place, last.id, "unsealed")]


def test_entries_outlive_the_platform_that_they_name(bench: Bench) -> None:
    note(bench, "gone", 77)  # no such platform, as after somebody deleted it by hand
    assert audit.listing(bench.session, 77)[0].target == "gone"
    assert {each.platform for each in audit.listing(bench.session, None, limit=100)} == {"", "acme", "globex"}
    assert verdict(bench).findings == ()


def test_entries_from_before_the_chains_are_sealed_by_the_upgrade(make: MakeBench) -> None:
    bench = make()
    acme = bench.platform("acme")
    with db.engine.connect().execution_options(**{WRITE: True}) as connection, connection.begin():
        connection.execute(delete(AuditEntry))
        connection.execute(delete(AuditChain))
        old = {"at": bench.now, "actor": "a", "source": "cli", "action": "x.y", "target": "z", "place": 0}
        old |= {"previous": "", "seal": "", "reason": "", "platform": ""}
        rows = [{**old, "id": 100 + number, "platform_id": acme if number % 3 else None} for number in range(7)]
        connection.execute(insert(AuditEntry), rows)
        assert audit_chain.adopt(connection, bench.rt.secrets) == 7
    anchor(bench).unlink()
    found = verdict(bench)
    assert (found.findings, found.entries) == ((), 7)
    note(bench, "goes on", acme)
    assert verdict(bench).findings == ()


def test_who_looked_last_and_what_was_found_is_kept_for_each_chain(bench: Bench) -> None:
    acme = bench.session.scalars(select(Platform.id).where(Platform.slug == "acme")).one()
    assert audit_verify.standing(bench.session, None).at is None
    with bench.unit() as uow:
        uow.session.execute(update(AuditEntry).where(AuditEntry.platform_id == acme).values(actor="nobody"))
    found = verdict(bench)
    with bench.unit() as uow:
        audit_verify.remember(uow, found, by="cli:anna", now=bench.now + timedelta(minutes=1))
    mine, all_of_them = (audit_verify.standing(bench.session, each) for each in (acme, None))
    assert (mine.by, mine.findings) == ("cli:anna", len(found.findings))
    assert all_of_them.findings == mine.findings > 1
    other = bench.session.scalars(select(Platform.id).where(Platform.slug == "globex")).one()
    assert audit_verify.standing(bench.session, other).findings == 0
