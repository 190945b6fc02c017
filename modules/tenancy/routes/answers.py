"""What tenancy answers in JSON, for openapi.json."""

from __future__ import annotations

from pydantic import BaseModel


class TenantOut(BaseModel):
    """A platform or a vendor."""

    id: str
    slug: str
    name: str


class NamedPlatform(BaseModel):
    """The platform of a vendor."""

    slug: str
    name: str


class PlatformAnswer(BaseModel):
    """A platform, its vendors and the modules that are on."""

    platform: TenantOut
    vendors: list[TenantOut]
    modules: list[str]


class VendorAnswer(BaseModel):
    """A vendor, its platform and the modules that it can use."""

    vendor: TenantOut
    platform: NamedPlatform
    modules: list[str]
