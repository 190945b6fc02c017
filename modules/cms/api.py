"""What other modules may use of the content module."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import func, select

from console.sdk import Figure, db, gettext
from modules.cms.models import ContentPage, Media

__all__ = ["figures", "usage"]


def figures(*, platform_id: int, vendor_id: int | None) -> Sequence[Figure]:
    """How many pages and pictures there are, and how many pages are published; ``platform_id`` is the scope already."""
    session = db.session()
    pages = select(func.count()).select_from(ContentPage)
    pictures = select(func.count()).select_from(Media)
    if vendor_id is not None:
        pages = pages.where(ContentPage.vendor_id == vendor_id)
        pictures = pictures.where(Media.vendor_id == vendor_id)
    return [
        Figure(gettext("cms.figures.pages"), session.scalars(pages).one()),
        Figure(gettext("cms.figures.published"), session.scalars(pages.where(ContentPage.is_published)).one()),
        Figure(gettext("cms.figures.media"), session.scalars(pictures).one()),
    ]


def usage(*, platform_id: int, vendor_id: int) -> Mapping[str, int]:
    """How many pages a vendor has; ``platform_id`` is the scope already."""
    pages = select(func.count()).select_from(ContentPage).where(ContentPage.vendor_id == vendor_id)
    return {"cms.pages": db.session().scalars(pages).one()}
