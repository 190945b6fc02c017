"""The documents of the contract as strict shapes: fields may be added, none may be missing or of another kind.

Source: the contract, section 3, "JSON documents".
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field


class Shape(BaseModel):
    model_config = ConfigDict(strict=True, extra="allow")


class Whole(Shape):
    """A document: it says which schema it follows."""

    number: Literal[1] = Field(alias="schema")


def _is_utc(text: str) -> str:
    assert datetime.fromisoformat(text).utcoffset() is not None
    assert text.endswith("Z")
    return text


Time = Annotated[str, AfterValidator(_is_utc)]
Id = Annotated[str, Field(pattern=r"^\d+$")]
Reason = Annotated[str, Field(pattern=r"^(requested|unneeded|required_by:[a-z][a-z0-9_-]*|requires:[a-z][a-z0-9_-]*)$")]
Action = Literal["enable", "disable", "configure"]
Health = Literal["healthy", "degraded", "unhealthy", "unknown"]


class Module(Shape):
    code: str
    name: str
    version: str
    kind: Literal["core", "optional", "internal"]
    wanted: bool
    state: Literal["disabled", "enabling", "enabled", "disabling", "failed"]
    origin: Literal["explicit", "implied", "default", "core"] | None
    requires: list[str]
    required_by: list[str]
    health: Health
    problems: list[str]


class ListDocument(Whole):
    platform: str
    revision: int
    modules: list[Module]

    def by_code(self) -> dict[str, Module]:
        return {module.code: module for module in self.modules}


class PlanStep(Shape):
    module: str
    action: Action
    reason: Reason


class Notice(Shape):
    code: str
    module: str
    message: str
    hint: str


class PlanDocument(Whole):
    platform: str
    revision: int
    digest: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    steps: list[PlanStep]
    warnings: list[Notice]
    blocks: list[Notice]

    def said(self) -> list[tuple[str, str, str]]:
        return [(step.module, step.action, step.reason) for step in self.steps]


class Progress(Shape):
    done: int | None
    total: int | None
    text: str


class LogLine(Shape):
    at: Time
    attempt: int
    level: Literal["debug", "info", "warning", "error", "critical", "progress", "started", "waiting", "failed", "done"]
    text: str


class Step(PlanStep):
    state: Literal["pending", "running", "succeeded", "failed", "skipped"]
    attempts: int
    progress: Progress | None
    error: dict[str, object] | None
    log: list[LogLine] | None = None


class Operation(Shape):
    id: Id
    platform: str
    kind: Literal["toggle", "undo", "create", "apply", "reconcile"]
    state: Literal["queued", "running", "succeeded", "failed", "kept", "undone", "cancelled"]
    revision: int
    steps: list[Step]

    def done(self) -> list[tuple[str, str, str]]:
        return [(step.module, step.action, step.state) for step in self.steps]


class OperationDocument(Whole):
    operation: Operation | None

    def some(self) -> Operation:
        assert self.operation is not None
        return self.operation


class OperationsDocument(Whole):
    platform: str
    operations: list[Operation]


class Value(Shape):
    value: object
    source: Literal["default", "platform", "file", "env"]
    default: object
    secret: bool


class ConfigDocument(Whole):
    module: str
    platform: str
    revision: int
    values: dict[str, Value]


class Report(Shape):
    code: str
    status: Health
    message: str
    details: dict[str, object]
    checked_at: Time | None


class HealthDocument(Whole):
    modules: list[Report]


class Count(Shape):
    name: str
    rows: int | None
    owned: bool


class Purge(Shape):
    platform: str
    module: str
    confirm: str
    purged: bool
    rows: int
    tables: list[Count]
    settings: int
    revisions: int
    export: str | None
    blocks: list[dict[str, str]]


class PurgeDocument(Whole):
    purge: Purge


class Error(Shape):
    code: str
    message: str
    hint: str | None
    details: dict[str, object]


class ErrorDocument(Whole):
    error: Error
