"""The console branch's tables; importing this package registers all of them."""

from console.storage.tables.access import ApiToken, Membership, SetupClaim, User, WebSession
from console.storage.tables.audit import AuditChain, AuditEntry
from console.storage.tables.config import ConfigRevision, ModuleConfig
from console.storage.tables.journal import Delivery, Operation, OperationStep, StepLine, TaskRun
from console.storage.tables.pages import MenuPlace, ModuleRequest
from console.storage.tables.people import LoginThrottle, Passkey, RecoveryCode, SpentProof, TotpSecret
from console.storage.tables.queue import huey_kv, huey_queue, huey_schedule
from console.storage.tables.roles import MadeRole, RoleHolder, RolePermission
from console.storage.tables.system import HealthReport, InstanceMeta, MigrationLedger, Runner, StoredAnswer
from console.storage.tables.tenants import ModuleRow, Platform, Vendor
from console.storage.tables.tiers import FeatureOverride, TierFeature, TierLimit, TierRow, VendorTier

__all__ = [
    "ApiToken",
    "AuditChain",
    "AuditEntry",
    "ConfigRevision",
    "Delivery",
    "FeatureOverride",
    "HealthReport",
    "InstanceMeta",
    "LoginThrottle",
    "MadeRole",
    "Membership",
    "MenuPlace",
    "MigrationLedger",
    "ModuleConfig",
    "ModuleRequest",
    "ModuleRow",
    "Operation",
    "OperationStep",
    "Passkey",
    "Platform",
    "RecoveryCode",
    "RoleHolder",
    "RolePermission",
    "Runner",
    "SetupClaim",
    "SpentProof",
    "StepLine",
    "StoredAnswer",
    "TaskRun",
    "TierFeature",
    "TierLimit",
    "TierRow",
    "TotpSecret",
    "User",
    "Vendor",
    "VendorTier",
    "WebSession",
    "huey_kv",
    "huey_queue",
    "huey_schedule",
]
