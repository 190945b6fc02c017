"""The documents about people, tokens, tenants and the instance, as ``openapi.json`` promises them."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import BaseModel

from console.web.api.shapes import AuditShape, Document, Facts, OperationShape


class PlatformShape(BaseModel):
    """A platform."""

    slug: str
    name: str
    revision: int
    created_at: datetime
    archived_at: datetime | None


class PlatformLine(PlatformShape):
    """A platform and what it has."""

    on: int
    vendors: int


class PlatformsDocument(Document):
    """Every platform, the archived ones too."""

    platforms: list[PlatformLine]


class NewPlatformDocument(Document):
    """A new platform, and the operation in which its modules come on."""

    platform: PlatformShape
    operation: OperationShape | None


class VendorShape(BaseModel):
    """A vendor."""

    slug: str
    name: str
    platform: str
    created_at: datetime


class HeldFeature(BaseModel):
    """A feature as a vendor has it."""

    code: str
    module: str
    on: bool
    in_tier: bool
    override: Facts | None


class HeldLimit(BaseModel):
    """A limit as a vendor has it; null: none, or not counted."""

    code: str
    module: str
    most: int | None
    used: int | None


class VendorDetails(VendorShape):
    """A vendor with what it has."""

    tier: str | None
    features: list[HeldFeature]
    limits: list[HeldLimit]


class VendorsDocument(Document):
    """The vendors of the platform."""

    vendors: list[VendorShape]


class VendorDocument(Document):
    """One vendor."""

    vendor: VendorShape


class VendorDetailsDocument(Document):
    """One vendor with what it has."""

    vendor: VendorDetails


class Fact(BaseModel):
    """One fact behind a feature's being on or off."""

    text: str
    source: str
    holds: bool


class FeatureDocument(Document):
    """Whether a vendor has a feature, and why."""

    vendor: str
    feature: str
    on: bool
    facts: list[Fact]


class PersonShape(BaseModel):
    """Somebody who works in a place.

    Attributes:
        roles: Built-in roles by their names, made ones by their ids.
    """

    id: str
    email: str
    name: str
    active: bool
    roles: list[str]


class PeopleDocument(Document):
    """Everybody who works there."""

    people: list[PersonShape]


class PersonDocument(Document):
    """One of them."""

    person: PersonShape


class InvitedDocument(PersonDocument):
    """Somebody who was let in; the password of a new account is told this once."""

    password: str | None


class RoleShape(BaseModel):
    """A role that admins made."""

    id: str
    name: str
    frontend: Literal["admin", "vendor"]
    permissions: list[str]
    holders: int


class RolesDocument(Document):
    """The made roles, and all permissions that one can be made of."""

    roles: list[RoleShape]
    permissions: dict[str, list[str]]


class RoleDocument(Document):
    """One made role."""

    role: RoleShape


class TokenShape(BaseModel):
    """A token without its text.

    Attributes:
        permissions: All that it may do; null: whatever its scope has.
    """

    id: str
    name: str
    platform: str | None
    vendor: str | None
    permissions: list[str] | None
    creator: str | None
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    last_used_at: datetime | None


class TokensDocument(Document):
    """Tokens, newest first."""

    tokens: list[TokenShape]


class TokenDocument(Document):
    """One token."""

    token: TokenShape


class NewTokenDocument(TokenDocument):
    """A new token; its text is told this once."""

    secret: str


class MenuStand(BaseModel):
    """An item of a menu where it stands."""

    key: str
    group: str
    hidden: bool
    mandatory: bool


class MenuDocument(Document):
    """The menu of one frontend, in its order."""

    platform: str
    revision: int
    frontend: Literal["admin", "vendor"]
    items: list[MenuStand]


class RoleHeld(BaseModel):
    """A built-in role with where it holds."""

    role: str
    platform: str | None
    vendor: str | None


class UserShape(BaseModel):
    """An account."""

    id: str
    email: str
    name: str
    active: bool
    has_password: bool
    created_at: datetime
    roles: list[RoleHeld]


class UsersDocument(Document):
    """Every account."""

    users: list[UserShape]


class UserDocument(Document):
    """One account."""

    user: UserShape


class NewUserDocument(UserDocument):
    """A new account; its password is told this once."""

    password: str


class LoginShape(BaseModel):
    """A session of an account."""

    id: str
    created_at: datetime
    last_seen_at: datetime
    expires_at: datetime
    address: str
    agent: str


class LoginsDocument(Document):
    """The sessions of an account, and what a login of it takes beside the password."""

    user: UserShape
    sessions: list[LoginShape]
    app_since: datetime | None
    passkeys: int
    codes_left: int


class RegistryLine(BaseModel):
    """An installed module, whatever is on where."""

    code: str
    name: str
    version: str
    kind: str
    source: str
    package: str
    state: Literal["loaded", "quarantined", "needs_migration", "startup_failed"]
    reason: str
    problems: list[str]
    on: int


class RegistryDocument(Document):
    """Every installed module in dependency order."""

    modules: list[RegistryLine]


class GraphDocument(Document):
    """What requires what."""

    reverse: bool
    modules: list[Facts]
    edges: list[Facts]


class BranchesDocument(Document):
    """How each branch of the migrations stands."""

    branches: list[Facts]


class SettingShape(BaseModel):
    """A setting in force; of a secret only what is harmless."""

    value: object
    source: str


class SettingsDocument(Document):
    """Every setting by its name."""

    settings: dict[str, SettingShape]


class PlatformAuditShape(AuditShape):
    """An entry with the slug of its platform."""

    platform: str | None


class InstanceAuditDocument(Document):
    """Entries of all platforms, and of what belongs to none."""

    entries: list[PlatformAuditShape]


class CatalogEntry(BaseModel):
    """A module as vendors find it."""

    code: str
    name: str
    description: str
    on: bool
    needs: list[str]
    request: Facts | None


class CatalogDocument(Document):
    """Everything that exists on the platform."""

    modules: list[CatalogEntry]


class CatalogModuleDocument(Document):
    """One module of it."""

    module: CatalogEntry
