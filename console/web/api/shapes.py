"""The documents of the API, as ``openapi.json`` promises them; fields may be added, never renamed."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, Field

Facts = dict[str, object]


class Document(BaseModel):
    """Every document says by which schema it is written."""

    schema_number: Literal[1] = Field(alias="schema")


class Notice(BaseModel):
    """A warning or a block of a plan."""

    code: str
    module: str | None
    message: str
    hint: str | None


class PlannedStep(BaseModel):
    """One step of a plan, with why it is there."""

    module: str
    action: str
    reason: str
    hook: bool


class PlanDocument(Document):
    """What would happen; the digest names exactly this plan."""

    platform: str
    revision: int
    digest: str
    steps: list[PlannedStep]
    warnings: list[Notice]
    blocks: list[Notice]


class OperationStep(BaseModel):
    """One step of an operation."""

    position: int
    module: str
    action: str
    reason: str
    state: str
    attempts: int
    progress: Facts | None
    next_try_at: datetime | None
    error: Facts | None
    log: list[Facts] = Field(default_factory=list)


class OperationShape(BaseModel):
    """An accepted plan with its journal."""

    id: str
    platform: str
    kind: str
    state: str
    revision: int
    actor: str
    source: str
    note: str
    undoes: str | None
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    steps: list[OperationStep]


class OperationDocument(Document):
    """One operation; null when there was nothing to do."""

    operation: OperationShape | None


class OperationsDocument(Document):
    """Operations, newest first."""

    operations: list[OperationShape]


class GivenUpShape(BaseModel):
    """A delivery or a task that gave up."""

    id: str
    kind: str
    platform: str
    name: str
    event: str | None
    module: str | None
    state: str
    attempts: int
    error: str | None
    at: datetime | None


class GivenUpDocument(Document):
    """One of them."""

    given_up: GivenUpShape


class AllGivenUpDocument(Document):
    """What rests, the newest of each kind first."""

    given_up: list[GivenUpShape]


class ModuleShape(BaseModel):
    """A module with its state on the platform."""

    code: str
    name: str
    version: str
    kind: str
    wanted: bool
    state: str
    origin: str | None
    open: bool
    missing: bool
    requires: list[str]
    required_by: list[str]
    health: str
    problems: list[str]


class ModuleDetails(ModuleShape):
    """All that its definition says, and what of it is effective."""

    description: str
    source: str
    package: str
    tags: list[str]
    after: list[str]
    conflicts: list[str]
    features: list[Facts]
    menus: list[Facts]
    permissions: list[str]
    hooks: list[str]
    tables: list[str]


class ModulesDocument(Document):
    """Every module of the platform."""

    platform: str
    revision: int
    modules: list[ModuleShape]


class ModuleDocument(Document):
    """One module."""

    platform: str
    module: ModuleDetails


class ConfigValue(BaseModel):
    """A value with where it comes from; null for a secret."""

    value: object
    source: str
    default: object
    secret: bool
    locked: bool
    problem: str | None


class ConfigDocument(Document):
    """A module's configuration in force."""

    module: str
    platform: str
    revision: int
    values: dict[str, ConfigValue]
    problems: dict[str, str]


class ConfigRevisionShape(BaseModel):
    """One saved change, secrets masked."""

    revision: int
    at: datetime
    actor: str
    source: str
    note: str
    restores: int | None
    diff: Facts


class ConfigHistoryDocument(Document):
    """What was saved, newest first."""

    module: str
    platform: str
    revisions: list[ConfigRevisionShape]


class HealthShape(BaseModel):
    """A module's last report."""

    code: str
    status: str
    message: str
    details: Facts
    checked_at: datetime | None


class HealthDocument(Document):
    """The last reports."""

    modules: list[HealthShape]


class HealthAskedDocument(Document):
    """That a runner will check the module."""

    module: str
    asked: bool


class PurgeShape(BaseModel):
    """What a module keeps for the platform."""

    platform: str
    module: str
    confirm: str
    purged: bool
    rows: int
    tables: list[Facts]
    settings: int
    revisions: int
    export: str | None
    blocks: list[Facts]


class PurgeDocument(Document):
    """What would be deleted, or was."""

    purge: PurgeShape


class PurgeExport(Document):
    """The rows and settings of a module, by table."""

    tables: dict[str, list[Facts]]


class TierShape(BaseModel):
    """A tier: the features that vendors have by it, and their limits."""

    code: str
    name: str
    features: list[str]
    limits: dict[str, int]


class HeldTier(TierShape):
    """A tier and how many vendors have it."""

    vendors: int


class TiersDocument(Document):
    """The tiers of the platform."""

    tiers: list[HeldTier]


class TierDocument(Document):
    """One tier."""

    tier: TierShape


class DeletedDocument(Document):
    """What is gone."""

    deleted: str


class TierPlanShape(BaseModel):
    """What a vendor loses and wins; the digest names exactly this."""

    tier: str | None
    lost: list[str]
    won: list[str]
    limits: list[Facts]
    digest: str


class VendorTierDocument(Document):
    """A vendor's tier."""

    vendor: str
    tier: str | None
    plan: TierPlanShape | None = None


class RequestShape(BaseModel):
    """A module that a vendor asks for."""

    id: str
    vendor: str
    module: str
    note: str
    actor: str
    created_at: datetime
    answer: str | None
    answer_note: str
    answered_by: str | None
    answered_at: datetime | None


class RequestsDocument(Document):
    """The open requests, and the answered ones, newest first."""

    open: list[RequestShape]
    answered: list[RequestShape]


class DeclinedRequest(BaseModel):
    """The answer that the vendor reads."""

    id: str
    answer: str
    answer_note: str


class DeclinedDocument(Document):
    """A request that was answered with no."""

    request: DeclinedRequest


class AuditShape(BaseModel):
    """Who did what; of secrets nothing but that they changed."""

    id: str
    at: datetime
    actor: str
    source: str
    action: str
    target: str
    reason: str
    request_id: str | None
    operation: str | None
    before: Facts | None
    after: Facts | None
    count: int


class AuditDocument(Document):
    """Entries of the audit."""

    entries: list[AuditShape]
