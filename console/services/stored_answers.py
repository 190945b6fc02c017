"""Answers that a client gets again when it sends the same request again, and nothing is done a second time.

An answer may hold what is told once, the text of a new token say, so every one of them is sealed with the key file.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select

from console.errors import Conflict, ConsoleError, WrongKey
from console.phrases import say
from console.services import opaque
from console.services.runtime import Runtime
from console.services.secrets import SecretUnreadable
from console.services.upsert import insert_once
from console.storage.tables import StoredAnswer
from console.storage.uow import UnitOfWork

LIVES = timedelta(hours=24)


class KeyReused(ConsoleError):
    """The key belongs to another request of the same client."""

    code = "idempotency_key_reused"
    status = 422
    exit_code = 5


class AnswerGone(Conflict):
    """The request was done, and what it was answered cannot be read any more."""

    code = "idempotency_answer_gone"


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

    @property
    def place(self) -> str:
        """Where its answer is sealed for; in no other row does it open."""
        return f"answer:{self.digest.hex()}"


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered."""

    status: int
    body: bytes
    headers: Mapping[str, str]


def claim(uow: UnitOfWork, rt: Runtime, asked: Keyed, *, now: datetime) -> Answer | None:
    """The answer that the same request got within a day; None when this is the first, which ``keep`` has to end.

    Of twins that come at once one waits here for the other's end. Answers that are too old are deleted.

    Raises:
        KeyReused: The key came with another request.
        AnswerGone: The answer does not open with the keys of now.
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
    headers = {name: str(value) for name, value in found.headers.items()}
    return Answer(found.status, _opened(rt, asked, found.body), headers)


def keep(uow: UnitOfWork, rt: Runtime, asked: Keyed, answer: Answer) -> None:
    """Store what the request was answered, with its effect."""
    row = uow.session.get_one(StoredAnswer, asked.digest)
    row.status, row.headers = answer.status, dict(answer.headers)
    row.body = rt.secrets.seal(answer.body.decode("latin-1"), context=asked.place).encode("ascii")


def _opened(rt: Runtime, asked: Keyed, sealed: bytes) -> bytes:
    """The body as it was sent; latin-1 gives every byte a letter and back."""
    try:
        return rt.secrets.open(sealed.decode("latin-1"), context=asked.place).encode("latin-1")
    except (WrongKey, SecretUnreadable) as error:
        raise AnswerGone(
            say("This request was done before, but its answer cannot be read any more."),
            hint=say("Look at what there is now; a new key would do it a second time."),
        ) from error
