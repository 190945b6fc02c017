"""The parameters that addresses of the API take in their query."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import BaseModel, Field

State = Literal["queued", "running", "failed", "succeeded", "kept", "undone", "cancelled"]
Kind = Literal["toggle", "undo", "create", "apply", "reconcile"]


class Paging(BaseModel):
    """Which part of a list."""

    limit: int = Field(default=50, ge=1, le=200, description="How many, from 1 to 200.")
    before: int | None = Field(default=None, ge=1, description="Only what is older than this id.")


class Limit(BaseModel):
    """How much of each list."""

    limit: int = Field(default=50, ge=1, le=200, description="How many of each, from 1 to 200.")


class SearchQuery(BaseModel):
    """What is looked for."""

    q: str = Field(default="", description="Words; without them what one might look for. What is behind 100 is cut.")
    limit: int = Field(default=20, ge=1, le=200, description="How many of each kind, from 1 to 200.")


class Filters(BaseModel):
    """What of the audit."""

    actor: str | None = Field(default=None, description="Only what they did.")
    action: str | None = Field(default=None, description="An action, or a family of them with its dot: vendors.")
    target: str | None = Field(default=None, description="A module, an address or a slug.")
    source: Literal["page", "cli", "api", "file", "system"] | None = Field(default=None, description="By which road.")
    q: str | None = Field(default=None, description="A text in it.")
    operation: int | None = Field(default=None, ge=1, description="The id of an operation.")
    since: date | None = Field(default=None, alias="from", description="The first day.")
    until: date | None = Field(default=None, alias="to", description="The last day.")


class AuditPaging(Paging, Filters):
    """Which entries."""


class InstanceFilters(Filters):
    """What of the audit of all platforms."""

    platform: str | None = Field(default=None, description="The slug of the only platform.")


class InstanceAuditPaging(Paging, InstanceFilters):
    """Which entries of all platforms."""


class OperationsPaging(Paging):
    """Which operations."""

    state: State | None = Field(default=None, description="Only those in this state.")
    kind: Kind | None = Field(default=None, description="Only those of this kind.")
    module: str | None = Field(default=None, description="Only those with a step for this module.")
    actor: str | None = Field(default=None, description="A part of who asked for them.")
    since: date | None = Field(default=None, alias="from", description="The first day.")
    until: date | None = Field(default=None, alias="to", description="The last day.")


class PlanQuery(BaseModel):
    """A change of one module."""

    want: Literal["on", "off"]
    cascade: Literal["true", "false"] = Field(default="true", description="Whether others may be switched with it.")
    prune: Literal["true", "false"] = Field(default="false", description="Whether what nothing needs goes off, too.")


class PlansQuery(BaseModel):
    """A change of several modules."""

    on: list[str] = Field(default_factory=list, description="Codes to switch on.")
    off: list[str] = Field(default_factory=list, description="Codes to switch off.")
    cascade: Literal["true", "false"] = Field(default="true", description="Whether others may be switched with them.")
    prune: Literal["true", "false"] = Field(default="false", description="Whether what nothing needs goes off, too.")


class TierQuery(BaseModel):
    """Another tier."""

    tier: str | None = Field(default=None, description="The code of the tier; without it: none.")


class FrontendQuery(BaseModel):
    """Whose menu."""

    frontend: Literal["admin", "vendor"] = "admin"


class GraphQuery(BaseModel):
    """Which way round."""

    reverse: Literal["true", "false"] = Field(default="false", description="What is needed by whom.")
