"""The shapes that scripts rely on, and what rows of a list show about operations."""

from __future__ import annotations

import json

from console.domain.events import ModuleEventData
from console.domain.plan_types import ChangeRequest
from console.domain.words import ModuleEvent
from console.services import audit, deliveries, operations, plans, tasks
from console.services.operation_views import as_json
from tests.services.bench import Bench, module
from tests.services.conftest import MakeBench


def failed(bench: Bench, platform_id: int) -> int:
    view = bench.accepted(platform_id, orders=True)
    bench.fail(bench.claimed(platform_id), RuntimeError("no network"))
    return view.id


def shop(make: MakeBench) -> tuple[Bench, int]:
    bench = make(module("payments", hooks=True), module("orders", "payments"), module("ads"), hook_attempts=1)
    return bench, bench.platform()


def test_the_document_of_an_operation(make: MakeBench) -> None:
    bench, acme = shop(make)
    document = json.loads(json.dumps(as_json(bench.operation(failed(bench, acme)))))
    operation = document["operation"]
    assert document["schema"] == 1
    assert set(operation) >= {"id", "platform", "kind", "state", "revision", "steps"}
    assert (operation["id"], operation["platform"], operation["kind"]) == ("1", "acme", "toggle")
    assert operation["created_at"] == "2026-03-01T12:00:00Z"
    first = operation["steps"][0]
    assert set(first) >= {"module", "action", "reason", "state", "attempts", "progress", "error"}
    assert first["error"] == {"class": "RuntimeError", "message": "no network", "field": None}
    assert "Traceback" not in json.dumps(document)
    assert as_json(None) == {"schema": 1, "operation": None}


def test_the_document_of_a_plan(make: MakeBench) -> None:
    bench, acme = shop(make)
    plan = plans.preview(bench.session, bench.rt, acme, ChangeRequest({"orders": True}))
    document = json.loads(json.dumps(plans.as_json(plan)))
    assert {key: document[key] for key in ("schema", "platform", "revision", "digest")} == {
        "schema": 1,
        "platform": "acme",
        "revision": bench.revision(acme),
        "digest": plan.digest,
    }
    assert [(s["module"], s["action"], s["reason"]) for s in document["steps"]] == [
        ("payments", "enable", "required_by:orders"),
        ("orders", "enable", "requested"),
    ]
    assert (document["warnings"], document["blocks"]) == ([], [])


def test_rows_show_the_operation_that_has_their_module_in_hand(make: MakeBench) -> None:
    bench, acme = shop(make)
    stopped = failed(bench, acme)
    bench.accepted(acme, ads=True)
    found = operations.in_hand(bench.session, acme)
    assert {code: view.id for code, view in found.items()} == {"payments": stopped, "orders": stopped}
    again = bench.accepted(acme, payments=True)
    assert operations.in_hand(bench.session, acme)["payments"].id == again.id
    bench.run(acme)
    assert operations.in_hand(bench.session, acme).keys() == {"orders"}


def test_tracebacks_are_for_those_who_may_see_them(make: MakeBench) -> None:
    bench, acme = shop(make)
    view = bench.operation(failed(bench, acme))
    hidden = operations.without_tracebacks(view)
    assert [step.error.traceback for step in view.steps if step.error] == ["Traceback …", None]
    assert [step.error.traceback for step in hidden.steps if step.error] == [None, None]
    assert next(step.error.message for step in hidden.steps if step.error) == "no network"


def heard(data: ModuleEventData) -> None:
    """A subscriber outside any module."""


def test_every_list_can_be_written_as_json(make: MakeBench) -> None:
    bench, acme = shop(make)
    bench.rt.bus.subscribe(ModuleEvent.ENABLED)(heard)
    bench.accepted(acme, ads=True)
    with bench.unit() as uow:
        tasks.enqueue(uow, bench.rt, "ads.tasks.count", "ads", acme, {}, now=bench.now)
    documents = [
        *map(audit.entry_json, audit.listing(bench.session, acme)),
        *map(deliveries.delivery_json, deliveries.listing(bench.session, acme)),
        *map(tasks.task_json, tasks.listing(bench.session, acme)),
    ]
    texts = [json.dumps(document) for document in documents]
    assert len(texts) == 4
    assert all('"id": "1"' in text or '"id": "2"' in text for text in texts)
