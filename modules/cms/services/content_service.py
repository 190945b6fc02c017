"""Content pages: finding, writing, publishing and deleting them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from console.sdk import sanitize_html
from modules.cms.config import CMSConfig
from modules.cms.exceptions import PageLimit, SeoDisabled, SlugTaken, UnknownPage
from modules.cms.models import ContentPage
from modules.cms.schemas import PageIn

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of a list of content pages, by title."""

    items: Sequence[ContentPage]
    total: int
    number: int
    count: int


def slugify(title: str) -> str:
    """An address made of the title's letters and digits."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:180].strip("-") or "page"


def list_pages(session: Session, *, vendor_id: int | None = None, number: int = 1) -> Listing:
    """A list page of the tenant's content pages, of one vendor or of every vendor of the platform in scope."""
    counted = select(func.count()).select_from(ContentPage)
    query = select(ContentPage).order_by(ContentPage.title, ContentPage.id)
    if vendor_id is not None:
        counted = counted.where(ContentPage.vendor_id == vendor_id)
        query = query.where(ContentPage.vendor_id == vendor_id)
    total = session.scalars(counted).one()
    count = max(1, -(-total // PAGE_SIZE))
    number = min(max(number, 1), count)
    found = session.scalars(query.limit(PAGE_SIZE).offset((number - 1) * PAGE_SIZE))
    return Listing(list(found), total, number, count)


def get_page(session: Session, page_id: int, *, vendor_id: int | None = None) -> ContentPage:
    """One content page of the tenant.

    Raises:
        UnknownPage: There is none of that id, or it is somebody else's.
    """
    query = select(ContentPage).where(ContentPage.id == page_id)
    if vendor_id is not None:
        query = query.where(ContentPage.vendor_id == vendor_id)
    found = session.scalars(query).one_or_none()
    if found is None:
        raise UnknownPage(page_id)
    return found


def create_page(
    session: Session, vendor_id: int, *, wish: PageIn, config: CMSConfig, now: datetime, most: int | None = None
) -> ContentPage:
    """A new page of the vendor, not yet published.

    Args:
        most: How many pages the vendor's tier allows; None: as many as the configuration does.

    Raises:
        PageLimit: The vendor has as many pages as tier or ``max_pages_per_vendor`` allow.
        SlugTaken: Another page of the vendor has the address.
        SeoDisabled: Search engine texts were given although the platform has them switched off.
    """
    kept = select(func.count()).select_from(ContentPage).where(ContentPage.vendor_id == vendor_id)
    allowed = config.max_pages_per_vendor if most is None else min(most, config.max_pages_per_vendor)
    if session.scalars(kept).one() >= allowed:
        raise PageLimit(allowed)
    page = ContentPage(vendor_id=vendor_id, created_at=now, is_published=False)
    return _write(session, page, wish=wish, config=config, now=now)


def save_page(session: Session, page: ContentPage, *, wish: PageIn, config: CMSConfig, now: datetime) -> ContentPage:
    """The page with its new texts; raises what ``create_page`` raises about address and search engine texts."""
    return _write(session, page, wish=wish, config=config, now=now)


def set_published(page: ContentPage, *, published: bool, now: datetime) -> ContentPage:
    """The page, from now on published or not."""
    if page.is_published is not published:
        page.is_published = published
        page.updated_at = now
    return page


def delete_page(session: Session, page: ContentPage) -> None:
    """The page is gone."""
    session.delete(page)


def _write(session: Session, page: ContentPage, *, wish: PageIn, config: CMSConfig, now: datetime) -> ContentPage:
    slug = wish.slug or slugify(wish.title)
    taken = select(ContentPage.id).where(ContentPage.vendor_id == page.vendor_id, ContentPage.slug == slug)
    with session.no_autoflush:
        others = set(session.scalars(taken)) - {page.id}
    if others:
        raise SlugTaken(slug)
    if config.enable_seo:
        page.meta_title, page.meta_description = wish.meta_title, wish.meta_description
    elif wish.meta_title or wish.meta_description:
        raise SeoDisabled
    page.title = wish.title
    page.slug = slug
    page.content = str(sanitize_html(wish.content))
    page.language = wish.language or config.default_language
    page.updated_at = now
    try:
        with session.begin_nested():
            session.add(page)
    except IntegrityError as error:  # another request took the address in between
        raise SlugTaken(slug) from error
    return page
