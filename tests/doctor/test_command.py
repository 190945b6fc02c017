"""``doctor`` as people call it: exit codes, the document, what works without an application, and its page."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.cli.shell import Process, Shell
from tests.conftest import MakeApp
from tests.doctor.looking import EVERY
from tests.house.sources import ROOT

HOSTILE = ROOT / "tests" / "support" / "hostile"
GOOD = {"trusted_hosts": ["console.example.com"], "base_url": "https://console.example.com", "proxy_hops": 1}


@pytest.fixture
def database_kind() -> str:
    """The command line is looked at; what is read, on both."""
    return "sqlite"


@pytest.fixture(autouse=True)
def in_health(request: pytest.FixtureRequest) -> None:
    """A database, where the test has one, is closed to others."""
    if "make_app" in request.fixturenames:
        request.getfixturevalue("closed")


def levels(document: dict[str, list[dict[str, str]]]) -> dict[str, str]:
    return {each["id"]: each["level"] for each in document["checks"]}


def test_a_warning_fails_only_when_that_is_asked_for(make_app: MakeApp) -> None:
    shell = Shell(make_app())
    found = shell.json("doctor")
    assert found["holds"] is True
    assert levels(found)["DOC030"] == "warning"  # no runner
    assert shell.json("doctor", "--strict", code=1)["holds"] is False


def test_an_error_is_exit_1_and_deploy_asks_more(make_app: MakeApp) -> None:
    shell = Shell(make_app())
    plain, deploy = shell.json("doctor"), shell.json("doctor", "--deploy", "--offline", code=1)
    assert [each["id"] for each in deploy["checks"]] == [*EVERY]
    assert set(levels(plain)) == {id for id in EVERY if id.startswith("DOC")}
    assert levels(deploy)["DEP001"] == "error"
    careful = Shell(make_app(**GOOD, insecure_http=False)).json("doctor", "--deploy", "--offline")
    assert (careful["holds"], levels(careful)["DEP031"]) == (True, "unknown")


def test_people_read_a_line_for_each_and_what_to_do(make_app: MakeApp) -> None:
    answer = Shell(make_app()).run("doctor", "--deploy", "--offline")
    rows = {row[0]: row[1:] for row in answer.rows}
    assert list(rows) == [*EVERY]
    assert rows["DEP001"][0] == "error"
    assert rows["DEP001"][2].endswith("Put a proxy with TLS in front, and unset it.")
    assert re.search(r"\d+ ok, .*\d+ error", answer.err)


def test_a_broken_module_is_named(make_app: MakeApp) -> None:
    found = Shell(make_app(modules_path=[HOSTILE / "cli"])).json("doctor")
    said = next(each for each in found["checks"] if each["id"] == "DOC002")
    assert said["level"] == "warning"
    assert "broken: " in said["message"]


def test_a_console_that_cannot_be_loaded_is_looked_at_all_the_same(tmp_path: Path) -> None:
    variables = {"CONSOLE_DATA_DIR": str(tmp_path), "CONSOLE_MODULES_PATH": str(HOSTILE / "cli"), "CONSOLE_STRICT": "1"}
    found = Process(tmp_path, variables).run("doctor", "--deploy", "--offline", "--json")
    assert found.code == 1
    assert levels(found.json) | {"DOC001": "error", "DOC010": "ok", "DOC020": "error"} == levels(found.json)
    assert levels(found.json)["DEP003"] == "error"
    assert "broken" in found.json["checks"][0]["message"]


def test_settings_that_cannot_be_read_are_named(tmp_path: Path) -> None:
    found = Process(tmp_path, {"CONSOLE_PORTT": "1"}).run("doctor", "--json")
    assert found.code == 1
    assert "CONSOLE_PORTT" in found.json["checks"][0]["message"]
    assert set([*levels(found.json).values()][1:]) == {"unknown"}


def test_the_page_has_exactly_the_ids_that_there_are() -> None:
    page = (ROOT / "docs/operations/doctor.md").read_text()
    rows = re.findall(r"^\| `((?:DOC|DEP)\d{3})` \| (.+?) \|", page, re.M)
    assert [id for id, _ in rows] == [*EVERY]
    assert [(id, about.replace("`", "")) for id, about in rows] == [(each.id, each.about) for each in EVERY.values()]
