"""given-up: look, again, let-go."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from console.domain.actor import SYSTEM
from console.domain.words import DeliveryState, ModuleEvent
from console.storage.tables import AuditEntry, Delivery, Platform
from console.storage.uow import read_session, unit_of_work
from tests.cli.documents import ErrorDocument
from tests.cli.shell import Shell


@pytest.fixture
def resting(shell: Shell) -> str:
    """A delivery that gave up; its id on the command line."""
    now = shell.app.extensions["console"].clock()
    with shell.app.app_context(), unit_of_work() as uow:
        delivery = Delivery(
            event=ModuleEvent.ENABLED,
            module="orders",
            platform_id=uow.session.scalars(select(Platform.id)).one(),
            subscriber="shop.hear_orders",
            actor=SYSTEM.name,
            data={},
            occurred_at=now,
            finished_at=now,
            state=DeliveryState.FAILED,
            attempts=5,
            fence=5,
            error="ConnectionError: no route",
        )
        uow.session.add(delivery)
        uow.session.flush()
        return f"delivery-{delivery.id}"


def test_what_rests_is_listed_with_its_last_error(shell: Shell, resting: str) -> None:
    (row,) = shell.run("modules", "given-up").rows
    assert row[:7] == [resting, "acme", "enabled", "orders", "shop.hear_orders", "5", "ConnectionError: no route"]
    assert shell.run("modules", "given-up", "-p", "acme").rows == [row]


@pytest.mark.parametrize(("word", "state"), [("again", "pending"), ("let-go", "skipped")])
def test_a_decision_is_made_once_and_audited(shell: Shell, resting: str, word: str, state: str) -> None:
    assert f"{resting} is {state}" in shell.run("modules", "given-up", word, resting).err
    assert shell.run("modules", "given-up").rows == []
    refused = shell.document(ErrorDocument, "modules", "given-up", word, resting, code=5).error
    assert refused.code == "not_given_up"
    with shell.app.app_context():
        entry = read_session().scalars(select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1)).one()
    assert (entry.action, entry.target) == (f"delivery.{word.replace('-', '_')}", "shop.hear_orders")


def test_what_is_not_there_is_exit_3(shell: Shell) -> None:
    assert shell.document(ErrorDocument, "modules", "given-up", "again", "task-9", code=3).error.code == (
        "unknown_given_up"
    )
