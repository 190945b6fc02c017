"""Answers that a client gets again when it sends the same request again, and nothing is done a second time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select

from console.errors import ConsoleError
from console.phrases import say
from console.services import opaque
from console.services.upsert import insert_once
from console.storage.tables import StoredAnswer
from console.storage.uow import UnitOfWork

LIVES = timedelta(hours=24)


class KeyReused(ConsoleError):
    """The key belongs to another request of the same client."""

    code = "idempotency_key_reused"
    status = 422
    exit_code = 5


@dataclass(frozen=True, slots=True)
class Keyed:
    """A request with its key.

    Args:
        client: Who sends it; keys of different clients never meet.
        key: The client's own.
        request: All that the request says: two that differ in it are two.
    """

    client: str
    key: str
    request: str

    @property
    def digest(self) -> bytes:
        """What the row is found by."""
        return opaque.digest(f"{self.client}\n{self.key}")


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered."""

    status: int
    body: bytes
    headers: Mapping[str, str]


def claim(uow: UnitOfWork, asked: Keyed, *, now: datetime) -> Answer | None:
    """The answer that the same request got within a day; None when this is the first, which ``keep`` has to end.

    Of twins that come at once one waits here for the other's end. Answers that are too old are deleted.

    Raises:
        KeyReused: The key came with another request.
    """
    uow.session.execute(delete(StoredAnswer).where(StoredAnswer.expires_at <= now))
    said = opaque.digest(asked.request)
    new = {"digest": asked.digest, "request": said, "status": 0, "body": b"", "headers": {}, "expires_at": now + LIVES}
    if insert_once(uow, StoredAnswer, new, key=["digest"]):
        return None
    found = uow.session.scalars(select(StoredAnswer).where(StoredAnswer.digest == asked.digest)).one()
    if found.request != said:
        raise KeyReused(
            say("This Idempotency-Key was used for another request."), hint=say("Use a new key for each request.")
        )
    return Answer(found.status, found.body, {name: str(value) for name, value in found.headers.items()})


def keep(uow: UnitOfWork, asked: Keyed, answer: Answer) -> None:
    """Store what the request was answered, with its effect."""
    row = uow.session.get_one(StoredAnswer, asked.digest)
    row.status, row.body, row.headers = answer.status, answer.body, dict(answer.headers)
