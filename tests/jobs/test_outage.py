"""The database goes away under a running console: it says so, and goes on by itself when the database is back."""

from __future__ import annotations

import json
import re
from pathlib import Path

import psycopg
import pytest

from tests.support.postgres import Server
from tests.support.tree import ADDRESS, answer_of, code_of, get, started
from tests.support.waiting import until


@pytest.mark.parametrize("database_kind", ["postgres"], indirect=True)
def test_serve_outlives_its_database(tmp_path: Path, data_dir: Path, database_url: str, postgres: Server) -> None:
    way = tmp_path / "way"  # to the server's folder with the socket; without it nobody gets there
    way.symlink_to(postgres.folder)
    url = database_url.replace(str(postgres.folder), str(way))
    settings = {"data_dir": data_dir, "database_url": url, "port": 0, "heartbeat_s": 0.5, "workers": 1, "poll_s": 0.2}
    with started(code_of("serve"), tmp_path / "output", **settings) as tree:
        base = tree.said(ADDRESS)
        until(lambda: json.loads(get(f"{base}/readyz")[1]).get("worker") == "ok")
        way.unlink()
        disconnect_all(database_url)
        until(lambda: get(f"{base}/readyz")[0] == 503)
        assert get(f"{base}/healthz")[0] == 200
        status, headers, body = answer_of(f"{base}/setup?token=x")
        assert status == 503
        assert int(headers["Retry-After"]) >= 1
        assert "The database does not answer" in body
        assert str(way) not in body, "where the database is, is for the log"
        tree.said(re.compile("worker .* (waits): The database does not answer"))
        way.symlink_to(postgres.folder)
        until(lambda: json.loads(get(f"{base}/readyz")[1]).get("worker") == "ok")
        tree.said(re.compile("worker .* (goes on)"))
        assert get(f"{base}/setup?token=x")[0] == 404
        assert "Traceback" not in tree.text()
        assert tree.stop() == 0


def disconnect_all(url: str) -> None:
    """What a server that goes down does to those who are connected."""
    with psycopg.connect(url) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
