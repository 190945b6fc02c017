"""The closed vocabularies of the product; their values stand in tables, JSON and pages."""

from __future__ import annotations

from enum import StrEnum


class FrontendType(StrEnum):
    """Where pages live: the admins' console or the vendors' frontend."""

    ADMIN = "admin"
    VENDOR = "vendor"


class Kind(StrEnum):
    """What a module is to an admin: never off, switchable, or for admins only."""

    CORE = "core"
    OPTIONAL = "optional"
    INTERNAL = "internal"


class Origin(StrEnum):
    """Why a module is wanted the way it is."""

    EXPLICIT = "explicit"
    IMPLIED = "implied"
    DEFAULT = "default"
    CORE = "core"


class ModuleState(StrEnum):
    """What a module is on a platform right now."""

    DISABLED = "disabled"
    ENABLING = "enabling"
    ENABLED = "enabled"
    DISABLING = "disabling"
    FAILED = "failed"


class Action(StrEnum):
    """What a step does; ``configure`` changes only why a module is on (no hook, no event)."""

    ENABLE = "enable"
    DISABLE = "disable"
    CONFIGURE = "configure"


class OperationKind(StrEnum):
    """Where an operation comes from."""

    TOGGLE = "toggle"
    UNDO = "undo"
    CREATE = "create"
    APPLY = "apply"
    RECONCILE = "reconcile"


class OperationState(StrEnum):
    """How far an operation is; ``failed`` rests until somebody decides, the last four are ends."""

    QUEUED = "queued"
    RUNNING = "running"
    FAILED = "failed"
    SUCCEEDED = "succeeded"
    KEPT = "kept"
    UNDONE = "undone"
    CANCELLED = "cancelled"


OPEN_STATES = (OperationState.QUEUED, OperationState.RUNNING)


class StepState(StrEnum):
    """How far a step is."""

    PENDING = "pending"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    SKIPPED = "skipped"


class DeliveryState(StrEnum):
    """How far one subscriber's delivery, or a task's run, is."""

    PENDING = "pending"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    SKIPPED = "skipped"


class HealthStatus(StrEnum):
    """What a health check said; ``unknown`` when there is none or it has not run."""

    HEALTHY = "healthy"
    DEGRADED = "degraded"
    UNHEALTHY = "unhealthy"
    UNKNOWN = "unknown"


class ModuleEvent(StrEnum):
    """What modules and outside subscribers can hear."""

    ENABLED = "enabled"
    DISABLED = "disabled"
    CONFIG_CHANGED = "config_changed"


class Role(StrEnum):
    """The built-in roles, by the names that the command line takes."""

    INSTANCE_ADMIN = "instance-admin"
    PLATFORM_ADMIN = "platform-admin"
    PLATFORM_VIEWER = "platform-viewer"
    VENDOR_OWNER = "vendor-owner"
    VENDOR_MEMBER = "vendor-member"


class ConfigSource(StrEnum):
    """Where an effective value comes from; file and env lock the key."""

    DEFAULT = "default"
    PLATFORM = "platform"
    FILE = "file"
    ENV = "env"
