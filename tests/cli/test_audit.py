"""audit: list and export, by the same filters as the page."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from sqlalchemy import select

from console.storage.tables import AuditEntry
from console.storage.uow import unit_of_work
from tests.cli.documents import ErrorDocument, Id, Shape, Time, Whole
from tests.cli.shell import Shell


class Entry(Shape):
    id: Id
    at: Time
    platform: str | None
    actor: str
    source: str
    action: str
    target: str
    reason: str
    operation: str | None
    before: dict[str, object] | None
    after: dict[str, object] | None
    count: int


class AuditDocument(Whole):
    platform: str | None
    entries: list[Entry]

    def said(self) -> list[str]:
        return [f"{entry.action} {entry.target}" for entry in self.entries]


@pytest.fixture
def busy(shell: Shell) -> Shell:
    """Two platforms, of which one has switched a module."""
    assert shell.run("platforms", "create", "globex", "--name", "Globex").code == 0
    assert shell.run("modules", "enable", "analytics", "-p", "acme", "--note", "spring").code == 0
    return shell


def test_the_list_is_of_one_platform_or_of_all(busy: Shell) -> None:
    own = busy.document(AuditDocument, "audit", "list", "-p", "acme")
    assert own.platform == "acme"
    assert own.said()[0] == "modules.enable analytics"
    assert {entry.platform for entry in own.entries} == {"acme"}
    everything = busy.document(AuditDocument, "audit", "list")
    assert everything.platform is None
    assert {entry.platform for entry in everything.entries} == {"acme", "globex"}


@pytest.mark.parametrize(
    ("words", "number"),
    [
        (["--actor", "cli:"], 1),
        (["--action", "modules.enable", "--target", "analytics"], 1),
        (["--action", "modules."], 1),
        (["--text", "spring"], 1),
        (["--source", "page"], 0),
        (["--from", "2099-01-01"], 0),
        (["--to", "2099-01-01", "--target", "analytics"], 1),
        (["--operation", "999"], 0),
    ],
)
def test_filters_choose(busy: Shell, words: list[str], number: int) -> None:
    found = busy.document(AuditDocument, "audit", "list", "-p", "acme", *words).said()
    assert [each for each in found if each == "modules.enable analytics"] == ["modules.enable analytics"] * number


def test_the_list_goes_on_from_an_entry(busy: Shell) -> None:
    first = busy.document(AuditDocument, "audit", "list", "--limit", "2")
    rest = busy.document(AuditDocument, "audit", "list", "--before", first.entries[-1].id)
    assert len(first.entries) == 2
    assert rest.said()
    assert not {entry.id for entry in first.entries} & {entry.id for entry in rest.entries}


def test_lines_are_for_people(busy: Shell) -> None:
    row = busy.run("audit", "list", "-p", "acme", "--target", "analytics").rows[0]
    assert row[2] == "acme"
    assert row[5:7] == ["modules.enable", "analytics"]
    assert row[8] == "spring"


def test_the_export_holds_all_of_it_in_both_forms(busy: Shell) -> None:
    rows = list(csv.DictReader(io.StringIO(busy.run("audit", "export").out)))
    document = busy.document(AuditDocument, "audit", "export")
    assert [row["id"] for row in rows] == [entry.id for entry in document.entries]
    assert busy.run("audit", "export", "--format", "json").out == busy.run("audit", "export", "--json").out
    own = busy.document(AuditDocument, "audit", "export", "-p", "globex", "--action", "platforms.")
    assert own.said() == ["platforms.create globex"]


def test_a_day_that_is_none_is_exit_2(shell: Shell) -> None:
    assert shell.document(ErrorDocument, "audit", "list", "--from", "yesterday", code=2).error.code == "usage"


def test_an_unknown_platform_is_exit_3(shell: Shell) -> None:
    assert shell.document(ErrorDocument, "audit", "export", "-p", "nowhere", code=3).error.code == "unknown_platform"


class Found(Shape):
    id: Id | None
    platform: str | None
    place: Id
    until: Id
    wrong: str
    message: str


class VerifyDocument(Whole):
    holds: bool
    entries: int
    chains: list[dict[str, object]]
    anchored: int
    findings: list[Found]


def test_verify_says_whether_the_chains_hold_and_names_what_does_not(busy: Shell) -> None:
    assert busy.document(VerifyDocument, "audit", "verify").findings == []
    assert busy.run("audit", "verify").out.startswith("The audit holds: ")
    with busy.app.app_context(), unit_of_work() as uow:
        entry = uow.session.scalars(select(AuditEntry).where(AuditEntry.action == "modules.enable")).first()
        assert entry is not None
        entry.actor, id_ = "nobody", str(entry.id)
    (found,) = busy.run("audit", "verify", "--json").document(VerifyDocument, code=1).findings
    assert (found.id, found.platform, found.wrong) == (id_, "acme", "edited")
    (row,) = busy.run("audit", "verify").rows
    assert row == [id_, "acme", found.place, "was changed after it was written"]
    assert busy.run("audit", "verify", "--accept", "why", "--json").document(ErrorDocument, code=4).error.code == (
        "audit_broken"
    )


def test_a_restored_database_is_accepted_with_words(busy: Shell, data_dir: Path) -> None:
    with (data_dir / "audit.anchor").open("a") as anchor:
        anchor.write("1 99 0.0\n")
    answer = busy.run("audit", "verify")
    assert (answer.code, "--accept" in answer.err) == (1, True)
    assert busy.run("audit", "verify", "--accept", "Disk of Tuesday.").code == 0
    assert busy.document(AuditDocument, "audit", "list").entries[0].reason == "Disk of Tuesday."


def test_the_key_is_rotated_and_the_audit_says_so(busy: Shell) -> None:
    told = busy.json("secrets", "rotate")
    assert told["old"] != told["new"]
    assert busy.document(AuditDocument, "audit", "list").said()[0] == "secrets.rotate secrets"
    assert busy.run("audit", "verify").code == 0
