"""Known weaknesses: asked of a server that answers like OSV, and honest about one that does not."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from console.checks.doctor import Patient
from console.domain.diagnosis import Level
from console.services import inventory
from tests.doctor.looking import answer, settings

Reply = Callable[[list[str]], object]


class Osv:
    """A server on this machine that gives one kind of reply and remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[dict[str, object]] = []
        self.reply: Reply = lambda purls: {"results": [{} for _ in purls]}
        self.status = 200
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                document = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                outer.asked.append(document)
                body = outer.reply([each["package"]["purl"] for each in document["queries"]])
                self.send_response(outer.status)
                self.end_headers()
                self.wfile.write(body if isinstance(body, bytes) else json.dumps(body).encode())

            def log_message(self, format: str, *args: object) -> None:
                """Say nothing."""

        self.server = HTTPServer(("127.0.0.1", 0), Handler)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}/v1/querybatch"


@pytest.fixture
def osv() -> Iterator[Osv]:
    found = Osv()
    thread = threading.Thread(target=found.server.serve_forever)
    thread.start()
    yield found
    found.server.shutdown()
    found.server.server_close()
    thread.join()


def said(tmp_path: Path, address: str, *, offline: bool = False) -> tuple[Level, str]:
    patient = Patient(settings(data_dir=tmp_path), advisories=address, is_offline=offline)
    found = answer(patient, "DEP031").answer
    return found.level, found.text


def test_without_a_known_weakness_it_says_what_was_audited_and_when(osv: Osv, tmp_path: Path) -> None:
    level, text = said(tmp_path, osv.address)
    packages = [each for each in inventory.installed() if each.name != "module-console"]
    assert level is Level.OK
    assert text.startswith("Audited 2")
    assert text.endswith(f"no known weakness in {len(packages)} packages.")
    assert osv.asked == [{"queries": [{"package": {"purl": each.purl}} for each in packages]}]
    assert "flask" in {each.name for each in packages}


def test_a_weakness_that_is_known_is_named_with_the_day(osv: Osv, tmp_path: Path) -> None:
    osv.reply = lambda purls: {
        "results": [{"vulns": [{"id": "GHSA-1"}, {"id": "PYSEC-2"}]} if "/flask@" in each else {} for each in purls]
    }
    level, text = said(tmp_path, osv.address)
    assert level is Level.ERROR
    assert text.startswith("Audited 2")
    assert "GHSA-1, PYSEC-2" in text


BAD: dict[str, tuple[int, Reply]] = {
    "an error": (500, lambda _purls: {}),
    "no JSON": (200, lambda _purls: b"<html>"),
    "too few": (200, lambda purls: {"results": [{} for _ in purls[1:]]}),
    "nothing": (200, lambda _purls: {}),
    "another form": (200, lambda purls: {"results": [{"vulns": "none"} for _ in purls]}),
    "a weakness without a name": (200, lambda purls: {"results": [{"vulns": [{}]} for _ in purls]}),
}


@pytest.mark.parametrize("what", BAD)
def test_an_answer_that_is_none_is_never_taken_for_fine(osv: Osv, tmp_path: Path, what: str) -> None:
    osv.status, osv.reply = BAD[what]
    level, text = said(tmp_path, osv.address)
    assert level is Level.UNKNOWN
    assert text.startswith("Not auditable here: ")


def test_where_nobody_answers_it_says_so(tmp_path: Path) -> None:
    level, text = said(tmp_path, "http://127.0.0.1:1/v1/querybatch")
    assert level is Level.UNKNOWN
    assert text.startswith("Not auditable here: ")
    assert "refused" in text


def test_offline_nobody_is_asked(osv: Osv, tmp_path: Path) -> None:
    level, text = said(tmp_path, osv.address, offline=True)
    assert (level, osv.asked) == (Level.UNKNOWN, [])
    assert text.startswith("Not auditable here: ")
