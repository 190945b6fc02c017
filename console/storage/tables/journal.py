"""The journal: operations with their steps, deliveries of events, and runs of tasks."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from console.domain.words import (
    Action,
    DeliveryState,
    ModuleEvent,
    ModuleState,
    OperationKind,
    OperationState,
    Origin,
    StepState,
)
from console.storage.base import Base
from console.storage.types import BigKey, Json, UTCDateTime, words


class Operation(Base):
    """An accepted plan; ``revision`` is the platform's after acceptance."""

    __tablename__ = "operations"
    __table_args__ = (Index(None, "platform_id", "state"), Index(None, "platform_id", "id"))

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    platform_id: Mapped[int] = mapped_column(ForeignKey("platforms.id"))
    kind: Mapped[OperationKind] = mapped_column(words(OperationKind))
    state: Mapped[OperationState] = mapped_column(words(OperationState))
    revision: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64))
    request: Mapped[dict[str, object]] = mapped_column(Json)  # the ChangeRequest, for the page
    undoes_id: Mapped[int | None] = mapped_column(ForeignKey("operations.id"))
    note: Mapped[str] = mapped_column(String(500), default="")
    actor: Mapped[str] = mapped_column(String(254))
    source: Mapped[str] = mapped_column(String(20))
    request_id: Mapped[str | None] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime(), index=True)
    started_at: Mapped[datetime | None] = mapped_column(UTCDateTime())
    finished_at: Mapped[datetime | None] = mapped_column(UTCDateTime())


class OperationStep(Base):
    """One step of an operation; ``attempts`` fences: only the holder of the newest attempt may finish it."""

    __tablename__ = "operation_steps"
    __table_args__ = (UniqueConstraint("operation_id", "position"), Index(None, "state", "lease_until"))

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    operation_id: Mapped[int] = mapped_column(ForeignKey("operations.id"))
    position: Mapped[int]
    module: Mapped[str] = mapped_column(String(64))
    action: Mapped[Action] = mapped_column(words(Action))
    reason: Mapped[str] = mapped_column(String(100))
    origin: Mapped[Origin | None] = mapped_column(words(Origin))  # the row's origin afterwards
    hook: Mapped[bool]
    state: Mapped[StepState] = mapped_column(words(StepState))
    attempts: Mapped[int] = mapped_column(default=0)  # counted tries of the hook (NotReady costs none)
    fence: Mapped[int] = mapped_column(default=0)  # +1 with each claim
    worker: Mapped[str | None] = mapped_column(String(100))
    lease_until: Mapped[datetime | None] = mapped_column(UTCDateTime())
    next_try_at: Mapped[datetime | None] = mapped_column(UTCDateTime())
    waiting_since: Mapped[datetime | None] = mapped_column(UTCDateTime())  # first NotReady
    progress_done: Mapped[int | None]
    progress_total: Mapped[int | None]
    progress_text: Mapped[str] = mapped_column(String(200), default="")
    error_class: Mapped[str | None] = mapped_column(String(100))
    error_message: Mapped[str | None] = mapped_column(Text)
    error_traceback: Mapped[str | None] = mapped_column(Text)
    error_field: Mapped[str | None] = mapped_column(String(100))  # ConfigInvalid: the field to mend
    before_wanted: Mapped[bool] = mapped_column(default=False)
    before_origin: Mapped[Origin | None] = mapped_column(words(Origin))
    before_state: Mapped[ModuleState] = mapped_column(words(ModuleState))
    started_at: Mapped[datetime | None] = mapped_column(UTCDateTime())
    finished_at: Mapped[datetime | None] = mapped_column(UTCDateTime())


class StepLine(Base):
    """One line that a hook said while it ran: its progress, what it logged, why a try ended."""

    __tablename__ = "operation_step_lines"
    __table_args__ = (Index(None, "step_id", "id"),)

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    step_id: Mapped[int] = mapped_column(ForeignKey("operation_steps.id"))
    attempt: Mapped[int]
    at: Mapped[datetime] = mapped_column(UTCDateTime())
    level: Mapped[str] = mapped_column(String(10))  # of the log record; "progress" for progress()
    text: Mapped[str] = mapped_column(String(500))


class Delivery(Base):
    """One event for one subscriber: durable, retried by itself, visible."""

    __tablename__ = "deliveries"
    __table_args__ = (Index(None, "state", "next_try_at"),)

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    event: Mapped[ModuleEvent] = mapped_column(words(ModuleEvent))
    module: Mapped[str] = mapped_column(String(64))
    platform_id: Mapped[int] = mapped_column(ForeignKey("platforms.id"), index=True)
    subscriber: Mapped[str] = mapped_column(String(200))  # dotted name of the function
    owner: Mapped[str | None] = mapped_column(String(64))  # the subscriber's module; None: outside any module
    operation_id: Mapped[int | None] = mapped_column(ForeignKey("operations.id"))
    actor: Mapped[str] = mapped_column(String(254))
    data: Mapped[dict[str, object]] = mapped_column(Json)
    occurred_at: Mapped[datetime] = mapped_column(UTCDateTime())
    state: Mapped[DeliveryState] = mapped_column(words(DeliveryState))
    attempts: Mapped[int] = mapped_column(default=0)
    fence: Mapped[int] = mapped_column(default=0)
    lease_until: Mapped[datetime | None] = mapped_column(UTCDateTime())
    next_try_at: Mapped[datetime | None] = mapped_column(UTCDateTime())
    error: Mapped[str | None] = mapped_column(Text)
    finished_at: Mapped[datetime | None] = mapped_column(UTCDateTime())


class TaskRun(Base):
    """One run of a module's task on one platform; its arguments are JSON."""

    __tablename__ = "task_runs"
    __table_args__ = (Index(None, "state", "next_try_at"), UniqueConstraint("task", "platform_id", "slot"))

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    task: Mapped[str] = mapped_column(String(200))  # dotted name of the function
    module: Mapped[str | None] = mapped_column(String(64))
    platform_id: Mapped[int] = mapped_column(ForeignKey("platforms.id"), index=True)
    slot: Mapped[str | None] = mapped_column(String(32))  # periodic: the minute it stands for, once per platform
    arguments: Mapped[dict[str, object]] = mapped_column(Json)
    after_off: Mapped[bool] = mapped_column(default=False)  # enqueued by on_disable or DISABLED: runs although off
    state: Mapped[DeliveryState] = mapped_column(words(DeliveryState))
    attempts: Mapped[int] = mapped_column(default=0)
    fence: Mapped[int] = mapped_column(default=0)
    lease_until: Mapped[datetime | None] = mapped_column(UTCDateTime())
    next_try_at: Mapped[datetime | None] = mapped_column(UTCDateTime())
    error: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime())
    finished_at: Mapped[datetime | None] = mapped_column(UTCDateTime())
