"""The audit by filters and page by page, and as a file that a spreadsheet cannot be tricked with."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from console.domain.actor import Actor
from console.domain.days import period
from console.services import audit, audit_export, audit_search
from console.services.audit import AuditView
from console.services.audit_search import AuditQuery
from console.services.paging import Place
from tests.services.bench import ANNA, START, Bench, Statements, module
from tests.services.conftest import MakeBench

BOB = Actor("bob@example.com", "cli", request_id="r-2")
PARIS = ZoneInfo("Europe/Paris")


@pytest.fixture
def shop(make: MakeBench) -> tuple[Bench, int]:
    """A platform with three entries of its own, a second one, and an entry that belongs to none."""
    bench = make(module("billing"), module("ads"))
    acme, globex = bench.platform(), bench.platform("globex")
    with bench.unit() as uow:
        audit.record(
            uow,
            ANNA,
            action="config.save",
            target="billing",
            now=START + timedelta(hours=11.5),
            platform_id=acme,
            reason="für Zoë",
            before={"days": 14},
            after={"days": 30, "motto": "schön 100%"},
        )
        audit.record(uow, BOB, action="config.restore", target="ads", now=START, platform_id=acme, operation_id=77)
        audit.record(uow, BOB, action="modules.enable", target="ads", now=START, platform_id=globex)
        audit.record(uow, ANNA, action="users.create", target="=cmd|' /C calc'!A0", now=START)
    return bench, acme


def found(bench: Bench, platform_id: int | None, query: AuditQuery) -> list[str]:
    page = audit_search.find(bench.session, platform_id, query)
    return [f"{entry.action} {entry.target}" for entry in page.rows]


@pytest.mark.parametrize(
    ("query", "targets"),
    [
        (AuditQuery(actor="BOB"), ["config.restore ads"]),
        (AuditQuery(action="config."), ["config.restore ads", "config.save billing"]),
        (AuditQuery(action="config.save"), ["config.save billing"]),
        (AuditQuery(target="ads"), ["config.restore ads"]),
        (AuditQuery(source="cli"), ["config.restore ads"]),
        (AuditQuery(operation_id=77), ["config.restore ads"]),
        (AuditQuery(text="zoë"), ["config.save billing"]),
        (AuditQuery(text="schön 100%"), ["config.save billing"]),
        (AuditQuery(text="MOTTO"), ["config.save billing"]),
        (AuditQuery(text="r-2"), ["config.restore ads"]),
        (AuditQuery(text="%"), ["config.save billing"]),
        (AuditQuery(period=period("2026-03-02", "", PARIS)), ["config.save billing"]),
        (AuditQuery(period=period("2026-03-02", "", UTC)), []),
        (AuditQuery(period=period("", "2026-03-01", UTC), action="config.save"), ["config.save billing"]),
        (AuditQuery(period=period("", "2026-02-28", UTC)), []),
        (AuditQuery(without=("config.",)), ["platforms.create acme"]),
    ],
    ids=lambda value: "" if isinstance(value, list) else None,
)
def test_a_filter_finds_what_it_says(shop: tuple[Bench, int], query: AuditQuery, targets: list[str]) -> None:
    bench, acme = shop
    assert found(bench, acme, query) == targets


def test_without_a_platform_all_of_the_instance_is_searched(shop: tuple[Bench, int]) -> None:
    bench, _acme = shop
    everything = found(bench, None, AuditQuery())
    assert everything[:2] == ["users.create =cmd|' /C calc'!A0", "modules.enable ads"]
    assert len(everything) == 6


def walk(bench: Bench, platform_id: int) -> list[list[int]]:
    """Every page from the newest to the oldest."""
    pages, place = [], Place()
    while True:
        page = audit_search.find(bench.session, platform_id, AuditQuery(), size=2, place=place)
        pages.append([entry.id for entry in page.rows])
        if page.older is None:
            return pages
        place = page.older


def test_pages_meet_without_a_gap_and_stay_when_entries_come(shop: tuple[Bench, int]) -> None:
    bench, acme = shop
    pages = walk(bench, acme)
    assert [len(page) for page in pages] == [2, 1]
    second = audit_search.find(bench.session, acme, AuditQuery(), size=2, place=Place(before=pages[0][-1]))
    assert second.newer == Place(after=pages[1][0])
    with bench.unit() as uow:
        audit.record(uow, BOB, action="config.save", target="ads", now=bench.now, platform_id=acme)
    again = audit_search.find(bench.session, acme, AuditQuery(), size=2, place=Place(before=pages[0][-1]))
    assert [entry.id for entry in again.rows] == pages[1]
    back = audit_search.find(bench.session, acme, AuditQuery(), size=2, place=Place(after=pages[1][0]))
    assert [entry.id for entry in back.rows] == pages[0]
    assert back.newer is not None


def test_a_page_is_one_statement_and_a_file_one_for_each_batch(
    shop: tuple[Bench, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    bench, acme = shop
    session = bench.session
    with Statements() as executed:
        audit_search.find(session, acme, AuditQuery())
    assert len(executed) == 1
    monkeypatch.setattr(audit_search, "BATCH", 2)
    sizes = [len(batch) for batch in audit_search.batches(session, acme, AuditQuery())]
    assert sizes == [2, 1]


def exported(bench: Bench, form: audit_export.Form, platform_id: int | None = None) -> str:
    session = bench.session
    batches = audit_search.batches(session, platform_id, AuditQuery())
    return "".join(audit_export.pieces(form, batches, platform=None))


def test_csv_has_every_entry_and_no_formula(shop: tuple[Bench, int]) -> None:
    bench, _acme = shop
    rows = list(csv.DictReader(io.StringIO(exported(bench, "csv"))))
    assert len(rows) == 6
    assert rows[0]["target"] == "'=cmd|' /C calc'!A0"
    saved = next(row for row in rows if row["action"] == "config.save")
    assert (saved["platform"], saved["at"]) == ("acme", "2026-03-01T23:30:00Z")
    assert json.loads(saved["after"]) == {"days": 30, "motto": "schön 100%"}


def test_json_is_the_document_of_the_list(shop: tuple[Bench, int]) -> None:
    bench, acme = shop
    document = json.loads(exported(bench, "json", acme))
    assert (document["schema"], document["platform"]) == (1, None)
    assert [entry["action"] for entry in document["entries"]] == ["config.restore", "config.save", "platforms.create"]
    assert json.loads("".join(audit_export.json_pieces([], platform="acme"))) == {
        "schema": 1,
        "platform": "acme",
        "entries": [],
    }


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n"])
def test_what_a_spreadsheet_would_calculate_becomes_text(start: str) -> None:
    assert audit_export.defused(f"{start}1+1") == f"'{start}1+1"


def test_text_that_calculates_nothing_stays() -> None:
    assert audit_export.defused("anna=1@example.com") == "anna=1@example.com"


def test_memory_holds_one_batch() -> None:
    """The file is written while it is read: the first piece is there before the second batch is asked for."""
    asked: list[int] = []
    at = datetime(2026, 3, 1, tzinfo=UTC)
    entry = AuditView(
        id=1,
        platform_id=None,
        platform="",
        at=at,
        actor="anna",
        source="cli",
        action="config.save",
        target="ads",
        reason="",
        request_id=None,
        operation_id=None,
        before=None,
        after=None,
        count=1,
    )

    def batches() -> Iterator[tuple[AuditView, ...]]:
        for number in range(3):
            asked.append(number)
            yield (entry,)

    written = audit_export.csv_pieces(batches())
    assert next(written).startswith("id,at,")
    next(written)
    assert asked == [0]
