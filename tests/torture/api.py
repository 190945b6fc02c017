"""A program that switches modules over HTTP, and hears that the console is gone for a moment."""

from __future__ import annotations

import http.client
import json
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field

PATIENCE_S = 60


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back; status 0 means that nothing did."""

    status: int
    body: Mapping[str, object] = field(default_factory=dict)
    retry_after: str | None = None

    @property
    def is_good(self) -> bool:
        """Whether it was done or accepted."""
        return 200 <= self.status < 300

    @property
    def is_busy(self) -> bool:
        """Refused for the moment, with the time to wait."""
        return self.status == 503 and self.retry_after is not None

    @property
    def is_broken(self) -> bool:
        """An error that nobody may ever see."""
        return self.status >= 500 and not self.is_busy

    @property
    def operation(self) -> Mapping[str, object] | None:
        """The operation in it."""
        found = self.body.get("operation")
        return found if isinstance(found, dict) else None


@dataclass(frozen=True, slots=True)
class Api:
    """The JSON of one platform, by its token."""

    base: str
    secret: str

    def ask(self, method: str, path: str, body: Mapping[str, object] | None = None) -> Answer:
        """The answer to a request; an error is one too, and so is a connection that breaks."""
        request = urllib.request.Request(
            f"{self.base}/api/admin/{path}",
            data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": f"Bearer {self.secret}", "Content-Type": "application/json"},
            method=method,
        )
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE_S) as answer:
                return Answer(answer.status, json.loads(answer.read()))
        except urllib.error.HTTPError as error:
            with error:
                return Answer(error.code, _document(error), error.headers.get("Retry-After"))
        except (OSError, http.client.HTTPException, ValueError):
            return Answer(0)

    def plan(self, code: str, *, on: bool) -> Answer:
        """What a switch would do."""
        return self.ask("GET", f"modules/{code}/plan?want={_word(on)}")

    def switch(self, code: str, *, on: bool, note: str, plan: str | None = None) -> Answer:
        """Switch a module, by the digest of a plan or by whatever the plan is now."""
        return self.ask("PUT", f"modules/{code}", {"want": _word(on), "note": note, "plan": plan})

    def look(self) -> Answer:
        """All modules of the platform."""
        return self.ask("GET", "modules")

    def operation(self, operation_id: int) -> Answer:
        """One operation."""
        return self.ask("GET", f"operations/{operation_id}")

    def retry(self, operation_id: int) -> Answer:
        """An operation again from its failed step."""
        return self.ask("POST", f"operations/{operation_id}/retry")


def _document(error: urllib.error.HTTPError) -> Mapping[str, object]:
    try:
        found = json.loads(error.read())
    except (OSError, http.client.HTTPException, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _word(on: bool) -> str:
    return "on" if on else "off"
