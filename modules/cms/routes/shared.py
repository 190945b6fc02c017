"""What the views of both frontends share."""

from __future__ import annotations

from dataclasses import dataclass

from flask import request, url_for

from console.sdk import current_platform, db, module_service
from modules.cms.config import CMSConfig
from modules.cms.schemas import PageOut
from modules.cms.services.content_service import Listing, list_pages


@dataclass(frozen=True, slots=True)
class Pager:
    """Where the neighbours of a list page are."""

    number: int
    count: int
    previous_url: str | None
    next_url: str | None


def config() -> CMSConfig:
    """The module's configuration on the platform of this request."""
    return CMSConfig.model_validate(module_service.get_module_config(db, current_platform.id, "cms"))


def asked(vendor_id: int | None) -> Listing:
    """The list page that the query string asks for."""
    return list_pages(db.session(), vendor_id=vendor_id, number=request.args.get("page", 1, type=int))


def pager(found: Listing) -> Pager:
    """The pager of a list page."""

    def at(number: int) -> str | None:
        return url_for(".content_pages", page=number) if 1 <= number <= found.count else None

    return Pager(found.number, found.count, at(found.number - 1), at(found.number + 1))


def as_json(found: Listing) -> dict[str, object]:
    """A list page in JSON."""
    return {
        "pages": [PageOut.of(each).model_dump(mode="json") for each in found.items],
        "page": found.number,
        "count": found.count,
    }
