"""What pages and modules see of people and tenants: values, never rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class PlatformView:
    """A platform as a request sees it."""

    id: int
    slug: str
    name: str


@dataclass(frozen=True, slots=True)
class VendorView:
    """A vendor as a request sees it."""

    id: int
    slug: str
    name: str
    platform_id: int
    created_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class UserView:
    """The person of a request; ``generation`` says how fresh the grants are. A token has id 0."""

    id: int
    email: str
    name: str
    generation: int
    locale: str | None = None
    timezone: str | None = None
