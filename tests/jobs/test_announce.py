"""Runners hear on Postgres what other machines enqueue; polling is only the net."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import text

from console.jobs.announce import Listener
from console.services.runtime import Message
from console.storage.base import db
from console.storage.uow import unit_of_work
from tests.jobs.conftest import MakeBench
from tests.support.bench import HOSTILE, QUICK, Bench
from tests.support.calls import calls
from tests.support.tree import Tree, code_of, started
from tests.support.waiting import until

LISTENING = "FROM pg_stat_activity WHERE datname = current_database() AND query = 'LISTEN console_jobs'"
NEVER = {"poll_s": 3600.0, "lease_s": 7200.0}
"""So long that whatever happens was heard."""


@pytest.fixture(params=["postgres"])
def database_kind(request: pytest.FixtureRequest) -> str:
    """All of this is about the one database that several machines can share."""
    return str(request.param)


@contextmanager
def another_machine(bench: Bench, tmp_path: Path) -> Iterator[Tree]:
    """A worker whose data folder is its own; only database and key are shared."""
    settings = {**QUICK, **NEVER, "modules_path": HOSTILE / "hooks", "insecure_http": "true"}
    shared = {"database_url": bench.rt.settings.database_url, "secret_key_file": bench.rt.settings.secret_key_file}
    folder = tmp_path / "elsewhere"
    with started(code_of("worker"), tmp_path / "output", data_dir=folder, **settings, **shared) as tree:
        until(lambda: bench.has_runner() and listeners(bench), what=tree.text)
        yield tree


def listeners(bench: Bench) -> int:
    """How many connections listen."""
    with bench.app.app_context(), db.engine.connect() as connection:
        return connection.scalar(text(f"SELECT count(*) {LISTENING}")) or 0


def test_a_toggle_reaches_a_runner_that_shares_nothing_but_the_database(make_bench: MakeBench, tmp_path: Path) -> None:
    """So do its retries, and what is asked for after the listening connection was lost."""
    bench = make_bench("hooks", **NEVER)
    with another_machine(bench, tmp_path) as tree:
        bench.succeeded(bench.request(flaky=True))
        assert [call.attempt for call in calls("flaky.on_enable")] == [1, 2, 3]
        with bench.app.app_context(), db.engine.connect() as connection:
            connection.execute(text(f"SELECT pg_terminate_backend(pid) {LISTENING}"))
        bench.succeeded(bench.request(slow=True))
        until(lambda: listeners(bench) == 1, what=tree.text)
        bench.succeeded(bench.request(slow=False))
    assert "other machines are not heard" in tree.text()


def test_what_is_rolled_back_is_not_heard(make_bench: MakeBench) -> None:
    bench = make_bench("hooks")
    with bench.app.app_context(), closing(Listener(db.engine)) as listener:
        assert listener.hear() == {"queue", "schedule"}, "a new connection may have missed anything"
        assert listener.hear() == frozenset()
        with pytest.raises(ZeroDivisionError), unit_of_work() as uow:
            bench.rt.messenger.send(uow.session, Message("sweep"))
            raise ZeroDivisionError
        assert listener.hear() == frozenset()
        with unit_of_work() as uow:
            bench.rt.messenger.send(uow.session, Message("sweep"))
        assert until(listener.hear) == {"queue"}
        with unit_of_work() as uow:
            bench.rt.messenger.send(uow.session, Message("sweep"), delay_s=60.0)
        assert until(listener.hear) == {"schedule"}
