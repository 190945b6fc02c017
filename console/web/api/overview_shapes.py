"""The documents of search and of the first pages, as ``openapi.json`` promises them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from pydantic import BaseModel

from console.services.activity import Measure
from console.web.api.people_shapes import PlatformAuditShape
from console.web.api.shapes import AuditShape, Document, OperationShape, RequestShape


class HitShape(BaseModel):
    """Something that was found, and the page where it is.

    Attributes:
        key: A code, a slug, an operation's id, somebody's address or the key of a menu item; of an action what it does
            to what: ``enable:orders``.
    """

    key: str
    label: str
    detail: str
    url: str


class HitsShape(BaseModel):
    """The best of one kind, and how many more there are."""

    name: Literal["recent", "modules", "pages", "actions", "platforms", "vendors", "people"]
    title: str
    left: int
    entries: list[HitShape]


class SearchDocument(Document):
    """What answers the words, the best kind first; without words what one might look for."""

    q: str
    groups: list[HitsShape]


class CountsShape(BaseModel):
    """The counters of a platform."""

    modules: int
    on: int
    attention: int
    busy: int
    vendors: int


class AttentionShape(BaseModel):
    """A module that needs a look.

    Attributes:
        state: How it stands; ``on`` when only its health is bad.
    """

    module: str
    name: str
    state: str
    health: str
    text: str
    detail: str


class OnShape(BaseModel):
    """A module that is on."""

    module: str
    name: str
    description: str
    health: str


class ActivityShape(BaseModel):
    """A measure with its number on each day."""

    measure: Measure
    total: int
    counts: list[int]


class DaysShape(BaseModel):
    """What happened day by day, the oldest first."""

    days: list[date]
    series: list[ActivityShape]


class ActiveVendorShape(BaseModel):
    """A vendor that is new or was active lately."""

    slug: str
    name: str
    created_at: datetime
    seen_at: datetime | None


class OverviewDocument(Document):
    """A platform at a glance; null is what the token or the person may not see."""

    platform: str
    has_runner: bool
    counts: CountsShape
    attention: list[AttentionShape]
    on: list[OnShape]
    activity: DaysShape
    vendors: list[ActiveVendorShape] | None
    new_vendors: int | None
    operations: list[OperationShape] | None
    given_up: int | None
    changes: list[AuditShape] | None


class PlatformStanding(BaseModel):
    """A platform with what counts on it."""

    slug: str
    name: str
    on: int
    vendors: int
    attention: int
    running: int


class FindingShape(BaseModel):
    """Something to look at.

    Attributes:
        module: Null: it is about the audit.
        platform: Null: it is about the installation, whatever is on.
    """

    module: str | None
    platform: str | None
    trouble: str
    text: str
    detail: str
    operation: str | None


class InstanceOverviewDocument(Document):
    """The instance at a glance."""

    has_runner: bool
    modules: int
    vendors: int
    platforms: list[PlatformStanding]
    attention: list[FindingShape]
    left: int
    running: list[OperationShape]
    changes: list[PlatformAuditShape]


class LinkShape(BaseModel):
    """A page of a module."""

    label: str
    url: str


class CardShape(BaseModel):
    """A module that is on, with its pages; ``since`` says when it came on, when that is new for the vendor."""

    module: str
    name: str
    description: str
    since: datetime | None
    pages: list[LinkShape]


class HomeDocument(Document):
    """What a vendor has, what is new, what became of its requests, and what else there is."""

    vendor: str
    platform: str
    modules: list[CardShape]
    requests: list[RequestShape]
    off: list[str]
