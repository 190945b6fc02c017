"""``Idempotency-Key``: an API request that is sent again has no second effect and gets the first answer."""

from __future__ import annotations

from collections.abc import Callable

from flask import Response, request

from console.context import current, runtime
from console.errors import UsageError
from console.phrases import say
from console.services import stored_answers
from console.services.stored_answers import Answer, Keyed
from console.storage.uow import UnitOfWork, unit_of_work
from console.web import session

HEADER, REPLAYED = "Idempotency-Key", "Idempotency-Replayed"
LONGEST_KEY = 255
KEPT = ("Content-Type", "ETag", "Location")
TENANTS = ("X-Console-Platform", "X-Console-Vendor")


def once(uow: UnitOfWork, view: Callable[[], Response]) -> Response:
    """The view's answer, or the one that the same request with the same key got before.

    An answer of 400 or more rolls everything back, the key with it: what was refused may be sent again.

    Raises:
        UsageError: The key is not one.
        KeyReused: It came with another request.
        AnswerGone: The first answer does not open any more.
    """
    asked = _keyed()
    if asked is None:
        return view()
    rt = runtime()
    found = stored_answers.claim(uow, rt, asked, now=rt.clock())
    if found is not None:
        return Response(found.body, found.status, {**found.headers, REPLAYED: "true"})
    response = view()
    if response.status_code < 400:
        headers = {name: response.headers[name] for name in KEPT if name in response.headers}
        stored_answers.keep(uow, rt, asked, Answer(response.status_code, response.get_data(), headers))
    return response


def prepared(view: Callable[[UnitOfWork], Response]) -> Response:
    """As ``once``, in a unit of work of its own: for a view that did slow work first, which must not hold a lock."""
    with unit_of_work() as uow:
        return once(uow, lambda: view(uow))


def _keyed() -> Keyed | None:
    key = request.headers.get(HEADER)
    if key is None or not request.path.startswith("/api/"):
        return None
    if not key.isascii() or not key.isprintable() or not 0 < len(key) <= LONGEST_KEY:
        raise UsageError(
            say("The Idempotency-Key is not one."), hint=say("Send 1 to 255 printable ASCII characters, a UUID say.")
        )
    user = current().user
    token = session.bearer_hash()
    client = token.hex() if token is not None else f"user {user.id if user is not None else 0}"
    tenants = [request.headers.get(name, "") for name in TENANTS]
    body = request.get_data(cache=True).hex()
    return Keyed(client, key, "\n".join([request.method, request.full_path, *tenants, request.mimetype, body]))
