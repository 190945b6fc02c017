"""Negative controls: with one safeguard of the product off, the scenarios of faults report what they are to find."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from console.domain.words import ModuleState, Origin
from console.storage import engine, uow
from console.storage.tables import ModuleRow
from console.storage.uow import unit_of_work
from tests.support.calls import calls
from tests.torture import faults_migrations, faults_statements
from tests.torture.faults_bench import bench_on, commits_watched
from tests.torture.grounds import ground
from tests.torture.scenario import Ground, Scale

SEED = 3


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Ground]:
    with ground(tmp_path, None, seed=SEED, scale=Scale.TEST) as found:
        yield found


@pytest.fixture
def no_transactions(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every statement is kept by itself."""
    monkeypatch.setattr(engine, "_begin_sqlite", lambda _connection: None)
    monkeypatch.setattr(uow, "taken_back", lambda _connection: False)


@pytest.mark.usefixtures("no_transactions")
def test_a_request_without_a_transaction_is_half_done(place: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    name = "config by command"
    monkeypatch.setattr(faults_statements, "SUBJECTS", {name: faults_statements.SUBJECTS[name]})
    monkeypatch.setitem(faults_statements.STRIDE, Scale.TEST, 2)
    figures = faults_statements.request_hit_at_every_statement(place)
    assert figures.zeros["half done"] > 0


@pytest.mark.usefixtures("no_transactions")
def test_a_branch_without_a_transaction_is_there_by_halves(place: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(faults_migrations.KILLS, Scale.TEST, 4)
    figures = faults_migrations.migration_hit_at_every_statement(place)
    assert figures.zeros["half a branch"] > 0
    assert figures.zeros["not as a clean install"] > 0


def test_a_module_that_is_live_without_its_requirement_is_seen(place: Ground) -> None:
    with ExitStack() as stack:
        bench = bench_on(stack, place)
        platform_id = bench.add_platform("broken")
        stack.enter_context(commits_watched())
        with bench.app.app_context(), unit_of_work() as unit:
            row = ModuleRow(platform_id=platform_id, module="link3", wanted=True, origin=Origin.EXPLICIT)
            row.state, row.changed_at = ModuleState.ENABLED, bench.rt.clock()
            unit.session.add(row)
        assert [call.platform_id for call in calls("broken.link3")] == [platform_id]
